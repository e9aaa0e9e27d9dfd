import { expect, test } from 'vitest';
import { writes } from '../../contract/rules/VI-1.ts';

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
  expect(writes(trace)).toEqual(['/srv/app/data.txt', '/var/lib/rel.txt', '/srv/a', '/srv/b', '/tmp/x']);
});
