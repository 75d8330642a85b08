"use strict";
// The console's script: everything here only helps; every page works without it.
// Time: the browser's clock is never trusted, only how far it has moved since the page was made.
(() => {
  const { body, documentElement: root } = document;
  const words = body.dataset;
  const $ = (selector, from = document) => from.querySelector(selector);
  const $$ = (selector, from = document) => [...from.querySelectorAll(selector)];
  let skew = Date.parse(words.now) - Date.now();
  const now = () => Date.now() + skew;

  // Countdowns, once a second. Timers are silent for screen readers; a change of state arrives with
  // the refreshed region.
  const two = (n) => String(n).padStart(2, "0");
  function span(ms) {
    const s = Math.floor(Math.abs(ms) / 1000);
    const clock = [Math.floor(s / 3600) % 24, Math.floor(s / 60) % 60, s % 60].map(two).join(":");
    return s >= 86400 ? `${Math.floor(s / 86400)} ${words.day} ${clock}` : clock;
  }
  function tick() {
    for (const count of $$("[data-due]")) {
      const left = Date.parse(count.dataset.due) - now();
      const text = span(left);
      if (count.textContent !== text) count.textContent = text;
      const running = count.closest(".left-running, .left-soon");
      if (left <= 0 && running && !count.dataset.rang) {
        count.dataset.rang = "1";
        refreshSoon();
      }
    }
  }

  // "3 minutes ago", twice a minute.
  const relative = new Intl.RelativeTimeFormat(root.lang, { numeric: "auto" });
  const UNITS = [["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];
  function relate() {
    for (const time of $$("time[data-rel]")) {
      const s = Math.round((Date.parse(time.dateTime) - now()) / 1000);
      const [unit, size] = UNITS.find(([, size]) => Math.abs(s) >= size) || UNITS[3];
      time.textContent = relative.format(Math.trunc(s / size), unit);
    }
  }

  // Live regions: fetch this page again and swap what changed, keeping focus, open details and
  // anything being typed.
  let waiting = 0, lastGood = Date.now();
  const stale = $("#stale");
  function refreshSoon() {
    clearTimeout(waiting);
    waiting = setTimeout(refresh, 250);
  }
  function touched(field) {
    if (field.type === "radio" || field.type === "checkbox") return field.checked !== field.defaultChecked;
    if (field.options) return field.selectedIndex !== Math.max(0, [...field.options].findIndex((option) => option.defaultSelected));
    return field.type !== "hidden" && field.value !== field.defaultValue;
  }
  function editing(region) {
    return $$("input, textarea, select", region).some((field) => field === document.activeElement || touched(field));
  }
  function swap(old, fresh) {
    if (old.innerHTML === fresh.innerHTML || editing(old)) return;
    const active = old.contains(document.activeElement) ? document.activeElement : null;
    const open = $$("details[open][id]", old).map((details) => details.id);
    old.innerHTML = fresh.innerHTML;
    for (const id of open) document.getElementById(id)?.setAttribute("open", "");
    if (active) (active.id && document.getElementById(active.id) || $(`a[href="${CSS.escape(active.getAttribute("href") || "-")}"]`, old))?.focus();
  }
  async function refresh() {
    try {
      const answer = await fetch(location.href, { headers: { "Fengsui-Live": "1" }, credentials: "same-origin" });
      if (!answer.ok || answer.redirected) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      skew = Date.parse(page.body.dataset.now) - Date.now();
      for (const region of $$("[data-live][id]")) {
        const fresh = page.getElementById(region.id);
        if (fresh) swap(region, fresh);
      }
      document.title = page.title;
      const mark = $(".side .brand"), lit = $(".side .brand", page);
      if (mark && lit) mark.className = lit.className;
      $$(".side nav a").forEach((link) => {
        const twin = $(`.side nav a[href="${link.getAttribute("href")}"]`, page);
        if (twin && twin.innerHTML !== link.innerHTML) link.innerHTML = twin.innerHTML;
      });
      alive();
      tick();
      relate();
    } catch { /* the stale line says it */ }
  }
  function alive() {
    lastGood = Date.now();
    if (stale && !stale.hidden) {
      stale.textContent = words.fresh;
      setTimeout(() => { stale.hidden = true; }, 3000);
    }
  }
  // Only a page that is seen listens: a browser has few connections for one node, and many tabs.
  function listen() {
    let stream, opened = false;
    function open() {
      stream = new EventSource(words.changes);
      stream.onopen = () => { if (opened) refreshSoon(); opened = true; alive(); };
      stream.onmessage = () => { alive(); refreshSoon(); };
      for (const name of ["changed", "behind"]) stream.addEventListener(name, () => { alive(); refreshSoon(); });
    }
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) stream?.close();
      else { lastGood = Date.now(); open(); }
    });
    if (!document.hidden) open();
    setInterval(() => {
      if (document.hidden) return undefined;
      if (stream?.readyState === EventSource.OPEN) return alive();
      if (Date.now() - lastGood > 15000 && stale) { stale.hidden = false; stale.textContent = words.stale; }
      if (stream?.readyState === EventSource.CLOSED) refreshSoon();
    }, 5000);
  }
  if (words.changes && "EventSource" in window) listen();
  setInterval(tick, 1000);
  setInterval(relate, 30000);
  tick();
  $("[data-focus]")?.focus();

  // Single-key shortcuts: off in fields, off while an input method composes, off by choice.
  if ("keys" in words) {
    const GO = { d: "/", e: "/events", i: "/incidents" };
    let prefix = 0;
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && location.hash === "#menu") location.hash = "main";
      if (event.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.target.closest("input, textarea, select, [contenteditable], dialog")) return;
      const key = event.key.toLowerCase();
      if (prefix && Date.now() - prefix < 1500 && GO[key]) location.href = GO[key];
      prefix = key === "g" ? Date.now() : 0;
      if (key === "n") location.href = "/events/new";
      else if (key === "?") $("#keys")?.showModal();
      else if (key === "/") { event.preventDefault(); ($("main input[type=search]") || $("input[type=search]"))?.focus(); }
      else if (key === "j" || key === "k") {
        const rows = $$("[data-row] [data-main]");
        const at = rows.findIndex((row) => row.closest("[data-row]").contains(document.activeElement));
        (rows[at + (key === "j" ? 1 : -1)] || rows[key === "j" ? 0 : rows.length - 1])?.focus();
      }
    });
  }
})();
