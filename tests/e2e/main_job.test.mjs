// The main job as people do it: a line of a log becomes an event, an incident, reports on the clock, a
// response, a review and a proof. Several people work it, since the plan wants separate hands.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';

import { violations } from './harness/axe.mjs';
import { openBrowser, SCREENS } from './harness/browser.mjs';
import { fengsui, fixture, startNode } from './harness/node.mjs';
import { invite, setUp, signIn } from './harness/person.mjs';
import { shot } from './harness/shots.mjs';

const LOG = fixture('logs/auth/auth_4500.log');
const INDICATORS = fixture('indicators/mass_scanner.txt');

const ADMIN = { name: 'admin', display: '管理员', password: 'beacon tower 1, of four' };
const WANG = { name: 'wang', display: '王值班', password: 'beacon tower 2, of four' };
const LI = { name: 'li', display: '李处长', password: 'beacon tower 3, of four' };
const ZHAO = { name: 'zhao', display: '赵核验', password: 'beacon tower 4, of four' };

const ZHOU = { name: 'zhou', display: '周审计', password: 'beacon tower 5, of four' };

const ZH = { lang: 'zh-CN' };
/** The browser says in its console that a form was answered with 4xx; the walk asks for that once. */
const REFUSED = { ...ZH, expected: [/status of 4\d\d/] };

/** The bodies that owe a report of a major event to Party committee and government (5.1.4). */
const REPORTING = ['security-office', 'local-government', 'responsible-unit'];
const CITY = ['party-committee-duty-room', 'city-government-duty-room'];

/** One report by a body to others, as it stands on the reports tab. */
async function report(person, incident, from, form, to) {
  await person.go(`${incident}/reports`);
  const spoke = form === 'oral' ? '周科长（值班）' : '';
  const means = form === 'oral' ? 'phone' : 'fax';
  await person.send('report', { kind: 'first', form, means, from, to, spoke_to: spoke, text: '口令爆破得手，已封堵。' });
}

/** The receipts of all reports that still lack one. */
async function receipts(person, incident) {
  const open = person.page.locator('form[action$="/receipt"] input[name=request_id]');
  await person.go(`${incident}/reports`);
  for (let left = await open.count(); left > 0; left -= 1) {
    const id = (await open.first().inputValue()).split('.').slice(1).join('.');
    await person.send(id, { by: '周科长', reference: '收文〔2026〕12 号' });
  }
  assert.equal(await open.count(), 0);
}

/** How the clocks of a rule stand: the text of its rows on the clocks tab. */
async function clocks(person, incident, clause) {
  await person.go(`${incident}/clocks`);
  const rows = person.page.locator('li.clock, tbody tr').filter({ hasText: `§ ${clause}` });
  return (await rows.allInnerTexts()).map((text) => text.replaceAll(/\s+/g, ' '));
}

/** From the set-up link to people at work. */
async function office(t, browser, node) {
  await setUp(t, browser, node, { admin: ADMIN, officer: WANG }, ZH);
  const admin = await signIn(t, browser, node, ADMIN, ZH);
  await invite(t, browser, admin, LI, 'commander', ['city-government', 'security-office', 'response-headquarters']);
  await invite(t, browser, admin, ZHAO, 'commander', ['functional-departments', 'security-office']);
  await invite(t, browser, admin, ZHOU, 'auditor', []);
  const [wang, li, zhao] = [
    await signIn(t, browser, node, WANG, REFUSED),
    await signIn(t, browser, node, LI, ZH),
    await signIn(t, browser, node, ZHAO, ZH),
  ];
  return { admin, wang, li, zhao };
}

/** The event of an indicator from the log, judged, verified, its facts answered, confirmed as level II. */
async function grade(wang) {
  await wang.go('/events');
  const found = wang.page.locator('main a[href^="/events/E-"]').filter({ hasText: '80.82.77.139' });
  await wang.go(await found.first().getAttribute('href'));
  assert.match(await wang.read(), /sshd\[\d+\]: .* 80\.82\.77\.139/, 'the event shows the lines of the log');
  await shot(wang.page, 'event');
  await wang.send('triage-incident', {
    title: 'SSH 口令爆破得手',
    category: 'attack',
    level: 'IV',
    reason: '只见一个单位',
    'fact.individual_units': 'true',
  });
  const incident = '/incidents/I-2026-000001'.replace('2026', String(new Date().getUTCFullYear()));
  await wang.go(incident);
  await wang.send('verify', { found: '与日志核对：147 次失败后登录成功' });
  await wang.send('facts', { 'fact.spread': 'strong', 'fact.individual_units': 'false' });
  const why = await wang.read();
  assert.match(why, /§ 2\.2\.2\s+据此建议/, 'the rule that proposes the level is named with its clause');
  const refused = await wang.sendRefused('grade', { level: 'III' });
  assert.match(refused, /理由/, 'another level than the proposed one needs a reason');
  await wang.send('grade', { level: 'II' });
  await shot(wang.page, 'graded');
  return incident;
}

