import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { currentLoad, describeMachine, loadWarning } from '../machine.ts';
import { COMPARISONS } from './comparisons.ts';
import { GO_COMPARISONS } from './go.ts';
import { PYTHON_COMPARISONS } from './python.ts';
import { type Comparison, compare, type Figure, type Row } from './rounds.ts';

/**
 * How fast a generated service is, against the same written by hand:
 *
 *   npm run bench:service [-- --stack go --rounds 11 --only post,list --generator OTHER/dist/bin.cjs]
 *
 * Exits 0 whatever the numbers are: it measures, people judge.
 */
const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '11' },
    only: { type: 'string' },
    stack: { type: 'string', default: 'typescript' },
    generator: { type: 'string', multiple: true, default: [join(import.meta.dirname, '../../dist/bin.cjs')] },
  },
});
const only = options.only?.split(',');

/** What is measured of a language, and how one of its services is built. */
const STACKS: Readonly<Record<string, { comparisons: readonly Comparison[]; build: readonly [string, ...string[]] }>> =
  {
    typescript: { comparisons: COMPARISONS, build: ['npm', 'run', '--silent', 'build'] },
    go: { comparisons: GO_COMPARISONS, build: ['make', 'build'] },
    python: { comparisons: PYTHON_COMPARISONS, build: ['make', 'install'] },
  };
const found = STACKS[options.stack];
if (found === undefined) throw new Error(`--stack is one of ${Object.keys(STACKS).join(', ')}`);
const built = found;
const before = currentLoad();
const scratch = mkdtempSync(join(tmpdir(), 'twelve-bench-'));
process.once('exit', () => rmSync(scratch, { recursive: true, force: true }));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
// Node reads them at each start, so they would be measured too.
delete process.env.NODE_EXTRA_CA_CERTS;
delete process.env.NODE_OPTIONS;

const made = new Map<string, string>();

/** A service in a folder of its own, installed and built: one for all comparisons with the same options. */
function serviceOf(generator: string, answers: readonly string[]): string {
  const key = [generator, ...answers].join(' ');
  const known = made.get(key);
  if (known !== undefined) return known;
  const parent = mkdtempSync(join(scratch, 'service-'));
  const args = [
    resolve(generator),
    'orders',
    '--stack',
    options.stack,
    '--ci',
    'none',
    ...answers,
    '--yes',
    '--no-git',
  ];
  execFileSync(process.execPath, args, { cwd: parent, stdio: ['ignore', 'ignore', 'inherit'] });
  const folder = join(parent, 'orders');
  const [program, ...build] = built.build;
  execFileSync(program, build, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  made.set(key, folder);
  return folder;
}

const UNITS: Record<Figure, string> = { rate: 'requests/s', processor: 'µs CPU/request', time: 'ms', size: 'MB' };
const widths = [34, 14, 9, 9, 7, 7, 7, 9, 7];

function print(cells: readonly string[]): void {
  const text = cells.map((cell, at) => (at === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[at] ?? 0)));
  process.stdout.write(`${text.join(' ').trimEnd()}\n`);
}

function cellsOf({ title, figure, service, bare, ratio, target }: Row): string[] {
  const numbers = [service, bare].map((value) => value?.toFixed(value < 10 ? 2 : 0) ?? '');
  const ratios = [ratio?.median, ratio?.min, ratio?.max].map((value) => value?.toFixed(2) ?? '');
  if (target === undefined) return [title, UNITS[figure], ...numbers, ...ratios];
  const judged = ratio?.median ?? service;
  const isMet = figure === 'rate' ? judged >= target : judged <= target;
  return [
    title,
    UNITS[figure],
    ...numbers,
    ...ratios,
    `${figure === 'rate' ? '>=' : '<='} ${target}`,
    isMet ? 'met' : 'missed',
  ];
}

for (const generator of options.generator.map((path) => resolve(path))) {
  process.stdout.write(`\n${generator}\n`);
  print(['', '', 'service', 'bare', 'ratio', 'min', 'max', 'target']);
  for (const comparison of built.comparisons.filter(({ id }) => only?.includes(id) ?? true)) {
    try {
      const folder = serviceOf(generator, comparison.options);
      for (const row of await compare(comparison, folder, generator, Number(options.rounds))) print(cellsOf(row));
    } catch (error) {
      process.stdout.write(`not measured: ${comparison.title}: ${(error as Error).message}\n`);
    }
  }
}
const machine = describeMachine();
const warning = loadWarning(before, currentLoad(), machine.cores);
process.stdout.write(
  `\nnode ${machine.node}, ${machine.cpu}, ${machine.cores} cores; ${warning ?? 'a quiet machine'}\n`,
);
process.exit(0);
