// The first walk of the README: one officer, a log, and an incident of level III from its event to the
// archive. What the README tells a newcomer to do is done here, in the same order.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { openBrowser } from './harness/browser.mjs';
import { fengsui, fixture, startNode } from './harness/node.mjs';
import { setUp, signIn } from './harness/person.mjs';
import { shot } from './harness/shots.mjs';

const ARGS = ['--watch', fixture('logs/auth/auth_4500.log'), '--indicators', fixture('indicators/mass_scanner.txt')];

const ADMIN = { name: 'admin', display: 'Administrator', password: 'beacon tower 1, of two' };
const OFFICER = { name: 'officer', display: 'Wang Fang', password: 'beacon tower 2, of two' };

const DUTY_ROOM = 'security-office-duty-room';

test('the first walk', async (t) => {
  const node = await startNode(t, { args: ARGS });
  const browser = await openBrowser(t);
  await setUp(t, browser, node, { admin: ADMIN, officer: OFFICER });
  const officer = await signIn(t, browser, node, OFFICER);

  // Judge it: the break-in after many failed logins.
  await officer.go('/');
  const found = officer.page.getByRole('link', { name: /A login that succeeded after repeated failures/ });
  await officer.go(await found.first().getAttribute('href'));
  await officer.send('triage-incident', { title: 'A password was guessed', category: 'attack', level: 'III' });
  const incident = new URL(officer.page.url()).pathname;

  // Verify it, answer what is known, confirm the level that the rules propose.
  await officer.send('verify', { found: 'The log agrees: 147 failures, then a login' });
  await officer.send('facts', { 'fact.spread': 'practically-none', 'fact.vital_system': 'false' });
  assert.match(await officer.read(), /§ 2\.2\.3\s+decides/);
  await officer.send('grade', { level: 'III' });

  // Report, by word of mouth and in writing, and record the receipt.
  await officer.go(`${incident}/reports`);
  const report = { kind: 'first', from: 'unit', to: [DUTY_ROOM], text: 'A password was guessed; the account is locked.' };
  await officer.send('report', { ...report, form: 'oral', means: 'phone', spoke_to: 'Zhou, on duty' });
  await officer.send('report', { ...report, form: 'written', means: 'fax' });
  const receipt = officer.page.locator('form[action$="/receipt"] input[name=request_id]');
  const id = (await receipt.inputValue()).split('.').slice(1).join('.');
  await officer.send(id, { by: 'Zhou, on duty', reference: 'IN-2026-12' });

  // Act, start the response, end it under its three conditions.
  await officer.go(`${incident}/response`);
  await officer.send('action', { action: 'isolate-host', what: 'Taken off the network' });
  await officer.send('start', { level: 'III', range: 'One host', grounds: 'An account is in strange hands' });
  const conditions = ['back-to-normal', 'derived-events-gone', 'hazard-removed'];
  const bases = Object.fromEntries(conditions.map((condition) => [`basis.${condition}`, 'Checked on the host']));
  await officer.send('end', { condition: conditions, ...bases, grounds: 'Everything is back' });
  await officer.go(`${incident}/clocks`);
  await shot(officer.page, 'first-walk-clocks');
  for (const row of await officer.page.locator('tbody tr').allInnerTexts()) {
    assert.match(row, /met in time|replaced/, row);
  }

  // Review, file, archive.
  await officer.go(`${incident}/closing`);
  const topics = ['cause', 'nature', 'impact', 'responsibility', 'lessons', 'reconstruction'];
  const words = Object.fromEntries(topics.map((topic) => [`topic.${topic}`, 'A weak password; second factors from now on']));
  await officer.send('review', { ...words, plan_change: 'no' }, { button: 'true' });
  await officer.send('file', { summary: 'What was done, step by step' });
  await officer.send('file-receipt', { by: 'Zhou, on duty', reference: 'F-2026-1' });
  await officer.send('archive', {});
  await officer.go(incident);
  assert.match(await officer.read(), /Archived\s*: now/);

  await node.stop();
  assert.match(await fengsui('ledger', 'verify', node.data), /^good: /);
});
