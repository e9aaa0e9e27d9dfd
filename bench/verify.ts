import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { rules } from '../contract/rules/index.ts';
import { currentLoad, describeMachine, loadWarning } from './machine.ts';

/**
 * How long `verify` takes for a generated service in process mode, and how much of that is waiting:
 *
 *   npm run bench:verify [-- ROUNDS]
 *
 * Seconds from the start of the program to its end, with the service installed and built before; processor time is that of
 * everything that was started, servers and the service's own tests (rule I-1) included. Exits 0 whatever the numbers are.
 */
const ROOT = join(import.meta.dirname, '..');
const rounds = Number(process.argv[2] ?? 3);
const bin = join(ROOT, 'dist/bin.cjs');
const scratch = mkdtempSync(join(tmpdir(), 'twelve-bench-'));
process.once('exit', () => rmSync(scratch, { recursive: true, force: true }));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));

const before = currentLoad();
const options = ['--database', 'postgres', '--cache', 'redis', '--ci', 'none', '--yes'];
execFileSync(process.execPath, [bin, 'orders', ...options], { cwd: scratch, stdio: 'ignore' });
const folder = join(scratch, 'orders');
execFileSync('npm', ['run', '--silent', 'build'], { cwd: folder, stdio: 'ignore' });

const others = rules.filter(({ id }) => id !== 'I-1').flatMap(({ id }) => ['--rule', id]);
const subjects = [
  { title: 'all rules', args: [] },
  { title: "without the service's own tests (I-1)", args: others },
];
const rows: string[] = [];
for (let round = 0; round < rounds; round += 1) {
  for (const { title, args } of subjects) rows.push(`${title.padEnd(40)} ${measure(args)}`);
}
const { cores } = describeMachine();
const warning = loadWarning(before, currentLoad(), cores);
const head = `${'verify, process mode'.padEnd(40)} seconds  processor  waiting  exit`;
process.stdout.write([...(warning ? [warning] : []), head, ...rows.sort(), ''].join('\n'));

/** `waiting`: the part of the time, on all cores together, in which none of its processes ran. */
function measure(args: readonly string[]): string {
  const script = 'TIMEFORMAT="%R %U %S"; time "$@" >/dev/null 2>&1; exit $?';
  const argv = ['-c', script, 'bash', process.execPath, bin, 'verify', '--no-build', ...args];
  const { stderr, status } = spawnSync('bash', argv, { cwd: folder, encoding: 'utf8' });
  const [seconds = 0, user = 0, system = 0] = stderr.trim().split(' ').map(Number);
  const busy = (user + system) / (seconds * cpus().length);
  const share = `${Math.round((1 - Math.min(1, busy)) * 100)} %`;
  return `${seconds.toFixed(1).padStart(7)}  ${(user + system).toFixed(1).padStart(9)}  ${share.padStart(7)}  ${String(status).padStart(4)}`;
}
