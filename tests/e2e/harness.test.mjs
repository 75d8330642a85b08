// The harness itself, tried on small servers made here: what it shows, and what it must not miss.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { access, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { test } from 'node:test';

import { assertAccessible, violations } from './harness/axe.mjs';
import { openBrowser, openPage, SCREENS, watch } from './harness/browser.mjs';
import { startNode } from './harness/node.mjs';
import { shot } from './harness/shots.mjs';

const POLICY = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; form-action 'self'";

/** A server for one test; `answer` makes a body from the request. */
async function serve(t, answer) {
  const server = createServer((request, response) => {
    const type = request.url.endsWith('.js') ? 'text/javascript' : 'text/html; charset=utf-8';
    response.setHeader('Content-Type', type).setHeader('Content-Security-Policy', POLICY).end(answer(request));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  return `http://127.0.0.1:${server.address().port}/`;
}

const page = (body, head = '') =>
  `<!doctype html><html lang="zh-CN"><head><title>值班台</title><link rel="icon" href="data:,">${head}</head>` +
  `<body><main><h1>值班台</h1>${body}</main></body></html>`;

async function temporaryFolder(t) {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'fengsui-harness-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

test('a page is opened, read, clicked, judged and pictured', async (t) => {
  const asked = [];
  const url = await serve(t, (request) => {
    asked.push([request.url, request.headers['accept-language']]);
    return request.url === '/done?' ? page('<p>已签收</p>') : page('<form action="/done"><button>签收</button></form>');
  });
  const browser = await openBrowser(t);
  const opened = await openPage(t, browser, url, { lang: 'zh-CN', theme: 'dark', screen: SCREENS.phone });

  assert.equal(await opened.title(), '值班台');
  assert.ok(await opened.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches));
  assert.equal(await opened.evaluate(() => innerWidth), SCREENS.phone.width);
  await assertAccessible(opened, 'the page of the test');
  await opened.getByRole('button', { name: '签收' }).click();
  await opened.getByText('已签收').waitFor();
  assert.deepEqual(asked.map(([path]) => path), ['/', '/done?']);
  assert.match(asked[0][1], /^zh-CN/);

  const folder = await temporaryFolder(t);
  const file = await shot(opened, 'done', path.join(folder, 'shots'));
  assert.equal((await readFile(file)).subarray(1, 4).toString(), 'PNG');
  assert.equal(await shot(opened, 'none', ''), undefined);
});

test('axe-core sees what is wrong', async (t) => {
  const url = await serve(t, () => page('<input>'));
  const browser = await openBrowser(t);
  const opened = await openPage(t, browser, url);
  assert.deepEqual(await violations(opened), ['label: Form elements must have labels: input']);
  await assert.rejects(assertAccessible(opened, 'this page'), /axe-core on this page/);
});

test('a page that is not quiet is found out', async (t) => {
  // Another origin on this machine, where nobody listens: the policy refuses it before it is asked.
  const bad = page('<img alt="" src="http://127.0.0.1:9/x.png">', '<script src="/bad.js"></script>');
  const url = await serve(t, (request) => (request.url === '/bad.js' ? 'console.error("oh"); throw Error("no")' : bad));
  const browser = await openBrowser(t);
  const context = await browser.newContext();
  const problems = watch(context, new URL(url).origin);
  const expectant = watch(context, new URL(url).origin, [/^console: /, /^script: /, /^foreign request: /]);
  await (await context.newPage()).goto(url, { waitUntil: 'networkidle' });
  await context.close();
  assert.ok(problems.includes('console: oh'), `${problems}`);
  assert.ok(problems.includes('script: no'), `${problems}`);
  assert.ok(problems.some((problem) => problem.includes('http://127.0.0.1:9/x.png')), `${problems}`);
  assert.deepEqual(expectant, []);
});

/** A program with the outer manners of a node: it prints a link, answers, and ends on SIGTERM. */
const MANNERS = `
import { createServer } from 'node:http';
const [, , verb, , data, , listen] = process.argv;
const [host, port] = listen.split(':');
createServer((request, response) => {
  if (request.url === '/die') process.exit(4);
  response.end(verb + data);
}).listen(port, host, () => {
  console.log('ready at http://' + listen + '\\nset up: http://' + listen + '/setup/one-time');
});
process.on('SIGTERM', () => process.exit(process.argv.includes('--stop-badly') ? 3 : 0));
`;

async function manners(t) {
  const file = path.join(await temporaryFolder(t), 'manners.mjs');
  await writeFile(file, MANNERS);
  return [process.execPath, file];
}

test('a node is started, told its folder and port, stopped and cleaned up after', async (t) => {
  const command = await manners(t);
  let folder;
  await t.test('while it runs', async (inner) => {
    const node = await startNode(inner, { command });
    folder = path.dirname(node.data);
    assert.equal(node.setupLink, `${node.url}/setup/one-time`);
    assert.equal(await (await fetch(node.url)).text(), `serve${node.data}`);
    await access(folder);
  });
  await assert.rejects(access(folder), { code: 'ENOENT' });
});

test('a node that dies, is missing or stops badly is told with its own words', async (t) => {
  const dies = [process.execPath, '-e', 'console.error("no room"); process.exit(3)', '--'];
  await assert.rejects(startNode(t, { command: dies }), /did not start \(3\):\nno room/);
  await assert.rejects(startNode(t, { command: ['/no/such/program'] }), /did not start \(Error: spawn .* ENOENT\)/);

  const node = await startNode(t, { command: await manners(t), args: ['--stop-badly'] });
  await assert.rejects(node.stop(), /ended with 3:\nready at http/);
  const dead = await startNode(t, { command: await manners(t) });
  await assert.rejects(fetch(`${dead.url}/die`));
  await assert.rejects(dead.stop(), /ended (with 4|by itself \(4\)):\nready at http/);
  const killed = await startNode(t, { command: await manners(t) });
  await killed.kill();
  await assert.rejects(fetch(killed.url));
});
