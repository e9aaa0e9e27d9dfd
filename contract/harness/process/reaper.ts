import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Writable } from 'node:stream';

/** Something that must not outlive this process. `marked` is every process that has `TWELVE_PROBE` with that value. */
export type Mortal =
  | { readonly kind: 'group'; readonly id: number }
  /** A group whose first process is asked to clean up (SIGQUIT) before it is killed. */
  | { readonly kind: 'server'; readonly id: number }
  | { readonly kind: 'marked'; readonly id: string }
  | { readonly kind: 'container'; readonly id: string }
  | { readonly kind: 'folder'; readonly id: string };

/** The variable by which a process that left its group is found. */
export const MARK = 'TWELVE_PROBE';

/**
 * Reads `+ kind id` and `- kind id` and, when its input ends, ends what is left. The input ends with this process,
 * in whatever way, so a harness that is killed leaves nothing behind. Two passes find what forks in between; folders
 * are removed in the second, since a large one would keep processes waiting for their end.
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
      folder*) if [ $pass = 2 ]; then rm -rf "$id"; fi ;;
    esac
  done
  sleep 0.2
done >/dev/null 2>&1
`;

let reaper: ChildProcessByStdio<Writable, null, null> | undefined;

/** Registers something that has to be ended with this process, unless `forget` is called before. */
export function reap({ kind, id }: Mortal): void {
  if (reaper === undefined) {
    reaper = spawn('/bin/sh', ['-c', SCRIPT], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
    reaper.unref();
    // It reads the pipe, which must not keep this process from ending.
    (reaper.stdin as Writable & { unref(): void }).unref();
  }
  reaper.stdin.write(`+ ${kind} ${id}\n`);
}

/** Takes back what `reap` registered: it has been ended. */
export function forget({ kind, id }: Mortal): void {
  reaper?.stdin.write(`- ${kind} ${id}\n`);
}

/** Removes a folder of many files without waiting for it. */
export function removeLater(folder: string): void {
  spawn('rm', ['-rf', folder], { detached: true, stdio: 'ignore' }).unref();
}
