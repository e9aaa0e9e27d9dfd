import type { Harness } from '../harness/harness.ts';
import { describe } from '../harness/http.ts';
import { createItem } from '../probes/stored-item.ts';
import type { Rule } from '../types.ts';

/** As far away as places are, and a language whose capital i is not I. */
const PLACE = { TZ: 'Pacific/Kiritimati', LC_ALL: 'tr_TR.UTF-8', LANG: 'tr_TR.UTF-8' };

/** What the clocks of two machines may differ by, and a request may take, in milliseconds. */
const TOLERANCE = 10_000;

/** Code that a Node process runs first: on SIGUSR2 its clock goes back by an hour, as when a machine's is corrected. */
const STEP = `const Real = Date; let step = 0; process.on('SIGUSR2', () => { step = -36e5 }); const now = () => Real.now() + step;
globalThis.Date = new Proxy(Real, {
  construct: (target, args, made) => Reflect.construct(target, args.length > 0 ? args : [now()], made),
  get: (target, key) => key === 'now' ? now : Reflect.get(target, key),
});`;
const PRELOAD = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(STEP)}` };

export const rule: Rule = {
  id: 'III-4',
  level: 'MUST',
  factor: 'III. Config',
  statement:
    'Neither the time zone nor the locale of the machine changes an answer or a log line, and a step of the clock changes no health check.',
  why: 'Machines differ in both, and clocks are corrected; what depends on them works on the machine where it was written.',
  mend: 'Store and print times in UTC, format nothing by the locale, and measure durations and ages with a monotonic clock.',
  applies: (subject) => subject.serves(),
  async check(harness) {
    await Promise.all([places(harness), step(harness)]);
    return harness.evidence;
  },
};

async function places(harness: Harness): Promise<void> {
  const [here, there] = await Promise.all([harness.shared(), harness.sibling({ env: PLACE })]);
  const write = await harness.findWrite();
  const isStored = harness.subject.hasDatabase && write !== undefined;
  const paths = ['/version', ...(isStored ? [(await createItem(harness, here)).path] : [])];
  for (const path of paths) {
    const [one, other] = await Promise.all([here.ask(path), there.ask(path)]);
    const same = one.status === other.status && one.text === other.text;
    harness.saw({
      sent: `GET ${path} without a time zone, and with ${Object.entries(PLACE)
        .map((pair) => pair.join('='))
        .join(' ')}`,
      expected: 'the same',
      got: same ? describe(one) : `${describe(one)} and ${describe(other)}`,
      ok: same,
    });
  }
  const { child } = there;
  const from = Date.now() - (performance.now() - child.startedAt);
  const times = child.lines.flatMap(({ json }) => (typeof json?.time === 'string' ? [json.time] : []));
  const wrong = times.find((time) => {
    const at = Date.parse(time);
    return Number.isFinite(at) && (at < from - TOLERANCE || at > Date.now() + TOLERANCE);
  });
  harness.saw({
    sent: `the time of log lines with TZ=${PLACE.TZ}`,
    expected: `about ${new Date().toISOString()}`,
    got: wrong ?? times.at(-1) ?? 'no line has a time',
    ok: wrong === undefined,
  });
}

async function step(harness: Harness): Promise<void> {
  const { target } = harness.subject;
  if (target.kind !== 'process' || !/(^|\/)node$/.test(target.command[0] ?? '')) return;
  const proxied = harness.subject.hasDatabase ? await harness.proxied(await harness.database()) : undefined;
  const service = await harness.start({ env: PRELOAD, ...(proxied ? { database: { url: proxied.url } } : {}) });
  const { ready } = service.paths;
  await service.signal('SIGUSR2');
  const sent = 'the clock goes back by an hour';
  const see = async (what: string, status: number) => {
    const ms = await service.reaches(ready, status, 6000).catch(() => undefined);
    const got =
      ms === undefined ? `not within 6 s: ${await service.status(ready)}` : `${status} after ${Math.round(ms)} ms`;
    harness.saw({ sent: `${sent}${what}: GET ${ready}`, expected: `${status} within 6 s`, got, ok: ms !== undefined });
  };
  await see('', 200);
  if (!proxied) return;
  await proxied.proxy.down();
  await see(', then the database goes away', 503);
  await proxied.proxy.up();
  await see(', and the database is back', 200);
}
