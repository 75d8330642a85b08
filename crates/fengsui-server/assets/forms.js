"use strict";
// Forms: ask before what cannot be undone, send once, warn before typed text is lost. Every form
// works without this.
(() => {
  const $$ = (selector, from = document) => [...from.querySelectorAll(selector)];
  const confirmation = document.getElementById("confirm");
  let leaving = false;
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method === "dialog") return;
    if (form.dataset.confirm && !form.dataset.sure) {
      event.preventDefault();
      document.getElementById("confirm-text").textContent = form.dataset.confirm;
      confirmation.returnValue = "";
      confirmation.addEventListener("close", () => {
        if (confirmation.returnValue !== "yes") return;
        form.dataset.sure = "1";
        form.requestSubmit(event.submitter);
      }, { once: true });
      confirmation.showModal();
      return;
    }
    leaving = true;
    // After this turn, so that the pressed button's own value is still sent.
    setTimeout(() => $$("button", form).forEach((button) => { button.disabled = true; }));
  });
  window.addEventListener("pageshow", () => {
    leaving = false;
    $$("form button[disabled]").forEach((button) => { button.disabled = false; });
  });
  window.addEventListener("beforeunload", (event) => {
    const typed = $$("form[data-keep] :is(input:not([type=hidden]), textarea)").some((field) =>
      field.type === "checkbox" || field.type === "radio" ? field.checked !== field.defaultChecked : field.value !== field.defaultValue);
    if (typed && !leaving) event.preventDefault();
  });
  // A link to something inside closed details opens them.
  function reveal() {
    const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (let at = target; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
    if (target) for (const details of $$(":scope > details:first-of-type", target)) details.open = true;
  }
  addEventListener("hashchange", reveal);
  reveal();
})();
