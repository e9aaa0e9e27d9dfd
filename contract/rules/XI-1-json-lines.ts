import type { Harness } from '../harness/harness.ts';
import type { Child } from '../harness/process/child.ts';
import { isLoud, type Line } from '../harness/process/line.ts';
import type { Exit } from '../harness/process/process.ts';
import { describeExit } from '../harness/process/process.ts';
import { filesOpenForWriting, hasProcfs } from '../harness/process/procfs.ts';
import type { Service } from '../harness/service.ts';
import { sendMany } from '../probes/many-requests.ts';
import type { Rule } from '../rule.ts';
import { RUNTIMES } from '../runtimes/index.ts';
import { CRASHED, FAULT_SIGNAL, RAN } from '../runtimes/runtime.ts';

const FAULTY = RUNTIMES.filter(({ faults }) => faults);

/** Enough requests that their lines do not fit into the buffer of a logger. */
const PUSHES = 500;

export const rule: Rule = {
  id: 'XI-1',
  level: 'MUST',
  factor: 'XI. Logs',
  statement:
    'Standard output is one JSON object a line, in a crash too; lines arrive in a pipe within 1 s; there is no log file.',
  why: 'Collectors read stdout line by line: a stack trace over twenty lines is twenty broken records, and a buffered line is lost in a crash.',
  mend: 'Send everything through one logger that writes to stdout synchronously; log uncaught exceptions and rejections with it before exiting 1.',
  applies: (subject) => subject.serves(),
  async check(harness) {
    const given = harness.subject.target.env ?? {};
    const env = Object.assign({}, ...FAULTY.map(({ faults }) => faults?.crash(given)));
    const service = await harness.start({ env });
    await seeLineInTime(harness, service);
    const members = hasProcfs() ? service.members() : undefined;
    if (members === undefined) harness.leftOut.push('open files: its processes are not seen here');
    else {
      const files = members.flatMap(filesOpenForWriting);
      harness.saw({
        sent: 'look at the open files',
        expected: 'none open for writing',
        got: files.join(', ') || 'none',
        ok: files.length === 0,
      });
    }
    seeJson(harness, 'start and two requests', service.child);
    const isOne = runsOne(service.child);
    if (isOne) await service.signal(FAULT_SIGNAL);
    const exit = isOne ? await service.child.ended(5000).catch(() => undefined) : undefined;
    // A shell or another parent may have kept the signal.
    if (service.child.stderr.includes(CRASHED)) seeCrash(harness, service.child, exit);
    else
      harness.leftOut.push(
        `a crash: it can be asked for in a single process of ${FAULTY.map(({ name }) => name).join(' or ')} alone`,
      );
    return harness.evidence;
  },
};

async function seeLineInTime(harness: Harness, service: Service): Promise<void> {
  const id = `probe-${Date.now()}`;
  const from = performance.now();
  await service.ask(service.paths.live, { headers: { 'x-request-id': id } });
  await service.ask('/no/such/route', { headers: { 'x-request-id': `${id}-2` } });
  const line = await findLine(harness, service, `${id}-2`, from);
  if (line === undefined) return void harness.leftOut.push('how soon lines arrive: it logs none of a request');
  harness.saw({
    sent: 'a request; read stdout through a pipe',
    expected: 'its line within 1000 ms',
    got: `after ${Math.round(line.at - from)} ms`,
    ok: line.at - from < 1000,
  });
}

/** The request's line, or the first that came since if lines have no ids. More requests push lines out of a buffer. */
async function findLine(harness: Harness, service: Service, id: string, from: number): Promise<Line | undefined> {
  const named = await service.lineWith(id, 3000).catch(() => undefined);
  const found = named ?? service.child.lines.find(({ at }) => at >= from);
  if (found) return found;
  await sendMany(harness, service, PUSHES, [service.paths.live, '/no/such/route']).catch(() => undefined);
  return service.child.line('any line', 1000, ({ at }) => at >= from).catch(() => undefined);
}

function seeJson(harness: Harness, sent: string, child: Child): void {
  const broken = child.lines.filter(({ json }) => json === undefined);
  const got = broken[0]?.text ?? `${child.lines.length} lines, all JSON objects`;
  harness.saw({
    sent,
    expected: 'every line of stdout is a JSON object',
    got,
    ok: broken.length === 0 && child.lines.length > 0,
  });
}

function seeCrash(harness: Harness, child: Child, exit: Exit | undefined): void {
  const sent = 'an exception that nobody catches';
  harness.saw({ sent, expected: 'exit 1', got: describeExit(exit), ok: exit?.code === 1 });
  const last = child.lines.find((line) => isLoud(line) && line.text.includes('probe-crash'));
  const got = last?.text.slice(0, 160) ?? child.output.trim().split('\n').at(-1) ?? '(nothing)';
  harness.saw({ sent, expected: 'one JSON line with its message', got, ok: last !== undefined });
  seeJson(harness, sent, child);
}

/**
 * Whether one process, and no other, ran the code: a crash can be asked for from outside then. Programs of other languages
 * run none of it. If a package manager runs it as well as what it started, the wrong one would crash.
 */
function runsOne({ stderr }: Child): boolean {
  return new Set(stderr.match(new RegExp(`^${RAN} \\d+$`, 'gm'))).size === 1;
}
