// Chromium as the tests drive it: Debian's, headless, silent on the network, new at every start.
//
// A page made here keeps watch over itself. When its test ends, an error in the console, an exception
// in a script or a request to any other origin fails the test, whether the test looked or not.

import assert from 'node:assert/strict';
import process from 'node:process';

import { chromium } from 'playwright-core';

/** Where Chromium is; other systems than Debian name theirs. */
const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';

/** Beside what Playwright sets (headless, a new profile): root may start it, and it calls nobody. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** The sizes that people work with: a desk, a phone, a screen on the wall. */
export const SCREENS = {
  desk: { width: 1366, height: 768 },
  phone: { width: 360, height: 640 },
  wall: { width: 1920, height: 1080 },
};

/** The sessions that each test opened. */
const sessions = new WeakMap();

/** Closes every page of a test: one that listens would complain that its node is gone. */
export async function closePages(t) {
  await Promise.all((sessions.get(t) ?? []).map((context) => context.close()));
}

/** Starts a browser that closes when `t` (a test, or anything else with `after`) ends. */
export async function openBrowser(t) {
  const browser = await chromium.launch({ executablePath: CHROMIUM, headless: true, args: FLAGS });
  t.after(() => browser.close());
  return browser;
}

/**
 * Opens a page of its own session at `url`, in a language and a theme.
 *
 * `script: false` switches JavaScript off. What `expected` matches (patterns) may be in the console,
 * such as the status of an answer that the test asks for.
 */
export async function openPage(t, browser, url, options = {}) {
  const { lang = 'en', theme = 'light', screen = SCREENS.desk, script = true, expected = [] } = options;
  const context = await browser.newContext({
    baseURL: new URL(url).origin,
    locale: lang,
    colorScheme: theme,
    viewport: screen,
    javaScriptEnabled: script,
  });
  sessions.set(t, [...(sessions.get(t) ?? []), context]);
  const page = await context.newPage();
  const problems = watch(context, new URL(url).origin, expected);
  t.after(async () => {
    await context.close();
    assert.deepEqual(problems, [], `the page at ${url} was not quiet`);
  });
  await page.goto(url);
  return page;
}

/** Collects what a good page never does: complain, throw, or ask anybody else for anything. */
export function watch(context, origin, expected = []) {
  const problems = [];
  const note = (problem) => {
    if (!expected.some((pattern) => pattern.test(problem))) problems.push(problem);
  };
  context.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') note(`console: ${message.text()}`);
  });
  context.on('weberror', (error) => note(`script: ${error.error().message}`));
  context.on('request', (request) => {
    const url = new URL(request.url());
    const inside = url.origin === origin || ['data:', 'blob:', 'about:'].includes(url.protocol);
    if (!inside) note(`foreign request: ${request.url()}`);
  });
  return problems;
}
