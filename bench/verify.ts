import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Backing } from '../contract/harness/backing/backing.ts';
import { verify } from '../contract/verify.ts';
import { currentLoad, describeMachine, loadWarning } from './machine.ts';

/**
 * How long `verify` takes for a generated service in process mode, how much of that is waiting, and which rules start how many
 * processes of the service:
 *
 *   npm run bench:verify [-- ROUNDS]
 *
 * Seconds from the start of the program to its end, with the service installed and built before; processor time is that of
 * everything that was started, servers included. Exits 0 whatever the numbers are.
 */
const ROOT = join(import.meta.dirname, '..');
const rounds = Number(process.argv[2] ?? 3);
const bin = join(ROOT, 'dist/bin.cjs');
const scratch = mkdtempSync(join(tmpdir(), 'twelve-bench-'));
process.once('exit', () => rmSync(scratch, { recursive: true, force: true }));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));

const before = currentLoad();
const stored = makeService('orders', ['--database', 'postgres', '--cache', 'redis']);
const bare = makeService('links', ['--database', 'none', '--cache', 'none']);
const subjects = [
  { title: 'all, database and cache', folder: stored, args: [] },
  { title: '--fast, database and cache', folder: stored, args: ['--fast'] },
  { title: 'all and its own tests (--tests)', folder: stored, args: ['--tests'] },
  { title: 'all, no database and no cache', folder: bare, args: [] },
  { title: '--fast, no database and no cache', folder: bare, args: ['--fast'] },
];
const rows: string[] = [];
for (let round = 0; round < rounds; round += 1) {
  for (const { title, folder, args } of subjects) rows.push(`${title.padEnd(40)} ${measure(folder, args)}`);
}
const { cores } = describeMachine();
const warning = loadWarning(before, currentLoad(), cores);
const head = `${'verify, process mode'.padEnd(40)} seconds  processor  waiting  exit`;
process.stdout.write(
  [...(warning ? [warning] : []), head, ...rows.sort(), '', ...(await byRule(stored)), ''].join('\n'),
);

/** @returns the folder of a new service, built */
function makeService(name: string, options: readonly string[]): string {
  execFileSync(process.execPath, [bin, name, ...options, '--ci', 'none', '--yes'], { cwd: scratch, stdio: 'ignore' });
  const folder = join(scratch, name);
  execFileSync('npm', ['run', '--silent', 'build'], { cwd: folder, stdio: 'ignore' });
  return folder;
}

/** `waiting`: the part of the time, on all cores together, in which none of its processes ran. */
function measure(folder: string, args: readonly string[]): string {
  const script = 'TIMEFORMAT="%R %U %S"; time "$@" >/dev/null 2>&1; exit $?';
  const argv = ['-c', script, 'bash', process.execPath, bin, 'verify', '--no-build', ...args];
  const { stderr, status } = spawnSync('bash', argv, { cwd: folder, encoding: 'utf8' });
  const [seconds = 0, user = 0, system = 0] = stderr.trim().split(' ').map(Number);
  const busy = (user + system) / (seconds * cpus().length);
  const share = `${Math.round((1 - Math.min(1, busy)) * 100)} %`;
  return `${seconds.toFixed(1).padStart(7)}  ${(user + system).toFixed(1).padStart(9)}  ${share.padStart(7)}  ${String(status).padStart(4)}`;
}

/** Each rule that was looked at, the longest first. What the rules share is started beside them. */
async function byRule(folder: string): Promise<string[]> {
  const backing = new Backing();
  const command = [process.execPath, join(folder, 'dist/main.js')];
  const { results } = await verify({ kind: 'process', name: 'orders', folder, command }, { backing });
  await backing.stop();
  const looked = results.filter(({ outcome }) => outcome !== 'skipped').sort((a, b) => b.ms - a.ms);
  const total = looked.reduce((sum, { starts = 0 }) => sum + starts, 0);
  return [
    `${'by rule'.padEnd(40)} seconds     starts  (${total} in all)`,
    ...looked.map(
      ({ rule, ms, starts = 0, again }) =>
        `${rule.id.padEnd(40)} ${(ms / 1000).toFixed(1).padStart(7)}  ${String(starts).padStart(9)}${again ? '  looked at twice' : ''}`,
    ),
  ];
}
