import { readdirSync, readFileSync, realpathSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { canTrace } from '../harness/process/strace.ts';
import { TimedOut } from '../harness/wait.ts';
import type { Rule } from '../rule.ts';
import { all } from '../subject.ts';

export const rule: Rule = {
  id: 'VI-1',
  level: 'MUST',
  factor: 'VI. Processes',
  statement: 'The process writes files below its temporary directory, `TMPDIR` or /tmp, and nowhere else.',
  why: 'What an instance writes beside itself is lost with it, differs between instances, and fails on a read-only root.',
  mend: 'Keep state in a backing service; scratch files go below TMPDIR, or /tmp.',
  applies: (subject) => all(subject.isProcess(), subject.serves(), canTrace()),
  async check(harness) {
    const output = join(harness.temp, 'strace.txt');
    const service = await harness.start({ wrap: { kind: 'strace', output } });
    const write = await harness.findWrite('a write');
    if (write) await service.ask(write.path, { method: 'POST', body: write.body() });
    await service.ask('/no/such/route');
    await service.signal('SIGTERM');
    // Whether it stops is for another rule. Here only counts what it wrote until then.
    await service.child.ended(15_000).catch((error: Error) => {
      if (!(error instanceof TimedOut)) throw error;
    });
    const { folder = '/' } = harness.subject.target;
    const written = readdirSync(harness.temp)
      .filter((name) => name.startsWith('strace.txt.'))
      .flatMap((name) => writes(readFileSync(join(harness.temp, name), 'utf8'), folder));
    // The folder of the service may itself be below /tmp.
    const own = [folder, realpathSync(folder)];
    const outside = written.filter((path) => {
      if (isBelow(path, harness.temp) || ['/dev', '/proc'].some((one) => isBelow(path, one))) return false;
      return own.some((one) => isBelow(path, one)) || !isBelow(path, '/tmp');
    });
    harness.saw({
      sent: 'start, a write, an error and a stop, with every file system call traced',
      expected: 'no file made, changed or removed outside of TMPDIR and /tmp',
      got: [...new Set(outside)].join(', ') || `${written.length} below TMPDIR, /tmp, /dev and /proc`,
      ok: outside.length === 0,
    });
    return harness.evidence;
  },
};

const isBelow = (path: string, folder: string): boolean => path === folder || path.startsWith(join(folder, '/'));

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
    const opens = name === 'open' || name === 'openat';
    return opens && !/O_WRONLY|O_RDWR|O_CREAT|O_TRUNC/.test(args) ? [] : paths;
  });
}
