// @module-tag sampled
import { afterAll, describe, expect, it, test } from 'vitest';
import { Backing } from '../../contract/harness/backing/backing.ts';
import { judge } from '../../contract/judge/judge.ts';
import { rules } from '../../contract/rules/index.ts';
import type { ProcessTarget } from '../../contract/target.ts';
import { type Report, verify } from '../../contract/verify.ts';
import { makeFolder, removeFolder, write } from '../support/folder.ts';
import { quiet } from '../support/quiet.ts';
import { broken, lookAt, serviceIn } from './small-service.ts';

/** What is looked at of a worker, which listens on no port, and of a service that stores nothing. */

const folder = makeFolder();
afterAll(() => removeFolder(folder));

/** A worker that a stranger may have written. */
const WORKER = `
console.log('the worker begins');
const timer = setInterval(work, 500);
process.on('SIGTERM', stop).on('SIGINT', stop);
function work() { WORK }
function stop() { clearInterval(timer); STOP }
`;
let count = 0;

/** Looks at a worker. @param ids of rules, separated by spaces */
function look(ids: string, work = '', stop = '', more: Partial<ProcessTarget> = {}): Promise<Report> {
  count += 1;
  write(folder, { [`${count}/main.mjs`]: WORKER.replace('WORK', work).replace('STOP', stop) });
  const target = serviceIn(`${folder}/${count}`, { profile: 'twelve-factor', form: 'worker', paths: {}, ...more });
  const chosen = rules.filter(({ id }) => ids.split(' ').includes(id));
  return verify(target, { watch: quiet, backing: new Backing(), rules: chosen });
}
const outcomes = ({ results }: Report) => Object.fromEntries(results.map(({ rule, outcome }) => [rule.id, outcome]));
const faults = ({ results }: Report) => results.flatMap(broken);

describe('a worker', { timeout: 60_000 }, () => {
  it('is looked at for all that needs no HTTP', async () => {
    const report = await look('IX-1 IX-2 IX-4 IX-6 VI-1 VII-2 XI-1 XI-3 VII-1 IX-3 S-1 H-2');
    expect(faults(report)).toEqual([]);
    expect(outcomes(report)).toEqual({
      ...{ 'IX-1': 'kept', 'IX-2': 'kept', 'VII-2': 'kept', 'XI-3': 'kept', 'XI-1': 'partly' },
      ...{ 'IX-4': expect.any(String), 'IX-6': expect.any(String), 'VI-1': expect.any(String) },
      ...{ 'VII-1': 'skipped', 'IX-3': 'skipped', 'S-1': 'skipped', 'H-2': 'skipped' },
    });
    const reasons = report.results.filter(({ rule }) => ['VII-1', 'S-1'].includes(rule.id)).map(({ reason }) => reason);
    expect(reasons).toEqual(['a worker serves no HTTP', 'a worker serves no HTTP']);
    expect(report.portless).toBeUndefined();
  });

  it('ends with 0 at a signal, or by it; any other end is a fault', async () => {
    expect(faults(await look('IX-2', '', 'process.exit(143)'))).toEqual([
      expect.stringMatching(/^SIGINT: the end of the worker: exit 143 after/),
    ]);
    expect(
      faults(await look('IX-2', '', 'process.exit(1)'))
        .map((one) => one.replace(/ after.*/, ''))
        .sort(),
    ).toEqual(['SIGINT: the end of the worker: exit 1', 'SIGTERM: the end of the worker: exit 1']);
    const ours = await look('IX-2', '', "process.kill(process.pid, 'SIGKILL')", { profile: 'house' });
    expect(faults(ours)).toHaveLength(2);
  });

  it('does not run if it ends soon, whatever its exit code is', async () => {
    const report = await look('IX-1', 'process.exit(0)');
    expect(faults(report)).toEqual([]); // It has run by then.
    const [fault] = faults(await look('IX-1', '', '', { command: [process.execPath, '-e', ''] }));
    expect(fault).toContain('the worker ended with exit 0');
  });

  it('listens on no port that nobody announced', async () => {
    const listen = "import('node:http').then(({ createServer }) => createServer((_, r) => r.end('hi')).listen(0))";
    const [fault] = faults(await look('VII-2', `globalThis.done ??= ${listen}`, 'process.exit(0)'));
    expect(fault).toMatch(/port \d+: GET \/ answers 200/);
  });

  it('shows nothing secret of its environment', async () => {
    expect(faults(await look('XI-3', 'console.log(JSON.stringify(process.env))'))).toEqual([
      expect.stringContaining('the credentials of its environment'),
    ]);
    const env = { BROKER_URL: 'amqp://mailer:a-long-password@127.0.0.1/' };
    const shown = await look('XI-3', 'console.log(new URL(process.env.BROKER_URL).password)', '', { env });
    expect(faults(shown)).toHaveLength(1);
  });

  test('IX-6: a worker that cannot do without a network does not run without one', async () => {
    const report = await look('IX-6', "fetch('http://192.0.2.1/').catch(() => process.exit(1))");
    const [result] = report.results;
    // Where no network can be made, it cannot be looked at.
    if (result?.outcome !== 'skipped') expect(faults(report)).toEqual([expect.stringContaining('it has ended')]);
  });
});

