// Two plans on one incident: a government website falls under both plans of the city. One is chosen at
// triage, the other attached later; both ask for their reports, and one that does not apply is taken off.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { assertAccessible } from './harness/axe.mjs';
import { openBrowser, SCREENS } from './harness/browser.mjs';
import { fixture, startNode } from './harness/node.mjs';
import { setUp, signIn } from './harness/person.mjs';
import { shot } from './harness/shots.mjs';

const ARGS = ['--watch', fixture('logs/auth/auth_4500.log'), '--indicators', fixture('indicators/mass_scanner.txt')];
const ADMIN = { name: 'admin', display: 'Administrator', password: 'beacon tower 1, of two' };
const OFFICER = { name: 'officer', display: 'Wang Fang', password: 'beacon tower 2, of two' };
const EGOV = 'jincheng-egov-2008';

test('two plans on one incident', async (t) => {
  const node = await startNode(t, { args: ARGS });
  const browser = await openBrowser(t);
  await setUp(t, browser, node, { admin: ADMIN, officer: OFFICER });
  // The browser says in its console that the form without a reason was answered with 422.
  const officer = await signIn(t, browser, node, OFFICER, { expected: [/status of 422/] });

  await officer.go('/');
  const found = officer.page.getByRole('link', { name: /A login that succeeded after repeated failures/ });
  const event = await found.first().getAttribute('href');
  await officer.go(event);
  assert.match(await officer.read(), /both govern some incidents · § jincheng-egov-2008\/1\.4\.b/);
  await looks(t, browser, node, [[event, 'two-plans-triage']]);
  await officer.send('triage-incident', { title: 'Foreign pages on the portal', category: 'attack', level: 'I', beside: [EGOV] });
  const incident = new URL(officer.page.url()).pathname;

  await officer.go(`${incident}/clocks`);
  const clocks = await officer.read();
  assert.match(clocks, /§ jincheng-egov-2008\/3\.1/, 'the report to the leading group');
  assert.match(clocks, /§ 5\.1\.3\.c/, 'the report to the duty room');

  // The national plan too, and not after all.
  await officer.go(incident);
  const none = await officer.sendRefused('attach', { plan: 'national-2017', reason: ' ' });
  assert.match(none, /reason/i);
  await officer.send('attach', { plan: 'national-2017', reason: 'Level I goes up each tier' });
  await officer.go(`${incident}/clocks`);
  assert.match(await officer.read(), /§ national-2017\//);
  await officer.go(incident);
  await looks(t, browser, node, [[incident, 'two-plans'], [`${incident}/clocks`, 'two-plans-clocks'], ['/', 'two-plans-desk']]);
  await officer.send('detach-national-2017', { reason: 'The province has taken over' });
  await officer.go(`${incident}/clocks`);
  assert.match(await officer.read(), /Its plan does not apply to this incident/);
  await node.stop();
});

/** Each page in both languages and themes, at desk and phone, with nothing wrong on it. */
async function looks(t, browser, node, pages) {
  for (const [lang, theme, screen] of [
    ['zh-CN', 'light', 'desk'], ['zh-CN', 'dark', 'phone'], ['en', 'light', 'phone'], ['en', 'dark', 'desk'],
  ]) {
    const person = await signIn(t, browser, node, OFFICER, { lang, theme, screen: SCREENS[screen] });
    for (const [address, name] of pages) {
      await person.go(address);
      await shot(person.page, `${name}.${lang}.${theme}.${screen}`);
      await assertAccessible(person.page, `${address} in ${lang}, ${theme}, ${screen}`);
      const [wide, inner] = await person.page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
      assert.ok(wide <= inner, `${address}: ${wide} px wide`);
    }
  }
}
