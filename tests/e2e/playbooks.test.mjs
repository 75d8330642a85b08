// A defaced website under the e-government plan: the playbook is worked at night by three people, urgent first,
// held at its gate, and brought to its end; a machine room runs without protection for a while. Then the new pages
// by axe-core, in both languages and themes, at a desk's and a phone's width.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { loose, violations } from './harness/axe.mjs';
import { openBrowser, SCREENS } from './harness/browser.mjs';
import { startNode } from './harness/node.mjs';
import { invite, setUp, signIn } from './harness/person.mjs';
import { shot } from './harness/shots.mjs';

const PLAN = 'jincheng-egov-2008';
const ADMIN = { name: 'admin', display: 'Administrator', password: 'beacon tower 1, of five' };
const OFFICER = { name: 'officer', display: 'Wang Fang', password: 'beacon tower 2, of five' };
const UNIT = { name: 'zhang', display: 'Zhang Wei', password: 'beacon tower 3, of five' };
const LEAD = { name: 'li', display: 'Li Na', password: 'beacon tower 4, of five' };
const POLICE = { name: 'chen', display: 'Chen Jie', password: 'beacon tower 5, of five' };

/** The unit's desk and hands, its security lead, and the police: three people, as the plan wants. */
async function people(t, browser, node) {
  const admin = await setUp(t, browser, node, { admin: ADMIN, officer: OFFICER });
  const hands = ['unit-duty-officer', 'technician', 'information-centre'];
  await invite(t, browser, admin, UNIT, ['duty-officer', 'commander'], hands);
  await invite(t, browser, admin, LEAD, ['duty-officer', 'commander'], ['unit-security-lead']);
  await invite(t, browser, admin, POLICE, ['duty-officer'], ['cyber-police']);
  const refused = { expected: [/status of 4\d\d/] }; // One form is sent to be refused.
  return {
    unit: await signIn(t, browser, node, UNIT),
    lead: await signIn(t, browser, node, LEAD, refused),
    police: await signIn(t, browser, node, POLICE),
  };
}

/** Records an event and judges it an incident under the plan; returns the incident's page. */
async function incident(unit, title, category) {
  await unit.go('/events/new');
  await unit.send('event', { title, source: 'report', unit: 'A city bureau' });
  await unit.go(`${new URL(unit.page.url()).pathname}?plan=${PLAN}`);
  await unit.send('triage-incident', { title, category, level: 'IV' });
  return new URL(unit.page.url()).pathname;
}

/** Starts a playbook; what it returns names a form of a step. */
async function start(unit, tab, playbook, what) {
  await unit.go(tab);
  await unit.send(`start-${playbook}`, { what });
  const run = await unit.page.locator('section.run').first().getAttribute('id');
  return (form, step) => `${form}-${run.replace('run-', '')}-${step}`;
}

/** The headings of the steps whose turn has come, as one text. */
function now(person) {
  return person.page.locator('.now-steps').first().innerText();
}

/** Goes to the tab and says that steps were done. */
async function done(person, tab, form, steps) {
  await person.go(tab);
  for (const step of steps) await person.send(form('do', step), { result: 'As the card says' });
}

/** 5.2, from the alarm to the hardening. */
async function defacement({ unit, lead, police }, tab) {
  const form = await start(unit, tab, 'website-tampering', 'portal.example');
  assert.match(await now(unit), /Tell the unit security lead at once[\s\S]*Report to the cyber police at once/);
  await shot(unit.page, 'playbook-started');
  assert.equal(await unit.form(form('do', 'disconnect')).count(), 0, 'the reports come first');
  await unit.send(form('swap', 'disconnect'), { reason: 'The page insults the city and spreads' });
  await done(unit, tab, form, ['disconnect', 'tell-lead', 'report-police', 'report-office']);
  await done(lead, tab, form, ['lead-on-scene']);
  await done(police, tab, form, ['police-on-scene']);

  await unit.go(tab);
  assert.match(await now(unit), /Waits for another body[\s\S]*The cyber police have taken data samples/);
  for (const offered of ['do', 'gate', 'waive']) {
    assert.equal(await unit.form(form(offered, 'clean')).count(), 0, `${offered}: not the technician's`);
  }
  await shot(unit.page, 'playbook-held');
  await lead.go(tab);
  const refused = await lead.sendRefused(form('gate', 'clean'), { spoke: ' ' });
  assert.match(refused, /Who said so/, 'whoever records it for the police says who spoke');
  await police.go(tab);
  await police.send(form('gate', 'clean'), { text: 'Two disk images taken' });
  await done(unit, tab, form, ['clean', 'strengthen', 'reopen', 'support']);
  await done(police, tab, form, ['trace']);
  await police.send(form('answer', 'serious'), { branch: 'no-crime', grounds: 'A minor' });
  await done(unit, tab, form, ['summarise']);
  await done(unit, tab, form, ['file', 'harden']);
  const over = await unit.page.locator('#ended').innerText();
  assert.match(over, /Completed[\s\S]*portal\.example[\s\S]*16 of 16/);
  await unit.page.locator('#ended summary').click();
  await shot(unit.page, 'playbook-ended');
}

