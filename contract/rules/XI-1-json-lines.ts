import { relative } from 'node:path';
import { marginOf } from '../evidence.ts';
import type { Harness } from '../harness/harness.ts';
import type { Child } from '../harness/process/child.ts';
import { isLoud, type Line } from '../harness/process/line.ts';
import type { Exit } from '../harness/process/process.ts';
import { describeExit, isFailure } from '../harness/process/process.ts';
import { filesOpenForWriting, hasProcfs } from '../harness/process/procfs.ts';
import { errorsFirst } from '../harness/process/quote.ts';
import { NO_NUMBER } from '../harness/schema/variables.ts';
import type { Service } from '../harness/service.ts';
import { sleep, Unseen, until } from '../harness/wait.ts';
import { ALIVE_MS } from '../harness/worker-process.ts';
import { leaseBusy } from '../probes/http/busy-instance.ts';
import { sendMany } from '../probes/http/many-requests.ts';
import { findLogFiles } from '../probes/log/log-files.ts';
import type { Rule } from '../rule.ts';
import { RUNTIMES } from '../runtimes/index.ts';
import { CRASHED, FAULT_SIGNAL, RAN } from '../runtimes/runtime.ts';

/** How soon the line of a request arrives, in milliseconds. */
const LINE_MS = 1000;
/** What comes with a line is there so soon after it, in milliseconds. */
const PAUSE_MS = 50;

const FAULTY = RUNTIMES.filter(({ faults }) => faults);

/** Names that logs have. */
const LOG_FILE = /(^|[^a-z])logs?([^a-z]|$)/i;
/** So many lines are looked for in files. */
const LAST_LINES = 50;

/** A database that is not there, and how long a service may take to say so, in milliseconds. */
const NOWHERE = 'postgresql://nobody:none@127.0.0.1:1/none';
const TROUBLE_MS = 5000;

/** How soon a service has noticed that its connections broke, in milliseconds. */
const CUT_MS = 300;

/** Enough requests that their lines do not fit into the buffer of a logger. */
const PUSHES = 500;

