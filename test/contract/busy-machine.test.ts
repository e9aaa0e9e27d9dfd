import { afterAll, expect, it } from 'vitest';
import { isOfTime, type Observation } from '../../contract/evidence.ts';
import { Backing } from '../../contract/harness/backing/backing.ts';
import { LATE_MS, watchTimers } from '../../contract/harness/timer-watch.ts';
import { sleep } from '../../contract/harness/wait.ts';
import type { Rule } from '../../contract/rule.ts';
import { rule as noCredentials } from '../../contract/rules/XI-3-no-credentials.ts';
import { verify } from '../../contract/verify.ts';
import { makeFolder, removeFolder, write } from '../support/folder.ts';
import { ruleOf } from './rule-of.ts';
import { serviceIn } from './small-service.ts';

/** Times say nothing about a service while the machine is too busy. */

const backing = new Backing();
afterAll(() => backing.stop());

const target = { kind: 'url', name: 'nobody', url: 'http://127.0.0.1:1' } as const;

const breaks = (id: string, looks: readonly boolean[], more: Partial<Observation> = {}): Rule => {
  let look = 0;
  return ruleOf(id, async (harness) => {
    const sent = `${id} is sent`;
    harness.saw({ sent, expected: '200 within 500 ms', got: 'late', ok: looks[look] ?? true, ...more });
    look += 1;
    return harness.evidence;
  });
};

/** Verifies while a timer is so late during second looks. */
async function verifyWhile(late: number, rules: readonly Rule[]) {
  let ended = 0;
  const end = async () => {
    ended += 1;
  };
  const watch = () => ({ worst: () => late, end });
  const report = await verify(target, { backing, rules, watch });
  const outcomes = report.results.map(({ rule, outcome, again, reason }) => [rule.id, outcome, again, reason]);
  return { report, outcomes, ended };
}

it('skips what was broken twice while the machine was too busy, and says so once', async () => {
  const twice = [breaks('one', [false, false]), breaks('other', [false, false])];
  const { report, outcomes, ended } = await verifyWhile(LATE_MS + 1, twice);
  const why = (id: string) =>
    `this machine was too busy to measure times: a timer was ${LATE_MS + 1} ms late. What was seen: ${id} is sent: late`;
  expect(outcomes).toEqual([
    ['one', 'skipped', true, why('one')],
    ['other', 'skipped', true, why('other')],
  ]);
  expect(report.busy).toMatch(/nothing is known of one, other: verify again/);
  expect(ended).toBe(1);
});

it('judges what a busy machine cannot have caused, and what is kept at the second look', async () => {
  const rules = [
    breaks('steady', [false, false], { steady: true }),
    breaks('plain', [false, false], { expected: '404' }),
    breaks('once', [false, true]),
  ];
  const { report, outcomes } = await verifyWhile(LATE_MS + 1, rules);
  expect(outcomes).toEqual([
    ['steady', 'broken', undefined, undefined],
    ['plain', 'broken', true, undefined],
    ['once', 'kept', true, undefined],
  ]);
  expect(report).not.toHaveProperty('busy');
});

it('judges what is broken twice on a machine that is quiet enough', async () => {
  const { report, outcomes } = await verifyWhile(LATE_MS, [breaks('twice', [false, false])]);
  expect(outcomes).toEqual([['twice', 'broken', true, undefined]]);
  expect(report).not.toHaveProperty('busy');
});

it('says that a service listens on no port when that is so of a second start as well, if the machine was busy', {
  timeout: 60_000,
}, async () => {
  const folder = makeFolder();
  // What starts within two seconds of the first start never listens.
  const main = `
    import { existsSync, statSync, writeFileSync } from 'node:fs';
    import { createServer } from 'node:http';
    const first = process.argv[1] + '.first';
    if (!existsSync(first)) writeFileSync(first, '');
    if (Date.now() < statSync(first).mtimeMs + 2000) setTimeout(() => 0, 60_000);
    else createServer((_, response) => response.end()).listen(Number(process.env.PORT));
  `;
  const starts = (id: string) =>
    ruleOf(id, async (harness) => {
      await harness.start();
      harness.saw({ sent: id, expected: 'a start', got: 'a start', ok: true });
      return harness.evidence;
    });
  const verifyAt = async (name: string, late: number) => {
    write(folder, { [`${name}/main.mjs`]: main });
    const watch = () => ({ worst: () => late, end: async () => undefined });
    const service = serviceIn(`${folder}/${name}`, { startMs: 3000 });
    const { results, portless } = await verify(service, { backing, rules: [starts('one'), starts('other')], watch });
    return { portless, outcomes: results.map(({ outcome }) => outcome) };
  };
  try {
    expect(await verifyAt('busy', LATE_MS + 1)).toEqual({ portless: undefined, outcomes: ['kept', 'kept'] });
    expect((await verifyAt('quiet', LATE_MS)).portless).toBe('it listens on no port');
  } finally {
    removeFolder(folder);
  }
});

it('judges a credential in a log line that speaks of a time', { timeout: 60_000 }, async () => {
  const folder = makeFolder();
  write(folder, {
    'main.mjs': `
      import { createServer } from 'node:http';
      createServer((request, response) => {
        console.log(request.url, 'answered after 5 ms');
        response.end();
      }).listen(Number(process.env.PORT));
    `,
  });
  try {
    const watch = () => ({ worst: () => LATE_MS + 1, end: async () => undefined });
    const { results } = await verify(serviceIn(folder), { backing, rules: [noCredentials], watch });
    expect(results.map(({ outcome }) => outcome)).toEqual(['broken']);
  } finally {
    removeFolder(folder);
  }
});

it('watches a timer that this program does not delay', async () => {
  const timers = watchTimers();
  await sleep(300);
  timers.worst();
  const end = performance.now() + 400;
  while (performance.now() < end);
  const late = timers.worst();
  await timers.end();
  expect(late).toBeLessThan(200);
});

it.each([
  ['200 within 500 ms', '503', true],
  ['an answer', 'an answer: nothing within 5000 ms', true],
  ['within 35 s: exit 0', 'still running', true],
  ['at most 20 MiB more', '60 MiB', false],
  ['exit 78', 'still running', true],
  ['404', '200 application/json {}', false],
  ['exit 0', 'exit 1 after 110 ms', true],
  ['an answer', 'not within 5 s', true],
  ['no line that shows them', 'GET /?token=hunter2 404 1.446 ms - 146', false],
])('whether a time decided when %s was expected and %s came: %s', (expected, got, isTime) => {
  expect(isOfTime({ sent: 'any', expected, got, ok: false })).toBe(isTime);
  expect(isOfTime({ sent: 'any', expected, got, ok: false, steady: true })).toBe(false);
});
