import type { Line } from '../harness/line.ts';
import { describeExit } from '../harness/service.ts';
import { NO_NUMBER } from '../harness/variables.ts';
import { until } from '../harness/wait.ts';
import type { Rule } from '../types.ts';

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
      ok: given === 200 && own,
    });
    const [free, bad, taken] = await Promise.all([
      harness.spawn(['web'], { ...database, env: harness.port(0) }),
      harness.run(['web'], { ...database, env: harness.port(NO_NUMBER), timeoutMs: 10_000 }),
      harness.run(['web'], { ...database, env: harness.port(service.port), timeoutMs: 10_000 }),
    ]);
    const logged = await until('a start line with the port', 10_000, async () => {
      for (const port of free.lines.flatMap(portsOf)) {
        if ((await harness.service(free, port).status(service.paths.live)) === 200) return port;
      }
      return free.exited ? 0 : undefined;
    }).catch(() => 0);
    harness.saw({
      sent: 'PORT=0',
      expected: 'a line with the port that answers',
      got: logged > 0 ? `port ${logged}` : `no such line: ${free.lines.at(-1)?.text ?? '(nothing)'}`,
      ok: logged > 0,
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
      ({ json, text }) => /^(error|fatal)$/.test(String(json?.level)) && text.includes(String(service.port)),
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

/** Numbers of a line that are said to be ports: under a name with "port", or after a colon in a text. */
function portsOf({ json = {} }: Line): number[] {
  const named = Object.entries(json).filter(([key, value]) => /port/i.test(key) && Number.isInteger(value));
  const written = [...JSON.stringify(json).matchAll(/:(\d{4,5})\b/g)].map(([, digits]) => Number(digits));
  return [...named.map(([, value]) => Number(value)), ...written];
}
