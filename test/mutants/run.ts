import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { MUTANTS, type Mutant } from './mutants.ts';

/**
 * `npm run test:mutants [-- part of a gate's name]`: proof that each gate has a test that needs it. Every mutant is one
 * edit in a copy of the source tree, built, and one test file that has to fail there. A mutant that survives, or a test
 * that fails without any, fails the run.
 */
const ROOT = join(import.meta.dirname, '../..');
const LEFT_OUT = new Set(['node_modules', '.git', 'dist']);

const copy = mkdtempSync(join(tmpdir(), 'twelve-mutants-'));
process.once('exit', () => rmSync(copy, { recursive: true, force: true }));
cpSync(ROOT, copy, {
  recursive: true,
  filter: (path) => !LEFT_OUT.has(relative(ROOT, path).split('/')[0] ?? '') && !path.endsWith('/e2e'),
});
symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));

function build(): boolean {
  return (
    spawnSync(process.execPath, ['--import', 'tsx', 'scripts/build.ts'], { cwd: copy, stdio: 'ignore' }).status === 0
  );
}

/** Whether a test file is green: it ran, and nothing in it failed. */
function isGreen(red: string, only: string | undefined): boolean {
  const args = ['node_modules/vitest/vitest.mjs', 'run', `test/${red}`, '--bail=1', ...(only ? ['-t', only] : [])];
  const env = { ...process.env, TWELVE_EVERY_CALL: '1' };
  const { status, stdout } = spawnSync(process.execPath, args, { cwd: copy, env, encoding: 'utf8' });
  if (status === 0 && !/Tests .*\d+ passed/.test(stdout)) throw new Error(`no test of ${red} ran: ${stdout}`);
  return status === 0;
}

function tryMutant({ file, search, replace, red, only }: Mutant): string {
  const path = join(copy, file);
  const original = readFileSync(path, 'utf8');
  if (original.split(search).length !== 2) return 'GONE: the text is not there exactly once';
  writeFileSync(
    path,
    original.replace(search, () => replace),
  );
  try {
    if (!build()) return 'BROKEN: it does not build';
    return isGreen(red, only) ? 'SURVIVED' : 'killed';
  } finally {
    writeFileSync(path, original);
  }
}

const wanted = process.argv[2] ?? '';
const mutants = MUTANTS.filter(({ gate }) => gate.includes(wanted));
if (!build()) throw new Error('the source tree does not build');
const files = new Map(mutants.map(({ red, only }) => [`${red} ${only ?? ''}`, { red, only }]));
const failing = [...files.values()].filter(({ red, only }) => !isGreen(red, only)).map(({ red }) => red);
if (failing.length > 0) throw new Error(`red without any mutant: ${failing.join(', ')}`);

let survivors = 0;
for (const mutant of mutants) {
  const verdict = tryMutant(mutant);
  if (verdict !== 'killed') survivors += 1;
  process.stdout.write(`${verdict.padEnd(9)} ${mutant.gate.padEnd(50)} ${mutant.red}\n`);
}
process.stdout.write(`${mutants.length - survivors} of ${mutants.length} mutants killed\n`);
const report = process.env.VITEST_REPORT;
if (report) {
  const counts = { numPassedTests: mutants.length - survivors, numFailedTests: survivors, testResults: [] };
  writeFileSync(report, JSON.stringify(counts)); // In vitest's form, for whoever adds suites up.
}
process.exitCode = survivors === 0 ? 0 : 1;
