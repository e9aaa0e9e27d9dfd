import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { transform } from 'esbuild';
import { startVitest } from 'vitest/node';
import { shareOf } from '../support/share.ts';
import { MUTANTS, type Mutant } from './mutants.ts';
import { mutated, placesOf, readDeclarations } from './place.ts';

/**
 * `npm run test:mutants [-- part of a gate's name]`: proof that each gate has a test that needs it. Every mutant is one
 * edit in a copy of the source tree, built, and one test file that has to fail there. A mutant that survives, or a test
 * that fails without any, fails the run. Without a name it is the share of this commit; TWELVE_SHARE=all runs all. With
 * TWELVE_SUITES_GREEN=1 the tests are not tried without a mutant first. After TWELVE_MUTANTS_SECONDS no further one is
 * begun, and the run says how many were not reached.
 * `npx vitest run test/mutants` says in a second whether every mutant still has its place in the source. A framework
 * such as Stryker is not used: its mutants live in the process of the test, and most tests here start the built program.
 */
const ROOT = join(import.meta.dirname, '../..');
const report = process.env.VITEST_REPORT;
// Tests see neither: no report of theirs, and no second try.
delete process.env.VITEST_REPORT;
delete process.env.CI;
const LEFT_OUT = new Set(['node_modules', '.git', 'dist']);

function copyTree(): string {
  const copy = mkdtempSync(join(tmpdir(), 'twelve-mutants-'));
  process.once('exit', () => rmSync(copy, { recursive: true, force: true }));
  cpSync(ROOT, copy, {
    recursive: true,
    filter: (path) => !LEFT_OUT.has(relative(ROOT, path).split('/')[0] ?? '') && !path.endsWith('/e2e'),
  });
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  return copy;
}

function build(cwd: string): Promise<boolean> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'scripts/build.ts'], { cwd, stdio: 'ignore' });
  return new Promise((resolve, reject) => {
    child.once('error', reject).once('close', (code) => resolve(code === 0));
  });
}

/** Tests that run no program see the sources themselves. */
const SOURCES_ALONE = /^(core|contract)\//;

/** Whether the program, or as much of it as the test sees, can be made. */
async function canBuild(copy: string, { red, file }: Mutant, source: string): Promise<boolean> {
  if (!SOURCES_ALONE.test(red) || file !== undefined) return build(copy);
  return transform(source, { loader: 'ts' }).then(
    () => true,
    () => false,
  );
}

/**
 * Whether a test file is green: it ran, and nothing in it failed. Vitest is started in this process, where it is loaded
 * and warm: that takes a third of the time of a process of its own.
 */
async function isGreen(copy: string, { red, only }: Pick<Mutant, 'red' | 'only'>): Promise<boolean> {
  const vitest = await startVitest('test', [`test/${red}`], {
    root: copy,
    watch: false,
    bail: 1,
    retry: 0, // One failure is what a mutant has to bring about.
    reporters: [{}],
    ...(only === undefined ? {} : { testNamePattern: only }),
    experimental: { fsModuleCache: true, fsModuleCachePath: join(copy, 'node_modules-cache') },
  });
  try {
    const modules = vitest.state.getTestModules();
    const states = modules.flatMap((module) => [...module.children.allTests()].map((test) => test.result().state));
    // One that was cut short by its first failure, beside others that were running, has no state of its own.
    const isRed = states.includes('failed') || modules.some((module) => module.state() === 'failed');
    if (isRed || vitest.state.getUnhandledErrors().length > 0) return false;
    if (!states.includes('passed')) throw new Error(`no test of ${red} ran`);
    return true;
  } finally {
    await vitest.close();
  }
}

async function tryMutant(copy: string, mutant: Mutant): Promise<string> {
  const [place, ...others] = placesOf(ROOT, declarations, mutant);
  if (place === undefined || others.length > 0) return 'GONE: the text is not there exactly once';
  const path = join(copy, place.path);
  const original = readFileSync(path, 'utf8');
  const source = mutated(original, place, mutant);
  writeFileSync(path, source);
  try {
    if (!(await canBuild(copy, mutant, source))) return 'BROKEN: it does not build';
    return (await isGreen(copy, mutant)) ? 'SURVIVED' : 'killed';
  } finally {
    writeFileSync(path, original);
  }
}

// Tests wait for processes of their own a third of their time.
const copies = Array.from({ length: Math.min(4, availableParallelism() + 1) }, copyTree);

/** Does each piece of work once, in one of the copies. */
async function share<Work>(all: readonly Work[], one: (copy: string, work: Work) => Promise<void>): Promise<void> {
  const queue = [...all];
  const worker = async (copy: string) => {
    for (let work = queue.shift(); work !== undefined; work = queue.shift()) await one(copy, work);
  };
  await Promise.all(copies.map(worker));
}

const seconds = Number(process.env.TWELVE_MUTANTS_SECONDS ?? Number.POSITIVE_INFINITY);
if (!(seconds > 0)) throw new Error(`TWELVE_MUTANTS_SECONDS is a number of seconds, and not ${seconds}`);
const declarations = readDeclarations(ROOT);
const wanted = process.argv[2];
const mutants =
  wanted === undefined ? shareOf(MUTANTS, 'mutants', 8) : MUTANTS.filter(({ gate }) => gate.includes(wanted));
for (const copy of copies) if (!(await build(copy))) throw new Error('the source tree does not build');
const tests = new Map(mutants.map((mutant) => [`${mutant.red} ${mutant.only ?? ''}`, mutant]));
await share(process.env.TWELVE_SUITES_GREEN === '1' ? [] : [...tests.values()], async (copy, test) => {
  if (!(await isGreen(copy, test))) throw new Error(`red without any mutant: ${test.red}`);
});

const until = performance.now() + seconds * 1000;
let unreached = 0;

/** What survived, in the form of vitest's failed tests. */
const survivors: { fullName: string; status: 'failed'; failureMessages: string[] }[] = [];
await share(mutants, async (copy, mutant) => {
  const started = performance.now();
  if (started > until) {
    unreached += 1;
    return;
  }
  const verdict = await tryMutant(copy, mutant);
  const took = ((performance.now() - started) / 1000).toFixed(1);
  if (verdict !== 'killed') {
    survivors.push({ fullName: mutant.gate, status: 'failed', failureMessages: [`${verdict}: ${mutant.red}`] });
  }
  process.stdout.write(`${verdict.padEnd(9)} ${took.padStart(5)} s  ${mutant.gate.padEnd(50)} ${mutant.red}\n`);
});
const killed = mutants.length - unreached - survivors.length;
process.stdout.write(`${killed} of ${mutants.length - unreached} mutants killed\n`);
if (unreached > 0) process.stdout.write(`skipped: ${unreached} mutants, since ${seconds} s were over\n`);
if (report) {
  // In vitest's form, for whoever adds suites up and tells what failed.
  const results = survivors.map((one) => ({ name: 'mutants', status: 'failed', assertionResults: [one] }));
  const counts = { numPassedTests: killed, numFailedTests: survivors.length, testResults: results };
  writeFileSync(report, JSON.stringify(counts));
}
process.exitCode = survivors.length === 0 ? 0 : 1;
