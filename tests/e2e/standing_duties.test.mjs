// Standing duties: a unit's book is opened, what is owed is recorded with its proof, and what is not is seen.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { assertAccessible } from './harness/axe.mjs';
import { openBrowser, SCREENS } from './harness/browser.mjs';
import { startNode } from './harness/node.mjs';
import { setUp, signIn } from './harness/person.mjs';
import { shot } from './harness/shots.mjs';

const ADMIN = { name: 'admin', display: 'Administrator', password: 'beacon tower 1, of two' };
const OFFICER = { name: 'officer', display: 'Wang Fang', password: 'beacon tower 2, of two' };

test('standing duties', async (t) => {
  const node = await startNode(t);
  const browser = await openBrowser(t);
  await setUp(t, browser, node, { admin: ADMIN, officer: OFFICER });
  const officer = await signIn(t, browser, node, OFFICER);
  await officer.go('/duties');
  await officer.send('open', { plan: 'jincheng-egov-2008', unit: 'Water bureau', from: '2026-01-01' });
  const book = new URL(officer.page.url()).pathname;
  await officer.go(book);
  assert.match(await officer.read(), /Never vouched for/);

  await officer.go(`${book}/technicians`);
  await officer.send('record', { number: '2', basis: 'Staff list of this month' });
  await officer.go(book);
  const row = await officer.page.locator('main li, main tr').filter({ hasText: 'Number of technicians' }).first().innerText();
  assert.match(row, /Holds/);

  for (const [lang, theme, screen] of [
    ['zh-CN', 'light', 'desk'], ['zh-CN', 'dark', 'phone'], ['en', 'light', 'phone'], ['en', 'dark', 'desk'],
  ]) {
    const person = await signIn(t, browser, node, OFFICER, { lang, theme, screen: SCREENS[screen] });
    for (const [address, name] of [['/duties', 'duties'], [book, 'duty-book'], [`${book}/technicians`, 'duty']]) {
      await person.go(address);
      await shot(person.page, `${name}.${lang}.${theme}.${screen}`);
      await assertAccessible(person.page, `${address} in ${lang}, ${theme}, ${screen}`);
      const [wide, inner] = await person.page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
      assert.ok(wide <= inner, `${address}: ${wide} px wide`);
    }
  }
  await node.stop();
});
