// A person at the console: reads pages, fills forms, presses buttons.
//
// A form is named by its own id, which every form carries behind the dot of `request_id`, and fields by
// their names: the same walk works in either language.

import assert from 'node:assert/strict';

import { openPage } from './browser.mjs';

/** Opens the one-time link and creates the administrator and the first duty officer. */
export async function setUp(t, browser, node, { admin, officer }, options = {}) {
  const page = await openPage(t, browser, node.setupLink, options);
  const person = new Person(page);
  await person.send('setup', {
    admin_name: admin.name,
    admin_display: admin.display,
    admin_password: admin.password,
    officer_name: officer.name,
    officer_display: officer.display,
    officer_password: officer.password,
  });
  return person;
}

/** The administrator invites somebody, who follows the link and chooses a password. */
export async function invite(t, browser, admin, who, role, bodies) {
  await admin.go('/users');
  await admin.send('user', { name: who.name, display_name: who.display, role, body: bodies });
  const [link] = (await admin.page.locator('main').innerHTML()).match(/http[^"<\s]*\/link\/[^"<\s]+/);
  const invited = new Person(await openPage(t, browser, link));
  await invited.send('link', { password: who.password, password_again: who.password });
}

/** Opens the console in a session of its own and signs somebody in. */
export async function signIn(t, browser, node, { name, password }, options = {}) {
  const person = new Person(await openPage(t, browser, `${node.url}/sign-in`, options));
  await person.send('sign-in', { name, password });
  return person;
}

/** Somebody with a page. */
export class Person {
  constructor(page) {
    this.page = page;
  }

  /** Goes to a path of the console; anything but an answer 200 fails. */
  async go(path) {
    const answer = await this.page.goto(path);
    assert.equal(answer.status(), 200, `${path}\n${await this.read()}`);
  }

  /** What stands in the main part of the page. */
  async read() {
    return this.page.locator('main').innerText();
  }

  /** The form with this id. */
  form(id) {
    return this.page.locator(`form:has(input[name=request_id][value$=".${id}"])`);
  }

  /**
   * Fills a form as it stands on the page, sends it, and waits for the page after it.
   *
   * A value is a text, or a list where several may be chosen. `button` names the button to press by its
   * value, where there are several.
   */
  async send(id, values, { button } = {}) {
    const answer = await this.#submit(id, values, button);
    const said = this.page.locator('[role=alert]');
    const why = (await said.count()) > 0 ? await said.first().innerText() : '';
    assert.ok(answer.status() < 400, `form ${id}: ${answer.status()} ${why}`);
  }

  /** The same for a form that is refused; returns what the page says of it. */
  async sendRefused(id, values, { button } = {}) {
    const answer = await this.#submit(id, values, button);
    assert.ok(answer.status() >= 400, `form ${id} was accepted: ${answer.status()}`);
    return this.page.locator('[role=alert]').first().innerText();
  }

  async #submit(id, values, button) {
    const form = this.form(id);
    assert.equal(await form.count(), 1, `form ${id} on ${this.page.url()}:\n${await this.read()}`);
    await reveal(form);
    for (const [name, value] of Object.entries(values)) await fill(form, name, value);
    const press = form.locator(button === undefined ? 'button:not([type=button])' : `button[value="${button}"]`);
    const asked = (await form.getAttribute('data-confirm')) !== null;
    const sent = this.page.waitForResponse((response) => response.request().method() === 'POST');
    const loaded = this.page.waitForEvent('load'); // Every form answers with a page, accepted or refused.
    await press.last().click();
    // What cannot be undone is asked once more.
    if (asked) await this.page.locator('#confirm button[value=yes]').click();
    const answer = await sent;
    await loaded;
    return answer;
  }
}

/** Opens what the form is folded into. */
async function reveal(form) {
  const folds = form.locator('xpath=ancestor::details[not(@open)]');
  for (let left = await folds.count(); left > 0; left -= 1) await folds.first().locator('> summary').click();
}

async function fill(form, name, value) {
  const field = form.locator(`[name="${name}"]`);
  assert.ok((await field.count()) > 0, `no field ${name}`);
  const kind = await field.first().evaluate((element) => element.type);
  if (kind === 'radio' || kind === 'checkbox') {
    for (const one of [value].flat()) await form.locator(`[name="${name}"][value="${one}"]`).check();
  } else if (kind.startsWith('select')) {
    await field.selectOption(value);
  } else if (kind === 'file') {
    await field.setInputFiles(value);
  } else {
    await field.fill(value);
  }
}
