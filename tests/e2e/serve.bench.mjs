// Figures of a running node, measured now and printed: how soon it is ready, what it holds when idle,
// how large its pages are, and how long the duty desk takes with many incidents. Nothing is asserted.

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import process from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';

import { openBrowser } from './harness/browser.mjs';
import { fengsui, startNode } from './harness/node.mjs';
import { setUp, signIn } from './harness/person.mjs';

/** Incidents on the node, and how many requests make them at the same time. */
const INCIDENTS = Number(process.argv[2] ?? 10_000);
const AT_ONCE = 16;
/** Requests of each kind, after as many that are not counted. */
const RUNS = 200;
/** What an idle node is given to settle before its memory is read. */
const IDLE_MS = 3_000;

const ADMIN = { name: 'admin', display: 'Administrator', password: 'beacon tower 1, of two' };
const OFFICER = { name: 'officer', display: 'Officer', password: 'beacon tower 2, of two' };

/** Stands in for a test: runs what was left for the end, latest first. */
const stack = [];
const t = { after: (last) => stack.push(last) };

const line = (name, value) => console.log(`${name.padEnd(44)} ${value}`);

async function rss(pid) {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return `${(Number(status.match(/VmRSS:\s+(\d+) kB/)[1]) / 1024).toFixed(1)} MiB`;
}

/** The median and the 95th of a hundred, in milliseconds, of the time until an answer has arrived whole. */
async function times(url, headers) {
  const took = [];
  for (let run = 0; run < 2 * RUNS; run += 1) {
    const began = performance.now();
    const answer = await fetch(url, { headers });
    await answer.arrayBuffer();
    if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
    if (run >= RUNS) took.push(performance.now() - began);
  }
  took.sort((a, b) => a - b);
  const at = (share) => took[Math.floor(share * (took.length - 1))].toFixed(1);
  return `median ${at(0.5)} ms, 95 % within ${at(0.95)} ms`;
}

/** Events judged to be incidents of all levels, by several hands at once. */
async function fill(node, token) {
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
  const post = async (path, body) => {
    const answer = await fetch(`${node.url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  };
  let next = 0;
  const hand = async () => {
    for (let at = next++; at < INCIDENTS; at = next++) {
      const words = { source: 'report', sender: '市一中', unit: `单位 ${at % 500}`, asset: `host-${at}` };
      const event = await post('/api/v1/events', { title: `入侵事件 ${at}`, ...words });
      const level = ['I', 'II', 'III', 'IV'][at % 4];
      await post(`/api/v1/events/${event.id}/triage`, { outcome: 'incident', category: 'attack', level, reason: '演示' });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, hand));
}

/** Bytes of a page with its scripts, styles and icons, as they go over the wire compressed. */
async function weight(page, url) {
  const parts = [];
  const keep = (answer) => parts.push(answer);
  page.on('response', keep);
  await page.goto(url, { waitUntil: 'load' });
  page.off('response', keep);
  let [plain, packed] = [0, 0];
  for (const part of parts) {
    if (!part.ok() || part.headers()['content-type']?.startsWith('text/event-stream')) continue;
    const body = await part.body();
    plain += body.length;
    packed += Math.min(body.length, gzipSync(body).length);
  }
  return `${(plain / 1000).toFixed(1)} kB, compressed ${(packed / 1000).toFixed(1)} kB, ${parts.length} requests`;
}

try {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'fengsui-bench-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const data = path.join(folder, 'data');
  const created = await fengsui('token', 'create', '--data', data, '--role', 'duty-officer', '--name', 'bench');
  const token = created.trim();
  const began = performance.now();
  const node = await startNode(t, { data });
  line('start to /readyz (aim: 1 s)', `${(performance.now() - began).toFixed(0)} ms`);
  await pause(IDLE_MS);
  line('idle memory (aim: 80 MB)', await rss(node.pid));
  const browser = await openBrowser(t);
  await setUp(t, browser, node, { admin: ADMIN, officer: OFFICER });
  const officer = await signIn(t, browser, node, OFFICER);
  const fresh = await (await browser.newContext()).newPage();
  line('first page, sign-in (aim: 50 KB)', await weight(fresh, `${node.url}/sign-in`));
  const cookies = await officer.page.context().cookies();
  const seen = await browser.newContext();
  await seen.addCookies(cookies);
  line('duty desk, nothing cached (aim: 50 KB)', await weight(await seen.newPage(), node.url));

  const filling = performance.now();
  await fill(node, token);
  const seconds = (performance.now() - filling) / 1000;
  line(`${INCIDENTS} incidents made`, `${seconds.toFixed(1)} s, ${(2 * INCIDENTS / seconds).toFixed(0)} commands/s`);
  const cookie = { Cookie: cookies.map(({ name, value }) => `${name}=${value}`).join('; ') };
  const bearer = { Authorization: `Bearer ${token}` };
  line(`duty desk, ${INCIDENTS} incidents (aim: 50 ms)`, await times(`${node.url}/`, cookie));
  line('  the same by the API', await times(`${node.url}/api/v1/desk`, bearer));
  line('list of incidents', await times(`${node.url}/incidents`, cookie));
  line('one incident', await times(`${node.url}/incidents/I-${new Date().getUTCFullYear()}-000042`, cookie));
  line('memory then', await rss(node.pid));
} finally {
  for (const last of stack.reverse()) await last();
}
