// @module-tag sampled
import { describe, expect, it } from 'vitest';
import { localTime } from '../../contract/probes/log/local-time.ts';
import { zoneAt } from '../../contract/rules/III-4-time-zone.ts';
import { broken, lookAt } from './small-service.ts';

const ZONE = 'Pacific/Kiritimati';
/** 23:14:05 there. */
const AT = Date.parse('2026-11-29T09:14:05.000Z');

it.each([
  ['2026-11-29T23:14:05', true],
  ['2026-11-29 23:14:05.123456', true],
  ['2026-11-29T23:14:05.123Z', true],
  ['2026-11-29T23:14:05+14:00', true],
  ['2026-11-29 23:14:05.1 +1400 +14 m=+0.01', true],
  ['2026-11-29T23:14', true],
  ['Sun Nov 29 2026 23:14:05 GMT+1400 (Line Islands Time)', true],
  ['Sun Nov 29 23:14:05 2026', true],
  ['11/29/2026, 11:14:05 PM', true],
  ['29/11/2026, 23:14:05', true],
  ['29.11.2026 23:14:05', true],
  ['2026/11/29 23:14:05', true],
  ['2026/11/29 23:14:05.123456', true],
  ['[2026-11-29 23:14:05 +1400]', true],
  ['[29/Nov/2026:23:14:05 +1400]', true],
  ['[29/Nov/2026 23:14:05]', true],
  ['Nov 29 23:14:05', true],
  ['Sun, 29 Nov 2026 23:14:05 GMT', true],
  ['2026-11-29 23:14:05,123', true],
  ['2026/11/29 09:14:05', false],
  ['[29/Nov/2026:09:14:05 +0000]', false],
  ['2026-11-29T09:14:05.000Z', false],
  ['2026-11-29T09:14:05', false],
  ['2026-11-29T10:14:05+01:00', false],
  ['Sun, 29 Nov 2026 09:14:05 GMT', false],
  ['2026-01-31T12:30:45.000Z', false],
  ['1764407645000', false],
])('%s is the time of a place: %s', (text, expected) => {
  expect(localTime(`{"at":"${text}"}`, ZONE, AT, AT + 100) !== undefined).toBe(expected);
});

it.each([0, 9, 10, 11, 23])('at %d o’clock in UTC it is another day in the zone of III-4', (hour) => {
  const at = new Date(Date.UTC(2026, 10, 29, hour, 59));
  expect(at.toLocaleDateString('sv-SE', { timeZone: zoneAt(at) })).not.toBe('2026-11-29');
});

it('takes a time without seconds for any moment of its minute', () => {
  const at = AT + 25_000;
  expect(localTime('2026-11-29 23:14', ZONE, at, at + 100)).toBe('2026-11-29 23:14');
  expect(localTime('2026-11-29 23:13', ZONE, at, at + 100)).toBeUndefined();
});

it('III-4 is broken by an answer with the local time, and kept with the time in UTC', async () => {
  const clock = (time: string) => `async function handle(_, response, pathname) {
  if (pathname === '/time') return answer(response, 200, { now: ${time} });
  problem(response, 404);
}`;
  expect(broken(await lookAt('III-4', clock('new Date().toLocaleString()')))).toEqual([
    expect.stringMatching(/^\d+ reads with TZ=Pacific\/\w+: GET \/time: /),
  ]);
  expect(broken(await lookAt('III-4', clock('new Date().toISOString()')))).toEqual([]);
});

describe('III-4 looks at a log of text', () => {
  /** As Go's `log` writes it. */
  const logs = (time: string, stream = 'stderr') => `
    const two = (number) => String(number).padStart(2, '0');
    const at = (date) => [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('/') + ' '
      + [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':');
    const utc = () => new Date(Date.now() + new Date().getTimezoneOffset() * 60_000);
    async function handle(_, response) {
      process.${stream}.write(${time} + ' GET\\n');
      problem(response, 404);
    }`;

  it.each(['stderr', 'stdout'])('on %s: local time breaks it', async (stream) => {
    expect(broken(await lookAt('III-4', logs('at(new Date())', stream)))).toEqual([
      expect.stringMatching(/^lines of text in the log with TZ=Pacific\/\w+: \d{4}\/\d\d\/\d\d \d\d:/),
    ]);
  });

  it('UTC keeps it, and a log without times is said to have none', async () => {
    const utc = await lookAt('III-4', logs('at(utc())'));
    expect(broken(utc)).toEqual([]);
    expect(utc.evidence.map(({ sent }) => sent)).toContain(`lines of text in the log with TZ=${zoneAt(new Date())}`);
    const none = await lookAt('III-4', logs("'no time'"));
    expect(none.leftOut?.join()).toContain('the times of the log: no line has one that is known');
  });
});