/** The clocks of 5.1.3 and 5.1.4 run out of the regrading; they are met by reports and receipts. */
async function reportInTime(wang, incident) {
  for (const clause of ['5.1.3.a', '5.1.3.b']) {
    const [row] = await clocks(wang, incident, clause);
    assert.match(row, /已替换/, `${clause}: level IV gave way to level II`);
  }
  assert.equal((await clocks(wang, incident, '5.1.4.a')).length, 7, 'three bodies to two addressees, orally, and one to the province');
  assert.equal((await clocks(wang, incident, '5.1.4.b')).length, 6, 'and in writing');
  await shot(wang.page, 'clocks');
  await report(wang, incident, 'security-office', 'oral', ['provincial-cyberspace']);
  for (const form of ['oral', 'written']) {
    await report(wang, incident, 'unit', form, ['security-office-duty-room']);
    for (const body of REPORTING) await report(wang, incident, body, form, CITY);
  }
  for (const row of await clocks(wang, incident, '5.1.4.b')) assert.match(row, /进行中/, 'no receipt yet');
  await receipts(wang, incident);
  for (const clause of ['5.1.3.c', '5.1.4.a', '5.1.4.b']) {
    for (const row of await clocks(wang, incident, clause)) assert.match(row, /按时完成/, `${clause} ${row}`);
  }
  await wang.go(`${incident}/reports`);
  await shot(wang.page, 'reports');
}

/** Started by the city government at the proposal of the security office, worked, and ended. */
async function respond({ wang, li, zhao }, incident) {
  await wang.go(`${incident}/response`);
  await wang.send('action', { action: 'block-address', what: '在边界封堵 80.82.77.139' });
  await wang.send('propose', { level: 'II', range: '全市', grounds: '已达重大级别' });
  await li.go('/');
  assert.match(await li.read(), /SSH 口令爆破得手/, 'what awaits a decision stands on the desk of who decides');
  await li.go(`${incident}/response`);
  await li.send('decide', { decision: 'approve', reason: '同意' });
  await li.send('headquarters', { decision: 'not', grounds: '市网安办可直接处置' });

  await wang.go('/resources');
  const tool = { kind: 'software', title: '口令爆破核查工具', holder: '市网安办', keywords: 'SSH' };
  await wang.send('add', { ...tool, categories: ['jincheng-internet-2008/attack'] });
  await shot(wang.page, 'resource');
  await wang.go(`${incident}/disposal`);
  const offered = wang.page.locator('form[action$="/pins"] input[name=request_id]');
  await wang.send((await offered.first().inputValue()).split('.').slice(1).join('.'), { note: '封堵前核对' });
  assert.match(await wang.read(), /口令爆破核查工具/, 'what fits is offered, and pinned');
  const plan = { resources: '防火墙\n取证盘', risks: '误封', rollback: '解封' };
  await wang.send('draft', { ...plan, steps: '封堵来源地址 | 防火墙管理\n更换口令' });
  await zhao.go(`${incident}/disposal`);
  await zhao.send('verify', { finding: 'pass', remarks: '可行' });
  await zhao.send('sum-up', { decision: 'pass', remarks: '其余检验方未派人' });
  await li.go(`${incident}/disposal`);
  await li.send('approve', { decision: 'approve', remarks: '批准' });
  await carryOut({ wang, li }, incident);

  await wang.go(`${incident}/evidence`);
  await wang.send('upload', { title: '认证日志', file: LOG, note: '自日志服务器导出' });

  await wang.go(`${incident}/response`);
  await wang.send('end', { condition: ['handling-over'], 'basis.handling-over': '口令已更换', grounds: '恢复正常' });
  await li.go(`${incident}/response`);
  await li.send('decide', { decision: 'approve', reason: '同意结束' });
  await shot(li.page, 'response');
}

/** The orders that approval gave are answered; a step that takes a permission waits for it. */
async function carryOut({ wang, li }, incident) {
  await li.go(`${incident}/orders`);
  for (const order of [/按指令实施处置/, /落实处置所需资源/]) assert.match(await li.read(), order, 'approval gave the orders');
  await wang.go(`${incident}/disposal`);
  const refused = await wang.sendRefused('execute', { step: '0', result: '已封堵' });
  assert.match(refused, /授予操作权限/, 'the step takes a permission');
  await li.go(`${incident}/orders`);
  const until = await li.page.evaluate(() => {
    const pad = (number) => String(number).padStart(2, '0');
    const at = new Date(Date.now() + 24 * 3_600_000); // A day later is later in every time zone's writing.
    return `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}T${pad(at.getHours())}:${pad(at.getMinutes())}`;
  });
  await li.send('grant', { to: 'unit', what: '防火墙管理', asset: '出口防火墙', until, reason: '封堵来源地址' });
  await wang.go(`${incident}/disposal`);
  const grant = await wang.page.locator('select[name=grant] option').last().getAttribute('value');
  await wang.send('execute', { step: '0', grant, result: '已封堵' });
  await wang.send('execute', { step: '1', result: '已更换' });
  await wang.go(`${incident}/orders`);
  const open = wang.page.locator('form[action$="/report"] input[name=request_id]');
  for (let left = await open.count(); left > 0; left -= 1) {
    const id = (await open.first().inputValue()).split('.').slice(1).join('.');
    await wang.send(id, { outcome: 'done', text: '已落实' });
  }
  await wang.send('call', { field: 'call-experts:network', name: '陈工', what: '核对出口流量' });
  const call = (await wang.page.locator('form[action$="/acknowledge"] input[name=request_id]').first().inputValue());
  await wang.send(call.split('.').slice(1).join('.'), { spoke: '陈工，电话' });
  await shot(wang.page, 'orders');
}

