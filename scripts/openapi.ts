import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { readDocuments } from '../engine/io/documents.ts';
import { readOperations } from '../generators/add-endpoint/openapi/operations.ts';
import { GENERATORS } from '../generators/generators.ts';
import type { Outcome, RunOptions } from '../generators/outcome.ts';

/**
 * `npx tsx scripts/openapi.ts DIR [--lint] [--reasons] [--losses]`: what `add-endpoint --from` makes of each OpenAPI document in a
 * folder, as a table. A folder in it is a document of many files: its first file that is one. `--lint` compiles and lints what
 * was made, which takes a minute each.
 */
const { values, positionals } = parseArgs({
  options: {
    lint: { type: 'boolean', default: false },
    reasons: { type: 'boolean', default: false },
    losses: { type: 'boolean', default: false },
  },
  allowPositionals: true,
});
const [dir, ...more] = positionals;
if (dir === undefined || more.length > 0) {
  process.stderr.write('usage: npx tsx scripts/openapi.ts DIR [--lint] [--reasons] [--losses]\n');
  process.exit(2);
}

const REFUSED = / (cannot be expressed|was not added|differs): /;

function run(name: string, raw: Record<string, unknown>, options: Pick<RunOptions, 'cwd'>): Promise<Outcome> {
  const generator = GENERATORS.find((one) => one.name === name);
  if (generator === undefined) throw new Error(`there is no generator ${name}`);
  return generator.run(raw, { ...options, overwrite: false, planOnly: false });
}

/** A file by its name, also one behind a symbolic link. */
function isDocument(path: string): boolean {
  return /\.(ya?ml|json)$/.test(path) && existsSync(path) && statSync(path).isFile();
}

/** The root documents: files of the folder, and the largest file at the top of a folder in it. */
function documentsIn(folder: string): string[] {
  return readdirSync(folder).flatMap((entry) => {
    const path = join(folder, entry);
    if (!existsSync(path) || !statSync(path).isDirectory()) return isDocument(path) ? [path] : [];
    const files = readdirSync(path).map((name) => join(path, name));
    return files
      .filter(isDocument)
      .toSorted((a, b) => statSync(b).size - statSync(a).size)
      .slice(0, 1);
  });
}

/** The last line of what a tool of the service says, or `ok`. */
function tryTool(cwd: string, command: string, args: readonly string[]): string {
  try {
    execFileSync(command, args, { cwd, stdio: 'pipe', maxBuffer: 1 << 28 });
    return 'ok';
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: Buffer; stderr?: Buffer };
    const lines = `${stdout ?? ''}${stderr ?? ''}`.trim().split('\n');
    process.stderr.write(`${lines.slice(0, 20).join('\n')}\n`);
    return 'fails';
  }
}

/** Packages are installed once: each service has the same. */
function installInto(service: string): void {
  const packages = join(work, 'node_modules');
  if (!existsSync(packages)) {
    execFileSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: service, stdio: 'pipe' });
    renameSync(join(service, 'node_modules'), packages);
  }
  symlinkSync(packages, join(service, 'node_modules'));
}

const work = mkdtempSync(join(tmpdir(), 'openapi-'));
const rows = [
  [
    'document',
    'operations',
    'added',
    'with losses',
    'refused',
    'lines',
    'seconds',
    ...(values.lint ? ['types', 'lint'] : []),
  ],
];
for (const path of documentsIn(resolve(dir)).toSorted()) {
  const cwd = join(work, basename(path));
  mkdirSync(cwd);
  await run('create', { name: 'orders', database: 'none', cache: 'none' }, { cwd });
  const service = join(cwd, 'orders');
  const started = performance.now();
  const { plan, attention = [] } = await run('add-endpoint', { from: path }, { cwd: service });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const { operations } = readOperations(await readDocuments(path));
  const added = plan.changes.filter((change) => change.path.endsWith('/handler.ts')).length;
  const refused = attention.filter((line) => REFUSED.test(line));
  const lossy = operations.filter((one) => 'losses' in one && one.losses.length > 0).length;
  const lines = attention.length - refused.length;
  const counts = [operations.length, added, Math.min(lossy, added), refused.length, lines].map(String);
  const row = [basename(path), ...counts, seconds];
  if (values.lint) {
    installInto(service);
    row.push(
      tryTool(service, 'npx', ['tsc', '--noEmit']),
      tryTool(service, 'npx', ['biome', 'check', 'src/features', '--diagnostic-level=error']),
    );
  }
  rows.push(row);
  process.stderr.write(`${row.join('  ')}\n`);
  if (values.reasons) for (const line of refused) process.stderr.write(`    ${line.slice(0, 300)}\n`);
  if (values.losses)
    for (const line of attention) if (!REFUSED.test(line)) process.stderr.write(`    ${line.slice(0, 400)}\n`);
  rmSync(cwd, { recursive: true, force: true });
}
rmSync(work, { recursive: true, force: true });
const sums = [1, 2, 3, 4].map((column) => String(rows.slice(1).reduce((sum, row) => sum + Number(row[column]), 0)));
process.stdout.write(`${[...rows, ['all', ...sums]].map((row) => `| ${row.join(' | ')} |`).join('\n')}\n`);
