import { readdirSync, readFileSync, realpathSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import type { Harness } from '../harness/harness.ts';
import type { Wrap } from '../harness/launch.ts';
import { canTrace } from '../harness/process/strace.ts';
import { Service } from '../harness/service.ts';
import { HarnessFailure, sleep, TimedOut } from '../harness/wait.ts';
import { sendMany } from '../probes/http/many-requests.ts';
import type { Rule } from '../rule.ts';
import { all } from '../subject.ts';

/** How long it is looked at, in milliseconds: some files are written by a timer. */
const SPAN_MS = 5000;
const REQUESTS = 1200;
const ITEMS = 5;
/** What is added to a body so that it is large, in bytes. */
const LARGE = [80_000, 800_000];
/** Of a large service this many routes are asked. */
const MOST = 30;

export const rule: Rule = {
  id: 'VI-1',
  level: 'MUST',
  factor: 'VI. Processes',
  slow: 'it traces an instance',
  promises: {
    'twelve-factor': 'The process writes files below its temporary directory, `TMPDIR` or /tmp, and nowhere else.',
  },
  why: 'What an instance writes beside itself is lost with it, differs between instances, and fails on a read-only root.',
  mend: 'Keep state in a backing service; scratch files go below TMPDIR, or /tmp.',
  byHand: [
    "strace -f -e trace=%file -o /tmp/files.log $SERVICE; grep -E 'O_CREAT|O_WRONLY|O_RDWR|mkdir' /tmp/files.log",
  ],
  pristine: true,
  applies: (subject) => all(subject.isProcess(), subject.runs(), canTrace()),
  async check(harness) {
    const output = join(harness.temp, 'strace.txt');
    const { service, folder } = await firstStart(harness, { kind: 'strace', output });
    const from = performance.now();
    const isWorker = harness.subject.form === 'worker';
    if (!isWorker) await useAll(harness, service);
    await sleep(SPAN_MS - (performance.now() - from));
    await service.signal('SIGTERM');
    // Whether it stops is for another rule. Here only counts what it wrote until then.
    await service.child.ended(15_000).catch((error: Error) => {
      if (!(error instanceof TimedOut)) throw error;
    });
    const written = readdirSync(harness.temp)
      .filter((name) => name.startsWith('strace.txt.'))
      .flatMap((name) => writes(readFileSync(join(harness.temp, name), 'utf8'), folder));
    // The folder of the service, and its copy, may themselves be below /tmp.
    const { folder: original = folder } = harness.subject.target;
    const own = [folder, original].flatMap((one) => [one, realpathSync(one)]);
    const outside = written.filter((path) => {
      if (['/dev', '/proc'].some((one) => isBelow(path, one))) return false;
      if (own.some((one) => isBelow(path, one))) return true;
      return !isBelow(path, harness.temp) && !isBelow(path, '/tmp');
    });
    const shown = outside.map((path) => (isBelow(path, folder) ? join(original, relative(folder, path)) : path));
    harness.saw({
      sent: `the first start in its folder, ${isWorker ? '' : 'writes, reads, errors, '}${SPAN_MS / 1000} s and a stop, with every file system call traced`,
      expected: 'no file made, changed or removed outside of TMPDIR and /tmp',
      got: [...new Set(shown)].join(', ') || `${written.length} below TMPDIR, /tmp, /dev and /proc`,
      ok: outside.length === 0,
      steady: true,
    });
    return harness.evidence;
  },
};

/** Starts it where it never ran, or where it is if that cannot be. */
async function firstStart(harness: Harness, wrap: Wrap): Promise<{ service: Service; folder: string }> {
  const target = harness.pristine();
  const first = target && (await harness.start({ wrap, target }).catch((error: Error) => error));
  if (first instanceof HarnessFailure) throw first;
  if (target && first instanceof Service) return { service: first, folder: target.folder };
  await harness.shared(); // If it does not start at all, the copy is not the cause.
  const why =
    target === undefined ? 'its folder is too large to be copied' : 'it does not start in a copy of its folder';
  harness.leftOut.push(`files that only the first start writes: ${why}`);
  return { service: await harness.start({ wrap }), folder: harness.subject.target.folder ?? '/' };
}

/** Asks for everything that can be asked without harm, often enough that a file which is written now and then is written. */
async function useAll(harness: Harness, service: Service): Promise<void> {
  const write = await harness.findWrite('a write');
  for (let item = 0; write && item < ITEMS; item += 1)
    await service.ask(write.path, { method: 'POST', body: write.body() });
  // What does not fit into a buffer may be kept in a file for a while, whether it is refused in the end or not.
  for (const bytes of write ? LARGE : [])
    await service
      .ask(write?.path ?? '/', {
        method: 'POST',
        body: `${JSON.stringify(write?.body())}${' '.repeat(bytes)}`,
        headers: { 'content-type': 'application/json' },
      })
      .catch(() => undefined);
  const operations = await harness.openApi().then(
    (openApi) => openApi.operations,
    () => [],
  );
  const plain = operations.filter(({ method, path }) => method === 'GET' && !path.includes('{')).slice(0, MOST);
  for (const { path } of plain) await service.status(path);
  const { live, ready } = service.paths;
  await sendMany(harness, service, REQUESTS, [live, ready, '/no/such/route', '/']).catch(() => 0);
}

const isBelow = (path: string, folder: string): boolean => path === folder || path.startsWith(join(folder, '/'));

/** Calls whose last path alone is made. */
const LINKS: ReadonlySet<string> = new Set(['link', 'linkat', 'symlink', 'symlinkat']);

/**
 * Paths of one thread's traced calls that succeeded and change something.
 * @param folder what relative ones are below until the trace names another
 */
export function writes(trace: string, folder: string): string[] {
  let at = folder;
  return trace.split('\n').flatMap((row) => {
    const call = /^(\w+)\((.*)\)\s+= (-?\d+)/.exec(row);
    const [, name = '', args = '', returned] = call ?? [];
    // With -y a descriptor is followed by what it is of: `openat(AT_FDCWD</srv/app>, "a.txt", ...`
    at = /\bAT_FDCWD<([^>]*)>/.exec(args)?.[1] ?? at;
    if (!call || Number(returned) < 0) return [];
    if (name === 'fchdir') at = /<([^>]*)>/.exec(args)?.[1] ?? at;
    const paths = [...args.matchAll(/(?:\d+<([^>]*)>, )?"([^"]*)"/g)].map(([, base = at, path = '']) =>
      resolve(base, path),
    );
    if (name === 'chdir') at = paths[0] ?? at;
    if (name === 'chdir' || name === 'fchdir') return [];
    // What a link leads to stays as it is, and the text of a symbolic link need not be a path.
    if (LINKS.has(name)) return paths.slice(-1);
    const opens = name === 'open' || name === 'openat';
    return opens && !/O_WRONLY|O_RDWR|O_CREAT|O_TRUNC/.test(args) ? [] : paths;
  });
}