export const rule: Rule = {
  id: 'XI-1',
  level: 'MUST',
  factor: 'XI. Logs',
  promises: {
    'twelve-factor':
      'The log is written to standard output or standard error: lines arrive in a pipe within 1 s, a crash says what it was, and there is no log file.',
    house: 'Standard output is one JSON object a line, in a crash too.',
  },
  why: 'Collectors read stdout line by line: a stack trace over twenty lines is twenty broken records, and a buffered line is lost in a crash.',
  mend: 'Send everything through one logger that writes to stdout synchronously; log uncaught exceptions and rejections with it before exiting 1.',
  thresholds: [`the line of a request arrives within ${LINE_MS} ms`],
  byHand: ['$SERVICE | jq -c .'],
  applies: (subject) => subject.runs(),
  async check(harness) {
    const service = await leaseBusy(harness);
    const isHouse = harness.asks('house');
    const isWorker = harness.subject.form === 'worker';
    const id = isWorker ? undefined : await seeLineInTime(harness, service);
    // What makes it crash has written the first line of standard error.
    if (isWorker) await service.child.line('a line of its log', ALIVE_MS, () => true).catch(() => undefined);
    if (isWorker) harness.leftOut.push('how soon lines arrive: nothing can be asked of a worker');
    const members = hasProcfs() ? service.members() : undefined;
    if (members === undefined) harness.leftOut.push('open files: its processes are not seen here');
    else {
      // A stranger may keep a database of its own in a file.
      const files = members.flatMap(filesOpenForWriting).filter((path) => isHouse || LOG_FILE.test(path));
      harness.saw({
        sent: 'look at the open files',
        expected: isHouse ? 'none open for writing' : 'no log open for writing',
        got: files.join(', ') || 'none',
        ok: files.length === 0,
      });
    }
    if (harness.subject.target.kind === 'process') {
      seeNoFiles(harness, 'look below TMPDIR', [service.child], id);
      if (!isWorker && !harness.leavesOut('log files of what goes wrong')) await seeTroubled(harness);
    }
    if (isHouse && !isWorker && harness.subject.hasDatabase) await seeCut(harness);
    if (isHouse) seeJson(harness, isWorker ? 'start' : 'start and two requests', service.child);
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

/** Looks for lines of a log in files below the temporary folder of processes. */
function seeNoFiles(harness: Harness, sent: string, children: readonly Child[], id?: string): void {
  const folders = new Set(children.flatMap(({ temp }) => temp ?? []));
  if (folders.size === 0) return;
  const last = children.flatMap(({ output }) => output.split('\n').slice(-LAST_LINES));
  const texts = [...(id === undefined ? [] : [id]), ...last.filter(({ length }) => length > 40)];
  const logs = [...folders].flatMap((temp) => findLogFiles(temp, texts).map((path) => relative(temp, path)));
  harness.saw({
    sent,
    expected: 'no file with lines of a log',
    got: logs.join(', ') || 'none',
    ok: logs.length === 0,
    steady: true,
  });
}

/** Some keep only what is wrong in a file: a start that is refused, and an instance without a database, have much to tell. */
async function seeTroubled(harness: Harness): Promise<void> {
  const refused = harness.run(['web'], { env: harness.port(NO_NUMBER), timeoutMs: TROUBLE_MS }).catch(() => undefined);
  // Without a database of its own it is given the URL of a server that is not there.
  const lost = await harness.start({ database: { url: NOWHERE }, waitMs: 0 });
  const isUp = async () => typeof (await lost.status(lost.paths.ready)) === 'number' || lost.child.exited !== undefined;
  await until('it to answer or to end', TROUBLE_MS, async () => (await isUp()) || undefined).catch(() => undefined);
  const write = await harness.findWrite();
  const body = write && { method: 'POST', body: write.body() };
  const headers = { 'x-forwarded-for': '192.0.2.1' };
  const id = `probe-${Date.now()}-lost`;
  if (!lost.child.exited) {
    await lost.ask(write?.path ?? lost.paths.live, { ...body, headers }).catch(() => undefined);
    await lost.ask(`/no/such/${id}`, { headers: { ...headers, 'x-request-id': id } }).catch(() => undefined);
  }
  const { child } = (await refused) ?? {};
  const children = [lost.child, ...(child ? [child] : [])] as const;
  seeNoFiles(harness, 'the same after a start that is refused, and one without its database', children, id);
}

/** Lines of an idle connection that breaks are seldom written by whoever wrote the others. */
async function seeCut(harness: Harness): Promise<void> {
  const proxied = await harness.proxied(await harness.database()).catch((error: Error) => {
    if (!(error instanceof Unseen)) throw error;
    harness.leftOut.push(`a database that goes away: ${error.message}`);
  });
  if (!proxied) return;
  const { proxy, url } = proxied;
  const cut = await harness.start({ database: { url } });
  await proxy.down();
  await sleep(CUT_MS);
  await cut.status(cut.paths.ready);
  seeJson(harness, 'a database that goes away', cut.child);
}

/** @returns the id of its requests, and part of the path of one: nothing but a log has it */
async function seeLineInTime(harness: Harness, service: Service): Promise<string> {
  const id = `probe-${Date.now()}`;
  for (const what of ['a request', 'another, just after that line came']) {
    // What is written by a timer comes soon by chance. The next line has to wait for as long as there is.
    if (what !== 'a request') await sleep(PAUSE_MS);
    const from = performance.now();
    const name = `${id}-${harness.evidence.length + 2}`;
    await service.ask(service.paths.live, { headers: { 'x-request-id': id } });
    // A log that has no ids may have paths.
    await service.ask(`/no/such/${id}`, { headers: { 'x-request-id': name } });
    const at = harness.asks('house')
      ? (await findLine(harness, service, name, from))?.at
      : await findOutput(harness, service, from);
    if (at === undefined) {
      harness.leftOut.push('how soon lines arrive: it logs none of a request');
      return id;
    }
    const ok = harness.saw({
      sent: `${what}; read the log through a pipe`,
      expected: `its line within ${LINE_MS} ms`,
      got: `after ${Math.round(at - from)} ms`,
      ok: at - from < LINE_MS,
      margin: marginOf(at - from, LINE_MS),
    });
    if (!ok) break;
  }
  return id;
}

/** The request's line, or the first that came since if lines have no ids. More requests push lines out of a buffer. */
async function findLine(harness: Harness, service: Service, id: string, from: number): Promise<Line | undefined> {
  const named = await service.lineWith(id, 3000).catch(() => undefined);
  const found = named ?? service.child.lines.find(({ at }) => at >= from);
  if (found) return found;
  await sendMany(harness, service, PUSHES, [service.paths.live, '/no/such/route']).catch(() => undefined);
  return service.child.line('any line', 1000, ({ at }) => at >= from).catch(() => undefined);
}

/** When it first wrote after `from`, on either stream. More requests push lines out of a buffer. */
async function findOutput(harness: Harness, service: Service, from: number): Promise<number | undefined> {
  const wrote = (ms: number) => until('any output', ms, () => service.child.wroteAfter(from)).catch(() => undefined);
  const found = await wrote(3000);
  if (found !== undefined) return found;
  await sendMany(harness, service, PUSHES, [service.paths.live, '/no/such/route']).catch(() => undefined);
  return wrote(1000);
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
  if (!harness.asks('house')) {
    harness.saw({ sent, expected: 'an exit that is not 0', got: describeExit(exit), ok: isFailure(exit) });
    const isTold = child.output.includes('probe-crash');
    const got = isTold ? 'its message' : child.output.trim().slice(-160);
    harness.saw({ sent, expected: 'its message, on either stream', got, ok: isTold });
    return;
  }
  harness.saw({ sent, expected: 'exit 1', got: describeExit(exit), ok: exit?.code === 1 });
  const last = child.lines.find((line) => isLoud(line) && line.text.includes('probe-crash'));
  const got = last?.text.slice(0, 160) ?? (errorsFirst(child.output, 1) || '(nothing)');
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
