// A node of the product for one test: the release binary, an empty data folder, a free port.

import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { closePages } from './browser.mjs';

/** The binary under test; `cargo xtask test` names the one it built. */
const BINARY =
  process.env.FENGSUI_BIN ?? fileURLToPath(new URL('../../../target/release/fengsui', import.meta.url));

/** The path of a file in `tests/fixtures`. */
export const fixture = (name) => fileURLToPath(new URL(`../../fixtures/${name}`, import.meta.url));

/** How long a node may take to be ready, and to stop; reached only if it never does. */
const PATIENCE_MS = 30_000;
/** How often readiness is asked for meanwhile. */
const ASK_EVERY_MS = 20;

/**
 * Starts `fengsui serve` and waits until it is ready.
 *
 * It stops, and its folder is removed, when `t` ends. `args` are added to the command line; `data` is
 * a folder to go on with, which stays; `command` replaces the program.
 */
export async function startNode(t, { args = [], data, command = [BINARY] } = {}) {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'fengsui-e2e-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const node = new Node(t, data ?? path.join(folder, 'data'), await freePort());
  t.after(() => node.stop());
  await node.start(command, args);
  return node;
}

/** Runs a command of the program to its end; returns what it printed on stdout, and fails if it failed. */
export async function fengsui(...args) {
  return (await promisify(execFile)(BINARY, args)).stdout;
}

/** A running node. */
class Node {
  #test;
  #process;
  #exit;
  #over = false; // It was ended by the test, or never began.
  #output = { stdout: '', stderr: '' };

  constructor(test, data, port) {
    this.#test = test;
    /** The data folder. */
    this.data = data;
    /** Its address, without a slash at the end. */
    this.url = `http://127.0.0.1:${port}`;
  }

  async start([program, ...first], args) {
    const listen = new URL(this.url).host;
    const line = [...first, 'serve', '--data', this.data, '--listen', listen, ...args];
    this.#process = spawn(program, line, { stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of ['stdout', 'stderr']) {
      this.#process[stream].setEncoding('utf8').on('data', (text) => (this.#output[stream] += text));
    }
    // `close` comes after the last output, and also when the program could not be started.
    this.#exit = once(this.#process, 'close').catch((error) => [`${error}`]);
    await this.#ready();
  }

  /** The id of its process. */
  get pid() {
    return this.#process.pid;
  }

  /** What it printed so far. */
  get output() {
    return `${this.#output.stdout}${this.#output.stderr}`;
  }

  /** The one-time link that a first start prints on stdout: the first address beyond the bare origin. */
  get setupLink() {
    const words = this.#output.stdout.split(/\s+/);
    const link = words.find((word) => word.startsWith(`${this.url}/`) && word.length > this.url.length + 1);
    assert.ok(link, `no set-up link on stdout:\n${this.output}`);
    return link;
  }

  /** Closes the pages of its test, asks it to stop, as an operator does, and checks that it ran until then and stopped well. */
  async stop() {
    if (this.#over) return;
    await closePages(this.#test);
    this.#over = true;
    const early = this.#stopped();
    this.#process.kill('SIGTERM');
    const [code, signal] = await this.#within(PATIENCE_MS, 'did not stop after SIGTERM');
    const how = early ? `ended by itself (${code ?? signal})` : `ended with ${code ?? signal}`;
    assert.ok(!early && code === 0, `the node ${how}:\n${this.output}`);
  }

  /** Ends it as a power cut does. */
  async kill() {
    this.#over = true;
    this.#process.kill('SIGKILL');
    await this.#exit;
  }

  #stopped() {
    const { exitCode, signalCode, pid } = this.#process;
    return pid === undefined || exitCode !== null || signalCode !== null;
  }

  async #ready() {
    const deadline = Date.now() + PATIENCE_MS;
    while (Date.now() < deadline) {
      if (this.#stopped()) {
        this.#over = true;
        const [ended] = await this.#exit;
        assert.fail(`the node did not start (${ended}):\n${this.output}`);
      }
      if (await isReady(this.url)) return;
      await pause(ASK_EVERY_MS);
    }
    await this.kill();
    assert.fail(`the node was not ready within ${PATIENCE_MS} ms:\n${this.output}`);
  }

  async #within(limit, problem) {
    const late = pause(limit, 'late', { ref: false });
    const first = await Promise.race([this.#exit, late]);
    if (first !== 'late') return first;
    await this.kill();
    assert.fail(`the node ${problem} within ${limit} ms:\n${this.output}`);
  }
}

async function isReady(url) {
  try {
    return (await fetch(`${url}/readyz`)).ok;
  } catch {
    return false; // Nobody listens yet.
  }
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}
