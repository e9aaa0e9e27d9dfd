import { randomUUID } from 'node:crypto';
import type { Harness } from '../harness/harness.ts';
import { type Answer, type Ask, describe } from '../harness/http/ask.ts';
import type { Child } from '../harness/process/child.ts';
import type { Service } from '../harness/service.ts';
import { Unseen } from '../harness/wait.ts';
import { createItem } from '../probes/data/stored-item.ts';
import { askAll } from '../probes/http/same-answer.ts';
import { localTime, probeLocalTime } from '../probes/log/local-time.ts';
import { leaseUnhurried } from '../probes/stop/unhurried-instance.ts';
import type { Rule } from '../rule.ts';

/** A time zone in which it is another day than in UTC, at any time: from 10 o'clock on it is tomorrow in the one, and before 11 yesterday in the other. */
export const zoneAt = (at: Date): string => (at.getUTCHours() >= 10 ? 'Pacific/Kiritimati' : 'Pacific/Niue');

/** Such a time zone, and a language whose capital i is not I. */
const PLACE = { TZ: zoneAt(new Date()), LC_ALL: 'tr_TR.UTF-8', LANG: 'tr_TR.UTF-8' };

/** By how much two clocks may differ, with the time that a request takes, in milliseconds. */
const TOLERANCE = 10_000;

/** More than services take of a body, in bytes. */
const LARGE = 2 * 1024 * 1024;

/** Names of the field for the time. */
const TIME = ['time', 'timestamp', '@timestamp', 'ts'];

const OFFSET = /\d:\d\d\S* ?(?:UTC|GMT)?([+-]\d\d:?\d\d)\b/;
const WITHOUT_OFFSET = /^\d{4}-\d\d-\d\d[T ][\d:.,]+$/;

export const rule: Rule = {
  id: 'III-4',
  level: 'MUST',
  mustFrom: 'house',
  factor: 'III. Config',
  promises: { 'twelve-factor': 'Neither the time zone nor the locale of the machine changes an answer or a log line.' },
  why: 'Machines differ in both. What depends on them works on the machine where it was written, and not on others.',
  mend: 'Store and print times in UTC, and format, sort and fold nothing by the locale of the process.',
  thresholds: [`times in a log of JSON are at most ${TOLERANCE / 1000} s away from UTC`],
  byHand: [`TZ=Pacific/Kiritimati LC_ALL=${PLACE.LC_ALL} $SERVICE`, 'curl -i $URL$ITEM'],
  applies: (subject) => subject.serves(),
  async check(harness) {
    const [here, there] = await Promise.all([harness.shared(), leaseUnhurried(harness, PLACE)]);
    const write = await harness.findWrite('stored items');
    const isStored = harness.subject.hasDatabase && write !== undefined;
    const place = Object.entries(PLACE)
      .map((pair) => pair.join('='))
      .join(' ');
    const says = (await here.status('/version')) === 200 ? ['/version'] : [];
    const item = isStored ? await createItem(harness, here).catch(leaveOut) : undefined;
    const paths = [...says, ...(item ? [item.path] : [])];
    for (const path of paths) {
      const { ok, got } = await askAll([here, there], path);
      harness.saw({
        sent: `GET ${path} without a time zone, and with ${place}`,
        expected: 'the same',
        got,
        ok,
      });
    }
    await seeRefusals(harness, here, there, write?.path, place);
    await probeLocalTime(harness, there, PLACE.TZ);
    const { child } = there;
    const from = Date.now() - (performance.now() - child.startedAt);
    const isText = seeText(harness, child, from);
    const times = child.lines.flatMap(({ json = {} }) => {
      const time = TIME.map((name) => json[name]).find((value) => value !== undefined);
      return typeof time === 'string' || typeof time === 'number' ? [time] : [];
    });
    if (times.length === 0) {
      if (!isText) harness.leftOut.push('the times of the log: no line has one that is known');
      return harness.evidence;
    }
    const wrong = times.find((time) => isOfPlace(time, from - TOLERANCE, Date.now() + TOLERANCE));
    harness.saw({
      sent: `the time of log lines with TZ=${PLACE.TZ}`,
      expected: `in UTC, about ${new Date().toISOString()}`,
      got: String(wrong ?? times.at(-1)),
      ok: wrong === undefined,
    });
    return harness.evidence;

    function leaveOut(error: Error): undefined {
      if (!(error instanceof Unseen)) throw error;
      harness.leftOut.push(error.message);
    }
  },
};

/** Whether what is refused is refused in the same words: they may have a number or a time in them. */
async function seeRefusals(
  harness: Harness,
  here: Service,
  there: Service,
  collection: string | undefined,
  place: string,
): Promise<void> {
  const id = { 'x-request-id': `probe-${randomUUID()}` };
  const json = { ...id, 'content-type': 'application/json' };
  const post = (body: string): Ask => ({ method: 'POST', body, headers: json });
  const refusals: readonly (readonly [what: string, path: string, options: Ask])[] = [
    ['GET /no/such/route', '/no/such/route', { headers: id }],
    ...(collection === undefined
      ? []
      : ([
          [`POST ${collection} with {`, collection, post('{')],
          [`POST ${collection} with {}`, collection, post('{}')],
          [`POST ${collection} with ${LARGE / 1024 / 1024} MiB`, collection, post('x'.repeat(LARGE))],
        ] as const)),
  ];
  for (const [what, path, options] of refusals) {
    const refuse = (one: Service) => one.ask(path, options).catch(() => undefined);
    const [first, again, other] = [await refuse(here), await refuse(here), await refuse(there)];
    // What differs each time, such as an id, says nothing of the place.
    if (!first || !again || !other || first.status < 400 || textOf(here, first) !== textOf(here, again)) continue;
    harness.saw({
      sent: `${what} without a time zone, and with ${place}`,
      expected: describe(first),
      got: describe(other),
      ok: other.status === first.status && textOf(there, other) === textOf(here, first),
    });
  }
}

const textOf = ({ url }: Service, { text }: Answer): string => text.replaceAll(new URL(url).host, '{host}');

/** Looks for local time in lines that are no JSON, on both streams. @returns whether one of them has a time that is known */
function seeText(harness: Harness, { lines, stderr }: Child, from: number): boolean {
  const plain = lines.filter(({ json }) => json === undefined).map(({ text }) => text);
  const text = [...plain, stderr].join('\n');
  const local = localTime(text, PLACE.TZ, from, Date.now());
  if (local === undefined && localTime(text, 'UTC', from, Date.now()) === undefined) return false;
  harness.saw({
    sent: `lines of text in the log with TZ=${PLACE.TZ}`,
    expected: `no time of that place; it is ${new Date().toISOString()}`,
    got: local ?? 'none',
    ok: local === undefined,
    steady: true,
  });
  return true;
}

/**
 * Whether the time of a line is local time: it has an offset other than UTC, or is not the instant at which the line was
 * written. A number counts from the epoch, which is the same everywhere; a text without an offset is read as UTC.
 */
export function isOfPlace(time: string | number, from: number, to: number): boolean {
  if (typeof time === 'number') return false;
  const [, offset = 'Z'] = OFFSET.exec(time) ?? [];
  if (!/^(Z|[+-]00:?00)$/.test(offset)) return true;
  const at = Date.parse(WITHOUT_OFFSET.test(time) ? `${time.replace(',', '.')}Z` : time);
  return Number.isFinite(at) && (at < from || at > to);
}
