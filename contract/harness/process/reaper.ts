import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Writable } from 'node:stream';

/** What must not outlive this process. `marked`: every process whose environment has `TWELVE_PROBE` with that value. */
export type Mortal =
  | { readonly kind: 'group'; readonly id: number }
  /** A group whose first process is asked to clean up (SIGQUIT) before it is killed. */
  | { readonly kind: 'server'; readonly id: number }
  | { readonly kind: 'marked'; readonly id: string }
  | { readonly kind: 'container'; readonly id: string }
  | { readonly kind: 'folder'; readonly id: string };

/** The variable by which a process that left its group is found again. */
export const MARK = 'TWELVE_PROBE';

/**
 * Reads `+ kind id` and `- kind id` and, when its input ends, ends what is left. The input ends with this process,
 * however it ends: a harness that is killed leaves nothing behind. Two passes, for what forks meanwhile.
 */
const SCRIPT = `
left=''
while IFS= read -r row; do
  entry=\${row#? }
  case $row in
    +*) left="$left$entry
" ;;
    -*) left=$(printf '%s' "$left" | grep -Fxv -- "$entry"; echo .); left=\${left%.} ;;
  esac
done
for pass in 1 2; do
  printf '%s' "$left" | while IFS= read -r entry; do
    id=\${entry#* }
    case $entry in
      group*) kill -s KILL -- "-$id" ;;
      server*) if [ $pass = 1 ]; then kill -s QUIT "$id"; else kill -s KILL -- "-$id"; fi ;;
      marked*) for file in $(grep -laF "${MARK}=$id" /proc/[0-9]*/environ); do pid=\${file#/proc/}; kill -s KILL "\${pid%/environ}"; done ;;
      container*) docker rm --force --volumes "$id" ;;
      folder*) rm -rf "$id" ;;
    esac
  done
  sleep 0.2
done >/dev/null 2>&1
`;

let reaper: ChildProcessByStdio<Writable, null, null> | undefined;

/** Has something ended when this process ends before it is forgotten. */
export function reap({ kind, id }: Mortal): void {
  if (reaper === undefined) {
    reaper = spawn('/bin/sh', ['-c', SCRIPT], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
    reaper.unref();
    // The pipe is what it listens to; it must not keep this process from ending.
    (reaper.stdin as Writable & { unref(): void }).unref();
  }
  reaper.stdin.write(`+ ${kind} ${id}\n`);
}

export function forget({ kind, id }: Mortal): void {
  reaper?.stdin.write(`- ${kind} ${id}\n`);
}

/** Removes a folder of many files without waiting for it. */
export function removeLater(folder: string): void {
  spawn('rm', ['-rf', folder], { detached: true, stdio: 'ignore' }).unref();
}