/** 5.5.b: the band stands on every page of the incident until protection is back. */
async function withoutProtection({ unit }, page) {
  const tab = `${page}/playbooks`;
  const form = await start(unit, tab, 'machine-room', 'Rack 4');
  assert.match(await unit.page.locator('section.run').innerText(), /People before things/);
  await unit.send(form('answer', 'cause'), { branch: 'ups', grounds: 'The display says so' });
  await done(unit, tab, form, ['ups-bypass']);
  await unit.go(page);
  assert.match(await unit.page.locator('.standing').innerText(), /Running without the uninterruptible supply \d\d:\d\d:\d\d/);
  return tab;
}

/** The page follows what others do, and leaves alone what is being typed. */
async function livePage({ unit, lead }, tab) {
  const form = await start(unit, tab, 'website-tampering', 'www.example');
  const mine = unit.form(form('do', 'tell-lead')).locator('textarea');
  await mine.fill('Reached at 03:12');
  const runs = unit.page.locator('section.run');
  await start(lead, tab, 'website-tampering', 'mail.example');
  // Three reports are due at once in each run; the head with their number is swapped together with the runs.
  await unit.page.locator('.tabs .n', { hasText: '6' }).waitFor();
  assert.equal(await mine.inputValue(), 'Reached at 03:12');
  assert.equal(await runs.count(), 1, 'not while somebody types');
  await mine.fill('');
  await unit.page.locator('h1').first().click();
  await lead.go(tab);
  await lead.send(form('swap', 'disconnect'), { reason: 'It spreads' });
  await lead.send(form('do', 'disconnect'), { result: 'Cut at the switch' });
  await unit.page.locator(`#step${form('', 'disconnect')}`).waitFor({ state: 'detached' });
  assert.equal(await runs.count(), 2);
}

/** The new pages with everything unfolded, by axe-core; nothing wider than the screen; and a card on paper. */
async function everyPage(t, browser, node, pages) {
  const problems = [];
  for (const [lang, theme, screen, who] of [
    ['zh-CN', 'light', 'desk', UNIT], ['zh-CN', 'dark', 'phone', LEAD], ['en', 'light', 'phone', UNIT], ['en', 'dark', 'desk', LEAD],
  ]) {
    const person = await signIn(t, browser, node, who, { lang, theme, screen: SCREENS[screen] });
    for (const [address, name] of pages) {
      await person.go(address);
      await person.page.evaluate(() => document.querySelectorAll('main details').forEach((fold) => { fold.open = true; }));
      const where = `${address} in ${lang}, ${theme}, ${screen}`;
      await shot(person.page, `${name}.${lang}.${theme}.${screen}`);
      for (const found of [...await violations(person.page), ...await loose(person.page)]) problems.push(`${where}: ${found}`);
      const [wide, inner] = await person.page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
      if (wide > inner) problems.push(`${where}: ${wide} px wide`);
    }
    await person.page.emulateMedia({ media: 'print' });
    assert.deepEqual(await printed(person.page), ['rgb(255, 255, 255)', 'rgb(0, 0, 0)', false], `${lang}, ${theme} on paper`);
  }
  assert.deepEqual(problems, []);
}

/** Paper and ink of the last page, and whether the menu would be printed. */
function printed(page) {
  return page.evaluate(() => [
    getComputedStyle(document.body).backgroundColor,
    getComputedStyle(document.querySelector('.sheet h2')).color,
    document.querySelector('.side').checkVisibility(),
  ]);
}

test('playbooks at night', async (t) => {
  const node = await startNode(t, {});
  const browser = await openBrowser(t);
  const all = await people(t, browser, node);
  const attack = await incident(all.unit, 'The portal is defaced', 'attack');
  await defacement(all, `${attack}/playbooks`);
  await livePage(all, `${attack}/playbooks`);
  const fault = await incident(all.unit, 'The supply of rack 4 failed', 'fault');
  const room = await withoutProtection(all, fault);
  await t.test('the new pages are accessible', (inner) =>
    everyPage(inner, browser, node, [
      [`${attack}/playbooks`, 'playbooks'], [room, 'playbooks-standing'], [fault, 'incident-standing'],
      [`/plans/${PLAN}`, 'plan-egov'], [`/plans/${PLAN}/playbooks`, 'cards'],
      [`/plans/${PLAN}/playbooks/machine-room?both=1`, 'card'],
    ]));
});
