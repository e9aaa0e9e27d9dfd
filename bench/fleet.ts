import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { currentLoad, describeMachine, loadWarning } from './machine.ts';
import { plainEnvironment } from './process.ts';

/**
 * How long audits and rehearsals of a whole fleet take, how much memory they need, and how large their pages are:
 *
 *   npm run bench:fleet [-- SERVICES]
 *
 * Seconds from the start of the program to its end. Processor time is that of git too. Memory is the most that the program itself
 * had at once, in MB. Exits 0 whatever the numbers are.
 */
const ROOT = join(import.meta.dirname, '..');
const services = process.argv[2] ?? '1000';
const bin = join(ROOT, 'dist/bin.cjs');
const scratch = mkdtempSync(join(tmpdir(), 'twelve-bench-'));
process.once('exit', () => rmSync(scratch, { recursive: true, force: true }));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));

const before = currentLoad();
const folder = join(scratch, 'fleet');
const env = plainEnvironment(scratch, { XDG_CACHE_HOME: join(scratch, 'cache') });
const args = ['--import', 'tsx', 'scripts/fleet.ts', folder, '--services', services];
execFileSync(process.execPath, args, { cwd: ROOT, env, stdio: ['ignore', 'ignore', 'inherit'] });
const memory = join(scratch, 'memory');
const hook = join(scratch, 'hook.cjs');
writeFileSync(
  hook,
  `process.once('exit', () => require('node:fs').writeFileSync(${JSON.stringify(memory)}, String(process.resourceUsage().maxRSS)));\n`,
);

const rehearse = ['rehearse', '--preset', './presets/3.0.0'];
const rows = [
  ['audit'],
  ['audit', '--format', 'html'],
  ['audit', '--effort', '--format', 'html'],
  rehearse,
  [...rehearse, '--format', 'html'],
].map(measure);
const warning = loadWarning(before, currentLoad(), describeMachine().cores);
const head = `${`${services} services`.padEnd(46)} seconds  processor  memory  output kB  exit`;
process.stdout.write([...(warning ? [warning] : []), head, ...rows, ''].join('\n'));

function measure(command: readonly string[]): string {
  const output = join(scratch, 'output');
  const script = 'TIMEFORMAT="%R %U %S"; time "$@" >"$OUTPUT" 2>/dev/null; exit $?';
  const argv = ['-c', script, 'bash', process.execPath, '--require', hook, bin, ...command, '--from', 'fleet.txt'];
  const { stderr, status } = spawnSync('bash', argv, {
    cwd: folder,
    encoding: 'utf8',
    env: { ...env, OUTPUT: output },
  });
  const [seconds = 0, user = 0, system = 0] = stderr.trim().split(' ').map(Number);
  const megabytes = Math.round(Number(readFileSync(memory, 'utf8')) / 1024);
  const kilobytes = Math.round(readFileSync(output).length / 1000);
  return `${command.join(' ').padEnd(46)} ${seconds.toFixed(1).padStart(7)}  ${(user + system).toFixed(1).padStart(9)}  ${String(megabytes).padStart(6)}  ${String(kilobytes).padStart(9)}  ${String(status).padStart(4)}`;
}
