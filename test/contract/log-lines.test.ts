// @module-tag sampled
import { describe, expect, it } from 'vitest';
import { isLoud } from '../../contract/harness/process/line.ts';
import { isOfPlace } from '../../contract/rules/III-4-time-zone.ts';
import { broken, lookAt } from './small-service.ts';

/** What rules about the log make of loggers that name their fields otherwise, say less, or say it later. */

it.each<[object, 'warn' | 'error' | undefined]>([
  [{ level: 'error' }, 'error'],
  [{ level: 'ERROR' }, 'error'],
  [{ level: 'Fatal' }, 'error'],
  [{ level: 50 }, 'error'],
  [{ level: 60 }, 'error'],
  [{ severity: 'CRITICAL' }, 'error'],
  [{ severity: 'ALERT' }, 'error'],
  [{ severity: 'EMERGENCY' }, 'error'],
  [{ 'log.level': 'error' }, 'error'],
  [{ level: 'ERROR+2' }, 'error'],
  [{ level: 'Warning' }, 'warn'],
  [{ level: 40 }, 'warn'],
  [{ level: 30 }, undefined],
  [{ level: 'info', msg: 'error' }, undefined],
  [{ level: 'terror' }, undefined],
  [{ msg: 'error' }, undefined],
])('%j is as loud as %s', (json, loud) => {
  const line = { json: json as Record<string, unknown> };
  expect([isLoud(line), isLoud(line, 'warn')]).toEqual([loud === 'error', loud !== undefined]);
});

/** Each request is answered with 200 and logged by `LOG(request)`. */
const logging = (log: string) => `
log({ msg: 'up' });
async function handle(request, response, pathname) {
  const body = await bodyOf(request);
  answer(response, pathname.startsWith('/no') ? 404 : 200, {});
  ${log}
}
`;
const BY_OTHER_NAMES = "log({ message: 'done', req: { requestId: request.headers['x-request-id'] } });";

describe.concurrent('XI-3', () => {
  it('is kept where nothing leaks, whatever the fields are called', async () => {
    const result = await lookAt('XI-3', logging(BY_OTHER_NAMES));
    expect(broken(result)).toEqual([]);
    expect(result.leftOut).not.toContainEqual(expect.stringMatching(/^lines of/));
  });

  it('is broken where something leaks, whatever the fields are called', async () => {
    const leak = `${BY_OTHER_NAMES} log({ target: request.url });`;
    expect(broken(await lookAt('XI-3', logging(leak)))).toContainEqual(
      expect.stringMatching(/^credentials in a query: .*hunter2/),
    );
  });

  it('says which lines it has not seen', async () => {
    const result = await lookAt('XI-3', logging("log({ msg: 'done' });"));
    expect(result.outcome).toBe('partly');
    expect(result.leftOut).toContain(
      "lines of requests with headers, a query, a query of no route, a query of the page before, user information in the request target: none has the request's id",
    );
  });
});

describe('XI-1', () => {
  it.each([
    ['by other names', BY_OTHER_NAMES],
    ['without an id', "log({ msg: 'done' });"],
  ])('is kept where a request is logged at once, %s', async (_, log) => {
    const result = await lookAt('XI-1', logging(log));
    expect(broken(result).filter((one) => one.startsWith('a request'))).toEqual([]);
    expect(result.leftOut ?? []).not.toContainEqual(expect.stringMatching(/^how soon/));
  });

  it('leaves out how soon lines arrive where requests have none', async () => {
    const { leftOut } = await lookAt('XI-1', logging(''));
    expect(leftOut).toContain('how soon lines arrive: it logs none of a request');
  });

  it.each([
    ['id', "waiting.push({ id: request.headers['x-request-id'] });"],
    ['nothing of it', 'waiting.push({});'],
  ])('is broken by lines that wait in a buffer for more, with %s', async (_, push) => {
    const buffered = `${push} if (waiting.length > 99) waiting.splice(0).forEach(log);`;
    const result = await lookAt('XI-1', `const waiting = [];${logging(buffered)}`);
    expect(broken(result)).toContainEqual(
      expect.stringMatching(/^a request; read the log through a pipe: after \d{4}/),
    );
  });

  it('finds the line of a crash by any name of its level', async () => {
    const crash =
      "process.on('uncaughtException', ({ message }) => { log({ severity: 'CRITICAL', message }); process.exit(1); });";
    const result = await lookAt('XI-1', crash + logging(BY_OTHER_NAMES));
    expect(broken(result)).toEqual([]);
  });
});

describe('III-4', () => {
  const NOW = Date.parse('2026-03-01T12:00:00Z');
  it.each([
    ['2026-03-01T12:00:00.000Z', false],
    ['2026-03-01T12:00:00+00:00', false],
    ['2026-03-01 12:00:00,123', false],
    [NOW / 1000, false],
    ['yesterday', false],
    ['2026-03-02T02:00:00+14:00', true],
    ['2026-03-02T02:00:00.000+1400', true],
    ['Mon Mar 02 2026 02:00:00 GMT+1400 (Line Islands Time)', true],
    ['2026-03-02 02:00:00,123', true],
    ['2026-03-02T02:00:00Z', true],
  ])('the time %s is that of a place: %s', (time, expected) => {
    expect(isOfPlace(time, NOW - 1000, NOW + 1000)).toBe(expected);
  });

  it('is broken by a log with the offset of the place, by whatever name', async () => {
    const local = `const at = new Date(Date.now() + 14 * 3600_000).toISOString().replace('Z', process.env.TZ ? '+14:00' : '');`;
    const result = await lookAt('III-4', `${local} log({ timestamp: at }); ${logging('')}`);
    expect(broken(result)).toEqual([expect.stringMatching(/^the time of log lines with TZ=.*\+14:00$/)]);
  });

  it('is kept by a log with a number', async () => {
    expect(await lookAt('III-4', `log({ time: Date.now() }); ${logging('')}`)).toMatchObject({ outcome: 'partly' });
  });
});

describe.concurrent('XI-4', () => {
  /** Does not wait for the pipe; `full` is what becomes of a line that does not fit. */
  const logger = (line: string, full: string) => `
    let isFull = false;
    const say = (line) => { if (!isFull) isFull = !process.stdout.write(JSON.stringify(line) + '\\n'); else { ${full} } };
    ${logging(`const id = request.headers['x-request-id']; say(${line});`)}`;
  const LONG = "msg: 'done'.repeat(60)";
  const ON_DRAIN =
    "if (!process.stdout.listenerCount('drain')) process.stdout.once('drain', () => { isFull = false; });";

  it.each([
    ['with ids', `{ id, ${LONG} }`],
    ['without', `{ ${LONG} }`],
  ])('is kept by a log that drops lines and goes on, %s', async (_, line) => {
    expect(broken(await lookAt('XI-4', logger(line, ON_DRAIN)))).toEqual([]);
  });

  it.each([
    ['', ''],
    [', but for a line a second that nobody asked for', "setInterval(() => log({ msg: 'alive' }), 1000);"],
  ])('is broken by a log that falls silent for ever%s', async (_, more) => {
    expect(broken(await lookAt('XI-4', logger(`{ id, ${LONG} }`, '') + more))).toEqual([
      expect.stringMatching(/^read standard output again, then send requests: \d+ lines, none/),
    ]);
  });

  it('is skipped where requests have no lines', async () => {
    expect(await lookAt('XI-4', logging(''))).toMatchObject({
      outcome: 'skipped',
      reason: 'it logs too little: 0 lines of 8000 requests',
    });
  });
});
