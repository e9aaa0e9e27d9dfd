// @module-tag sampled
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest';
import { canTrace } from '../../contract/harness/process/strace.ts';
import { rule, writes } from '../../contract/rules/VI-1-temporary-files.ts';
import { makeFolder, removeFolder, temporaryFolder, write } from '../support/folder.ts';
import { lookAtService, serviceIn } from './small-service.ts';

test('what a traced thread wrote is read from its calls', () => {
  const trace = [
    'openat(AT_FDCWD</srv/app>, "data.txt", O_WRONLY|O_CREAT|O_CLOEXEC, 0666) = 17</srv/app/data.txt>',
    'openat(5</var/lib>, "rel.txt", O_RDWR) = 18</var/lib/rel.txt>',
    'openat(AT_FDCWD</srv/app>, "/etc/hosts", O_RDONLY|O_CLOEXEC) = 18</etc/hosts>',
    'openat(AT_FDCWD</srv/app>, "/root/denied", O_WRONLY) = -1 EACCES (Permission denied)',
    'renameat2(AT_FDCWD</srv>, "a", AT_FDCWD</srv>, "b", RENAME_NOREPLACE) = 0',
    'mkdir("/tmp/x", 0777) = 0',
    '+++ exited with 0 +++',
  ].join('\n');
  expect(writes(trace, '/')).toEqual(['/srv/app/data.txt', '/var/lib/rel.txt', '/srv/a', '/srv/b', '/tmp/x']);
});

test('a link is made where it is, and not where it leads to', () => {
  const trace = [
    'symlink("host-1234:99", "/tmp/profile/lock") = 0',
    'symlinkat("../lib/data", AT_FDCWD</srv/app>, "current") = 0',
    'link("/srv/app/seed", "/tmp/seed") = 0',
    'linkat(AT_FDCWD</srv/app>, "seed", 5</var/lib>, "copy", 0) = 0',
  ].join('\n');
  expect(writes(trace, '/')).toEqual(['/tmp/profile/lock', '/srv/app/current', '/tmp/seed', '/var/lib/copy']);
});

test('a relative path is below the folder that the thread was in', () => {
  const trace = [
    'unlink("first") = 0',
    'chdir("/tmp/perf") = 0',
    'unlink("22164") = 0',
    'chdir("/no/such") = -1 ENOENT (No such file or directory)',
    'chdir("below") = 0',
    'mkdir("x", 0777) = 0',
    'fchdir(7</srv/app>) = 0',
    'unlink("y") = 0',
    'openat(AT_FDCWD</var/tmp>, "read", O_RDONLY) = -1 ENOENT (No such file or directory)',
    'rename("a", "b") = 0',
  ].join('\n');
  const expected = ['/srv/first', '/tmp/perf/22164', '/tmp/perf/below/x', '/srv/app/y', '/var/tmp/a', '/var/tmp/b'];
  expect(writes(trace, '/srv')).toEqual(expected);
});

describe('a machine whose strace does not work', () => {
  afterEach(() => void vi.unstubAllEnvs());

  test.each([
    ['may not trace', 'strace: ptrace(PTRACE_TRACEME): Operation not permitted'],
    ['does not know an option', "strace: unrecognized option '--seccomp-bpf'"],
  ])('for it %s is said to be one', (_, message) => {
    const folder = temporaryFolder({ strace: { run: `#!/bin/sh\necho "${message}" >&2\nexit 1\n` } });
    vi.stubEnv('PATH', folder);
    expect(canTrace()).toBe(`strace does not work here: ${message}`);
  });
});

const traces = canTrace();
if (traces !== true) console.log(`skipped: a service is not traced here: ${traces}`);

describe.skipIf(traces !== true).concurrent('a service', () => {
  const folder = makeFolder();
  const scratch = join('/tmp', `twelve-scratch-${process.pid}`);
  afterAll(() => {
    removeFolder(folder);
    removeFolder(scratch);
  });
  mkdirSync(scratch);
  write(folder, {
    'main.cjs': `
      const { existsSync, unlinkSync, writeFileSync } = require('node:fs');
      const { FILE, ONCE, LATER, CHDIR, DEAF, PORT } = process.env;
      if (FILE) writeFileSync(FILE, 'x');
      if (ONCE && !existsSync(ONCE)) writeFileSync(ONCE, 'x');
      if (LATER) setTimeout(() => writeFileSync(LATER, 'x'), 3000);
      if (CHDIR) {
        process.chdir(CHDIR);
        unlinkSync('22164');
      }
      if (DEAF) process.on('SIGTERM', () => undefined);
      require('node:http').createServer((_, response) => response.end('{}')).listen(Number(PORT), '127.0.0.1');`,
  });
  const look = (env: Record<string, string>) => lookAtService(rule.id, serviceIn(folder, { env }));

  test('that writes below /tmp keeps the rule, also by a path that is relative to it', async () => {
    const result = await look({ FILE: join(scratch, '22164'), CHDIR: scratch });
    expect(result.evidence.map(({ got }) => got)).toEqual(['2 below TMPDIR, /tmp, /dev and /proc']);
    expect(result.outcome).toBe('partly');
  });

  test('that writes beside itself breaks it, though that is below /tmp', async () => {
    const result = await look({ FILE: 'web.pid' });
    expect(result.evidence.map(({ got }) => got)).toEqual([join(folder, 'web.pid')]);
    expect(result.outcome).toBe('broken');
  });

  test('that writes beside itself at its first start alone breaks it', async () => {
    const result = await look({ ONCE: 'once.txt' });
    expect(result.evidence.map(({ got }) => got)).toEqual([join(folder, 'once.txt')]);
  });

  test('that writes beside itself some time later breaks it', async () => {
    const result = await look({ LATER: 'later.txt' });
    expect(result.evidence.map(({ got }) => got)).toEqual([join(folder, 'later.txt')]);
  });

  test('that does not stop breaks another rule', async () => {
    expect(await look({ DEAF: '1' })).toMatchObject({ outcome: 'partly' });
  });
});
