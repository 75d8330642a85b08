// Signing in: the one-time link, the second factor, a password that is wrong, sessions, and no script.

import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';

import { assertAccessible } from './harness/axe.mjs';
import { openBrowser, openPage, SCREENS } from './harness/browser.mjs';
import { startNode } from './harness/node.mjs';
import { Person, setUp, signIn } from './harness/person.mjs';
import { shot } from './harness/shots.mjs';

const ADMIN = { name: 'admin', display: 'Administrator', password: 'beacon tower 1, of two' };
const OFFICER = { name: 'officer', display: 'Officer', password: 'beacon tower 2, of two' };
/** The browser says in its console that a form was answered with 4xx. */
const REFUSED = { expected: [/status of 4\d\d/] };

/** The code of RFC 6238 for a secret in Base32, some steps of 30 seconds from now. */
function totp(secret, steps = 0) {
  const bits = [...secret].map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'));
  const key = Buffer.from(bits.join('').match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps));
  const hash = createHmac('sha1', key).update(step).digest();
  const word = hash.readUInt32BE(hash[19] & 0x0f) & 0x7fffffff;
  return String(word % 1_000_000).padStart(6, '0');
}

/** The pages of whoever is not signed in, in either language and theme. */
async function assertPublicPages(t, browser, pages) {
  for (const [url, expected] of pages) {
    for (const [lang, theme, screen] of [['zh-CN', 'dark', SCREENS.phone], ['en', 'light', SCREENS.desk]]) {
      const page = await openPage(t, browser, url, { lang, theme, screen, expected });
      await assertAccessible(page, `${url} in ${lang}, ${theme}`);
    }
  }
}

test('the set-up link works once', async (t) => {
  const node = await startNode(t);
  const browser = await openBrowser(t);
  const link = node.setupLink;
  const missing = [/status of 404/];
  await assertPublicPages(t, browser, [[link], [`${node.url}/sign-in`], [`${node.url}/no/such/page`, missing]]);
  await setUp(t, browser, node, { admin: ADMIN, officer: OFFICER });
  const late = await openPage(t, browser, link, { expected: [/status of 4\d\d/] });
  assert.equal(await late.locator('form[action^="/setup"]').count(), 0, 'the link is spent');
});

test('a second factor is enrolled, asked for, and its codes work once', async (t) => {
  const node = await startNode(t);
  const browser = await openBrowser(t);
  await setUp(t, browser, node, { admin: ADMIN, officer: OFFICER });
  const officer = await signIn(t, browser, node, OFFICER, REFUSED);
  await officer.go('/totp');
  await assertAccessible(officer.page, '/totp');
  await shot(officer.page, 'totp');
  const secret = (await officer.page.locator('code.secret').innerText()).replaceAll(/\s/g, '');
  await officer.sendRefused('totp', { code: totp(secret) === '000000' ? '000001' : '000000' });
  const code = totp(secret);
  await officer.send('totp', { code });
  await officer.send('sign-out', {});

  const { name, password } = OFFICER;
  await officer.go('/sign-in');
  await officer.sendRefused('sign-in', { name, password }); // Without a code.
  await officer.sendRefused('sign-in', { name, password, code }); // Used before.
  await officer.sendRefused('sign-in', { name, password: 'not the password', code: totp(secret, 1) });
  await officer.send('sign-in', { name, password, code: totp(secret, 1) });
  await officer.go('/account');
  await shot(officer.page, 'account');
});

test('a session is ended from another browser', async (t) => {
  const node = await startNode(t);
  const browser = await openBrowser(t);
  await setUp(t, browser, node, { admin: ADMIN, officer: OFFICER });
  const [here, there] = [await signIn(t, browser, node, OFFICER), await signIn(t, browser, node, OFFICER)];
  await here.go('/account');
  const other = here.page.locator('form[action^="/account/sessions/"] input[name=request_id]').first();
  await here.send((await other.inputValue()).split('.')[1], {});
  await there.page.goto('/');
  assert.match(there.page.url(), /\/sign-in/);
});

test('an event is reported and judged without any script', async (t) => {
  const node = await startNode(t);
  const browser = await openBrowser(t);
  await setUp(t, browser, node, { admin: ADMIN, officer: OFFICER }, { script: false });
  const officer = await signIn(t, browser, node, OFFICER, { script: false });
  await officer.go('/events/new');
  await officer.send('event', { title: 'A page was defaced', source: 'report', unit: 'School No. 1' });
  assert.match(await officer.read(), /A page was defaced/);
  await officer.send('triage-false-positive', { reason: 'A planned change of theirs', done: 'They were called' });
  assert.match(await officer.read(), /A planned change of theirs/);
});
