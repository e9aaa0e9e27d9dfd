import { readdirSync, readFileSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { findProgram } from '../harness/programs.ts';
import { all } from '../subject.ts';
import type { Rule } from '../types.ts';

export const rule: Rule = {
  id: 'VI-1',
  level: 'MUST',
  factor: 'VI. Processes',
  statement: 'The process writes files below its temporary directory and nowhere else.',
  why: 'What an instance writes beside itself is lost with it, differs between instances, and fails on a read-only root.',
  mend: 'Keep state in a backing service; scratch files go below TMPDIR.',
  applies: (subject) =>
    all(
      subject.isProcess(),
      subject.serves(),
      findProgram('strace') !== undefined || 'needs strace, which is not installed here',
    ),
  async check(harness) {
    const output = join(harness.temp, 'strace.txt');
    const service = await harness.start({ wrap: { kind: 'strace', output } });
    const write = await harness.findWrite('a write');
    if (write) await service.ask(write.path, { method: 'POST', body: write.body() });
    await service.ask('/no/such/route');
    await service.signal('SIGTERM');
    await service.child.ended(15_000);
    const folder = harness.subject.target.folder ?? '/';
    const written = readdirSync(harness.temp)
      .filter((name) => name.startsWith('strace.txt.'))
      .flatMap((name) => writes(readFileSync(join(harness.temp, name), 'utf8')))
      .map((path) => resolve(folder, path));
    const outside = written.filter(
      (path) => !path.startsWith(`${harness.temp}/`) && !/^\/(dev|proc|tmp\/hsperfdata_[^/]+)(\/|$)/.test(path),
    );
    harness.saw({
      sent: 'start, a write, an error and a stop, with every file system call traced',
      expected: 'no file made, changed or removed outside TMPDIR',
      got: [...new Set(outside)].join(', ') || `${written.length} below TMPDIR or in /dev and /proc`,
      ok: outside.length === 0,
    });
    return harness.evidence;
  },
};

/** Paths of one thread's traced calls that succeeded and change something; relative ones below the folder they name. */
export function writes(trace: string): string[] {
  return trace.split('\n').flatMap((row) => {
    const call = /^(\w+)\((.*)\)\s+= (-?\d+)/.exec(row);
    if (!call || Number(call[3]) < 0) return [];
    const [, name = '', args = ''] = call;
    const opens = name === 'open' || name === 'openat';
    if (opens && !/O_WRONLY|O_RDWR|O_CREAT|O_TRUNC/.test(args)) return [];
    // With -y a descriptor is followed by what it is of: `openat(5</srv/app>, "a.txt", ...`
    return [...args.matchAll(/(?:(?:AT_FDCWD|\d+)<([^>]*)>, )?"([^"]*)"/g)].map(([, base = '', path = '']) =>
      join(isAbsolute(path) ? '' : base, path),
    );
  });
}
