import type { Harness } from '../../harness/harness.ts';
import type { Answer } from '../../harness/http/ask.ts';
import type { Service } from '../../harness/service.ts';
import { askOrNone, readablePaths } from '../http/readable-paths.ts';

/** Routes that have a time more often than others. */
const USUAL = ['/', '/time', '/now', '/clock', '/date', '/status'];
/** By how much two clocks may differ, with the time that a request takes, in milliseconds. */
const TOLERANCE = 5000;

/** `2026-01-31T12:30`, or `2026/01/31 12:30` as Go and nginx write it, with or without seconds and an offset. */
const ISO = /(\d{4}[-/]\d\d[-/]\d\d)[T ](\d\d:\d\d(?::\d\d(?:[.,]\d{1,3})?)?)\d*\s?(Z|UTC|GMT|[+-]\d\d:?\d\d)?/g;
/** As some languages format a time without being told how. */
const LOCALES = ['en-US', 'en-GB', 'de-DE', 'tr-TR'];
const C_TIME: Intl.DateTimeFormatOptions = {
  weekday: 'short',
  month: 'short',
  day: '2-digit',
  year: 'numeric',
  hourCycle: 'h23',
};

/** Looks for the time of a place in the answers of an instance that was started there, to reads and to a write. */
export async function probeLocalTime(harness: Harness, there: Service, zone: string): Promise<void> {
  const shown: string[] = [];
  const see = (what: string, from: number, answer: Answer | undefined) => {
    if (answer === undefined) return;
    const found = localTime(`${answer.text} ${JSON.stringify(answer.headers)}`, zone, from, Date.now());
    if (found !== undefined) shown.push(`${what}: ${found}`);
  };
  const paths = await readablePaths(harness, there, USUAL);
  for (const path of [...paths, '/no/such/route']) see(`GET ${path}`, Date.now(), await askOrNone(there, path));
  const write = await harness.findWrite();
  if (write) {
    const from = Date.now();
    const post = { method: 'POST', body: write.body() };
    const answer = await there.ask(write.path, post).catch(() => undefined);
    see(`POST ${write.path}`, from, answer);
    const { location } = answer?.headers ?? {};
    if (location !== undefined) {
      const { pathname } = new URL(location, there.url);
      see(`GET ${pathname}`, from, await askOrNone(there, pathname));
    }
  }
  harness.saw({
    sent: `${paths.length + 1} reads${write ? ' and a write' : ''} with TZ=${zone}`,
    expected: 'no time of that place in an answer',
    got: shown.join('; ') || 'none',
    ok: shown.length === 0,
    steady: true,
  });
}

/** The first time in a text that is now by the clock of a place, and not by that of UTC; `undefined` if there is none. */
export function localTime(text: string, zone: string, from: number, to: number): string | undefined {
  const ahead = offsetOf(zone, from);
  for (const [found, day = '', time = '', offset = 'Z'] of text.matchAll(ISO)) {
    const isUtc = /^(Z|UTC|GMT|[+-]00:?00)$/.test(offset);
    // A time with an offset of its own, that is not the place's, does not follow the machine.
    if (!isUtc && minutesOf(offset) * 60_000 !== ahead) continue;
    const at = Date.parse(
      `${day.replaceAll('/', '-')}T${time.replace(',', '.')}${isUtc ? 'Z' : offset.replace(/(\d\d):?(\d\d)$/, '$1:$2')}`,
    );
    // A time without seconds is the beginning of its minute.
    const first = isUtc ? at - ahead : at;
    const last = first + (time.length === 5 ? 60_000 : 0);
    if (first <= to + TOLERANCE && last >= from - TOLERANCE) return found;
  }
  for (let at = from - TOLERANCE; at <= to + TOLERANCE; at += 1000) {
    const written = writtenAt(at, zone).find((one) => text.includes(one));
    if (written !== undefined) return written;
  }
  return undefined;
}

/** The minutes in an offset such as `+14:00`. */
function minutesOf(offset: string): number {
  const [, sign, hours, minutes] = /([+-])(\d\d):?(\d\d)/.exec(offset) ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}

/** By how much the clock of a place is ahead of UTC, in milliseconds. */
function offsetOf(zone: string, at: number): number {
  const shown = new Date(at).toLocaleString('sv-SE', { timeZone: zone });
  return Date.parse(`${shown.replace(' ', 'T')}Z`) - Math.floor(at / 1000) * 1000;
}

/** An instant by the clock of a place, to the second, in several ways. */
function writtenAt(at: number, zone: string): string[] {
  const date = new Date(at);
  const plain = LOCALES.map((locale) => date.toLocaleString(locale, { timeZone: zone }).replace(/\s?[AP]M$/, ''));
  const parts = new Intl.DateTimeFormat('en-US', { ...C_TIME, timeZone: zone, timeStyle: undefined }).formatToParts(
    date,
  );
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? '';
  const time = date.toLocaleTimeString('en-GB', { timeZone: zone });
  return [
    ...plain,
    `${part('month')} ${part('day')} ${time}`,
    `${part('month')} ${part('day')} ${date.getUTCFullYear()} ${time}`,
    // As logs of web servers have it.
    `${part('day')}/${part('month')}/${part('year')}:${time}`,
    `${part('day')}/${part('month')}/${part('year')} ${time}`,
    // As HTTP and mails have it, which call it GMT whatever it is.
    `${part('day')} ${part('month')} ${part('year')} ${time}`,
  ];
}
