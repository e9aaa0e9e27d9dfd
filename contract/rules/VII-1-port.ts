import type { Harness } from '../harness/harness.ts';
import { freePort } from '../harness/http/ports.ts';
import type { Child } from '../harness/process/child.ts';
import { isLoud } from '../harness/process/line.ts';
import { describeExit, type Exit } from '../harness/process/process.ts';
import { hasProcfs, listensOn } from '../harness/process/procfs.ts';
import { errorsFirst } from '../harness/process/quote.ts';
import type { RunOptions } from '../harness/runner.ts';
import { NO_NUMBER } from '../harness/schema/variables.ts';
import { until } from '../harness/wait.ts';
import { GRACEFUL, type Listening, leaseGraceful } from '../probes/stop/instances-to-stop.ts';
import type { Rule } from '../rule.ts';

/** Time between two looks at the sockets of a process, in milliseconds. */
const LOOK_MS = 250;

export const rule: Rule = {
  id: 'VII-1',
  level: 'MUST',
  factor: 'VII. Port binding',
  promises: {
    'twelve-factor':
      'The service listens on `PORT`. Text in it is refused, and a port in use ends it with a line that says so; neither is exit 0.',
    house: '0 means any free port, which the log names. Text is refused with 78, and a port in use ends it with 1.',
  },
  why: 'The platform decides about ports. A service that falls back to another one is up and cannot be reached.',
  mend: 'Read PORT as an integer from 0 to 65535, log the bound address when listening, treat EADDRINUSE as fatal.',
  byHand: ['PORT=8081 $SERVICE & sleep 2; curl -i http://127.0.0.1:8081$LIVE', 'PORT=text $SERVICE; echo $?'],
  applies: (subject) => subject.serves(),
  async check(harness) {
    const service = await harness.shared();
    const database = harness.subject.hasDatabase ? { database: await harness.database() } : {};
    const given = await service.status(service.paths.live);
    const own = service.isOwn();
    harness.saw({
      sent: `PORT=${service.port}`,
      expected: 'the process itself answers on that port',
      got: `${given}${own ? '' : ', but the port is not its own'}`,
      ok: service.isFine(given) && own,
    });
    if (harness.leavesOut('any port, one that is no number, and one that is taken')) return harness.evidence;
    const { startMs } = harness.subject;
    const isHouse = harness.asks('house');
    const begun = `${await freePort()}abc`;
    const [bad, half, taken] = await Promise.all([
      harness.run(['web'], { ...database, env: harness.port(NO_NUMBER), timeoutMs: startMs }),
      harness.run(['web'], { ...database, env: harness.port(begun), timeoutMs: startMs }),
      startOnTaken(harness, { ...database, env: harness.port(service.port) }, service.port),
      isHouse ? seeAnyPort(harness) : undefined,
    ]);
    const fails = ({ code, signal }: Omit<Exit, 'at'>, house: number) =>
      isHouse ? code === house : code !== 0 && (code !== null || signal !== null);
    for (const [text, { exit }] of [[NO_NUMBER, bad] as const, [begun, half] as const])
      harness.saw({
        sent: `PORT=${text}`,
        expected: isHouse ? `exit ${harness.subject.configExit}` : 'an exit that is not 0',
        got: describeExit(exit),
        ok: fails(exit, harness.subject.configExit),
      });
    const isShared = listensThere(harness, taken, service.port);
    harness.saw({
      sent: 'a port that is taken',
      expected: isHouse ? 'exit 1' : 'an exit that is not 0',
      got: isShared ? 'both listen on it' : describeExit(taken.exited),
      ok: fails(taken.exited ?? { code: null, signal: null }, 1),
      ...(isShared ? { steady: true } : {}),
    });
    if (taken.exited === undefined) return harness.evidence; // What it has not said yet it may say later.
    const named = taken.lines.find((one) => isLoud(one) && one.text.includes(String(service.port)))?.text;
    const line = named ?? taken.output.split('\n').find((text) => IN_USE.test(text));
    harness.saw({
      sent: 'a port that is taken',
      expected: 'a line that says so: of level error or fatal with the port, or with "in use"',
      got: line ?? (errorsFirst(taken.output, 1) || '(nothing)'),
      ok: line !== undefined,
    });
    return harness.evidence;
  },
};

/** Starts one on the port of another, until it has ended or listens on it too: a system lets those share a port who say so. */
async function startOnTaken(harness: Harness, options: RunOptions, port: number): Promise<Child> {
  const child = await harness.spawn(['web'], options);
  const isOver = () => child.exited !== undefined || listensThere(harness, child, port) || undefined;
  await until('its end', harness.subject.startMs, isOver, LOOK_MS).catch(() => undefined);
  return child;
}

const listensThere = (harness: Harness, child: Child, port: number): boolean =>
  child.exited === undefined && hasProcfs() && listensOn(harness.service(child, port).members() ?? [], port);

/** A service that reads 0 as no port given listens on its usual one, which only one instance can have. */
async function seeAnyPort(harness: Harness): Promise<void> {
  const free = await leaseGraceful(harness, (owner) => Promise.all([1, 2].map(() => startOnAnyPort(owner))));
  const ports = free.map(({ port }) => port);
  const found = free.map(({ port, child }) =>
    port > 0 ? `port ${port}` : `no such line: ${child.lines.at(-1)?.text ?? '(nothing)'}`,
  );
  harness.saw({
    sent: 'PORT=0, for two instances',
    expected: `a line of each with the port that it answers on, its own, within ${harness.subject.startMs} ms`,
    got: found.join(', and '),
    ok: ports.every((port) => port > 0) && ports[0] !== ports[1],
  });
}

async function startOnAnyPort(owner: Harness): Promise<Listening> {
  const database = owner.subject.hasDatabase ? await owner.database() : undefined;
  const env = { ...owner.port(0), ...GRACEFUL };
  const child = await owner.spawn(['web'], { env, ...(database ? { database } : {}) });
  return { child, database, port: await findPort(owner, child) };
}

/** What runtimes and servers say of a port that is taken, on whichever stream. */
const IN_USE = /\bEADDRINUSE\b|\bin use\b|\bfailed to bind\b/i;

/** The port that a process names in a line and answers on itself; 0 if there is none in time. */
function findPort(harness: Harness, child: Child): Promise<number> {
  return until('a start line with the port', harness.subject.startMs, async () => {
    const isOver = child.exited !== undefined;
    for (const port of new Set(child.lines.flatMap(({ text }) => numbersOf(text)))) {
      const service = harness.service(child, port);
      if (service.isOwn() && service.isFine(await service.status(service.paths.live))) return port;
    }
    return isOver ? 0 : undefined;
  }).catch(() => 0);
}

/** Numbers in a text that may be ports. */
function numbersOf(text: string): number[] {
  const digits = text.match(/(?<!\d)[1-9]\d{3,4}(?!\d)/g) ?? [];
  return digits.map(Number).filter((number) => number < 2 ** 16);
}
