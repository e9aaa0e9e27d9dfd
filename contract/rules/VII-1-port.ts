import type { Harness } from '../harness/harness.ts';
import { isFine } from '../harness/http/endpoint.ts';
import type { Child } from '../harness/process/child.ts';
import { isLoud } from '../harness/process/line.ts';
import { describeExit } from '../harness/process/process.ts';
import { NO_NUMBER } from '../harness/schema/variables.ts';
import { until } from '../harness/wait.ts';
import type { Rule } from '../rule.ts';

export const rule: Rule = {
  id: 'VII-1',
  level: 'MUST',
  factor: 'VII. Port binding',
  statement:
    'The service listens on `PORT`; 0 means any free port, which the log names; text is refused with 78; a port in use ends it with 1 and a line that says so.',
  why: 'The platform decides about ports. A service that falls back to another one is up and cannot be reached.',
  mend: 'Read PORT as an integer from 0 to 65535, log the bound address when listening, treat EADDRINUSE as fatal.',
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
      ok: isFine(given) && own,
    });
    const { startMs } = harness.subject;
    const [first, second, bad, taken] = await Promise.all([
      harness.spawn(['web'], { ...database, env: harness.port(0) }),
      harness.spawn(['web'], { ...database, env: harness.port(0) }),
      harness.run(['web'], { ...database, env: harness.port(NO_NUMBER), timeoutMs: startMs }),
      harness.run(['web'], { ...database, env: harness.port(service.port), timeoutMs: startMs }),
    ]);
    // A service that reads 0 as no port given listens on its usual one, which only one instance can have.
    const free = [first, second];
    const ports = await Promise.all(free.map((child) => findPort(harness, child)));
    const found = ports.map((port, at) =>
      port > 0 ? `port ${port}` : `no such line: ${free[at]?.lines.at(-1)?.text ?? '(nothing)'}`,
    );
    harness.saw({
      sent: 'PORT=0, for two instances',
      expected: 'a line of each with the port that it answers on, its own',
      got: found.join(', and '),
      ok: ports.every((port) => port > 0) && ports[0] !== ports[1],
    });
    harness.saw({
      sent: `PORT=${NO_NUMBER}`,
      expected: 'exit 78',
      got: describeExit(bad.exit),
      ok: bad.exit.code === 78,
    });
    harness.saw({
      sent: 'a port that is taken',
      expected: 'exit 1',
      got: describeExit(taken.exit),
      ok: taken.exit.code === 1,
    });
    const line = taken.child.lines.find(
      (candidate) => isLoud(candidate) && candidate.text.includes(String(service.port)),
    );
    const got = line?.text ?? taken.child.output.trim().split('\n').at(-1) ?? '(nothing)';
    harness.saw({
      sent: 'a port that is taken',
      expected: 'a line of level error or fatal that names the port',
      got,
      ok: line !== undefined,
    });
    return harness.evidence;
  },
};

/** The port that a process names in a line and answers on itself; 0 if there is none in time. */
function findPort(harness: Harness, child: Child): Promise<number> {
  return until('a start line with the port', harness.subject.startMs, async () => {
    const isOver = child.exited !== undefined;
    for (const port of new Set(child.lines.flatMap(({ text }) => numbersOf(text)))) {
      const service = harness.service(child, port);
      if (service.isOwn() && isFine(await service.status(service.paths.live))) return port;
    }
    return isOver ? 0 : undefined;
  }).catch(() => 0);
}

/** Numbers in a text that may be ports. */
function numbersOf(text: string): number[] {
  const digits = text.match(/(?<!\d)[1-9]\d{3,4}(?!\d)/g) ?? [];
  return digits.map(Number).filter((number) => number < 2 ** 16);
}
