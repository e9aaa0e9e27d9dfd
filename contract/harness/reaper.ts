import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Writable } from 'node:stream';

/**
 * Reads `+ group` and `- group` and, when its input ends, kills the groups that are left. The input ends with this
 * process, however it ends: a harness that is killed leaves no service behind.
 */
const SCRIPT = `
alive=' '
while read -r change group; do
  case $change in
    +) alive="$alive$group " ;;
    -) alive="\${alive%% $group *} \${alive#* $group }" ;;
  esac
done
for group in $alive; do kill -s KILL -- "-$group"; done 2>/dev/null
`;

let reaper: ChildProcessByStdio<Writable, null, null> | undefined;

/** Has a process group killed when this process ends before it is forgotten. */
export function reap(group: number): void {
  if (reaper === undefined) {
    reaper = spawn('/bin/sh', ['-c', SCRIPT], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
    reaper.unref();
    // The pipe is what it listens to; it must not keep this process from ending.
    (reaper.stdin as Writable & { unref(): void }).unref();
  }
  reaper.stdin.write(`+ ${group}\n`);
}

export function forget(group: number): void {
  reaper?.stdin.write(`- ${group}\n`);
}