test('VI-4: a worker that grows while nothing is asked of it', { timeout: 90_000, tags: ['long'] }, async () => {
  const report = await look('VI-4', '(globalThis.kept ??= []).push(Buffer.alloc(4e6, 1))');
  expect(faults(report)).toEqual([expect.stringContaining('its resident memory, every 4 s')]);
  expect(outcomes(await look('VI-4'))).toEqual({ 'VI-4': 'kept' });
});

describe('a service that listens on no port', { timeout: 60_000 }, () => {
  test.each([
    ['twelve-factor', {}],
    ['house', { live: '/', ready: '/' }],
  ] as const)('%s: it is one finding, and soon', async (profile, paths) => {
    const ids = 'VI-1 VI-4 VII-1 VII-2 III-5 IX-1 IX-2 IX-4 IX-6 XI-1 XI-3 H-2 S-1';
    const begun = performance.now();
    const report = await look(ids, '', '', { form: 'web', startMs: 3000, profile, paths });
    expect(performance.now() - begun).toBeLessThan(20_000);
    expect(new Set(report.results.map(({ outcome, reason }) => `${outcome}: ${reason}`))).toEqual(
      new Set(['skipped: it listens on no port']),
    );
    const waivers = { waivers: [], problems: [] };
    const { ok, findings } = judge(report, { waivers, must: [], date: '2026-01-01', version: '1.0.0' });
    expect([ok, findings]).toEqual([
      false,
      [{ rule: 'verify/port', message: 'it listens on no port: pass --form worker, or --port-variable' }],
    ]);
  });
});

test('IX-1 waits for a start as long as it is told', { timeout: 30_000 }, async () => {
  const never = 'const handle = (_, response) => response.writeHead(503).end();';
  const more = { startMs: 1500, profile: 'twelve-factor', paths: { live: '/up', ready: '/no' } } as const;
  const { evidence, outcome } = await lookAt('IX-1', never, more);
  expect(outcome).toBe('broken');
  expect(evidence[0]?.expected).toBe('200 within 1500 ms');
});

describe('a stateless service', { timeout: 30_000 }, () => {
  test('what needs a database or a write is not looked at', async () => {
    const source = 'const handle = (_, response) => response.end();';
    const migrate = { command: [process.execPath, '--version'] };
    const more = { form: 'stateless', mapping: { database: 'DB_URL', migrate } } as const;
    expect((await lookAt('IV-1', source, more)).reason).toBe('a stateless service has no database');
    expect((await lookAt('VI-2', source, more)).reason).toBe('a stateless service stores nothing');
    expect((await lookAt('IX-1', source, more)).outcome).toBe('kept');
  });
});