/** Reviewed with all its topics, filed with a receipt, sealed. */
async function close({ wang, li }, incident) {
  await wang.go(`${incident}/closing`);
  const topics = ['cause', 'nature', 'impact', 'responsibility', 'lessons', 'reconstruction'];
  const words = Object.fromEntries(topics.map((topic) => [`topic.${topic}`, `${topic}：弱口令，已整改`]));
  await wang.send('review', { ...words, plan_change: 'no' }, { button: 'true' });
  await wang.send('file', { summary: '处置过程与结果' });
  await li.go(`${incident}/closing`);
  await li.send('file-receipt', { by: '李处长', reference: '备案〔2026〕1 号' });
  await wang.go(`${incident}/closing`);
  await shot(wang.page, 'closing');
  await wang.send('archive', {});
  await wang.go(incident);
  assert.match(await wang.read(), /已归档\s*: 当前/);
}

/** Nothing on any page that axe-core finds, in either language and theme; nothing wider than a phone. */
async function everyPage(t, browser, node, { incident, event, entry }) {
  const officer = [
    ['/', 'desk'], ['/events', 'events'], ['/events/new', 'event-new'], [event, 'event'], ['/incidents', 'incidents'],
    ...['', 'clocks', 'reports', 'response', 'disposal', 'orders', 'evidence', 'people', 'closing', 'timeline'].map((tab) => [
      `${incident}/${tab}`.replace(/\/$/, ''),
      `incident-${tab || 'overview'}`,
    ]),
    ['/sightings', 'sightings'], ['/resources', 'resources'], ['/resources/offers', 'offers'], ['/indicators', 'indicators'], ['/plans', 'plans'],
    ['/plans/jincheng-internet-2008', 'plan'],
    ['/plans/jincheng-internet-2008/obligations?fact.spread=strong', 'obligations'], ['/ledger', 'ledger'], [entry, 'entry'], ['/sources', 'sources'], ['/node', 'node'], ['/account', 'account'],
  ];
  const problems = [];
  const admin = [['/users', 'users'], ['/tokens', 'tokens'], ['/node', 'node-admin']];
  const auditor = [['/ledger/entries', 'entries'], [entry, 'entry-audited']];
  for (const [who, pages] of [[WANG, officer], [ADMIN, admin], [ZHOU, auditor]]) {
    for (const [lang, theme, screen] of [
      ['zh-CN', 'light', 'desk'], ['zh-CN', 'dark', 'phone'], ['en', 'light', 'phone'], ['en', 'dark', 'desk'],
    ]) {
      const person = await signIn(t, browser, node, who, { lang, theme, screen: SCREENS[screen] });
      for (const [address, name] of pages) {
        await person.go(address);
        const where = `${address} in ${lang}, ${theme}, ${screen}`;
        await shot(person.page, `${name}.${lang}.${theme}.${screen}`);
        for (const violation of await violations(person.page)) problems.push(`${where}: ${violation}`);
        const [wide, inner] = await person.page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
        if (wide > inner) problems.push(`${where}: ${wide} px wide`);
      }
    }
  }
  assert.deepEqual(problems, []);
}

test('from a line of a log to a proof', async (t) => {
  const node = await startNode(t, { args: ['--watch', LOG, '--indicators', INDICATORS] });
  const browser = await openBrowser(t);
  const people = await office(t, browser, node);
  await people.wang.go('/');
  await shot(people.wang.page, 'desk');
  const incident = await grade(people.wang);
  await reportInTime(people.wang, incident);
  await respond(people, incident);
  await close(people, incident);

  const first = (selector) => people.wang.page.locator(`main ${selector}`).first().getAttribute('href');
  await people.wang.go(incident);
  const entry = await first('a.proof');
  await people.wang.go('/events');
  const event = await first('a[href^="/events/E-"]');
  await t.test('every page is accessible', (inner) => everyPage(inner, browser, node, { incident, event, entry }));

  const key = (await readFile(path.join(node.data, 'ledger.vkey'), 'utf8')).trim();
  const live = await fengsui('ledger', 'verify', node.url, '--key', key);
  assert.match(live, /good/);
  await browser.close();
  await node.stop();
  const folder = await fengsui('ledger', 'verify', node.data);
  assert.match(folder, /good/);
});
