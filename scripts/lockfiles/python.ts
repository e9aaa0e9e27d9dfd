/**
 * The lockfiles of the Python template, for exactly the chosen options: for each option the packages that it adds. All sets take the
 * versions of the largest one, which keeps those that it had. What a service gets is then compared with what `make lock` makes of
 * it, and once more with everything that `add` brings.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { OfSets } from './go-module.ts';
import { writeShares } from './layers.ts';

const root = join(import.meta.dirname, '../..');
const template = join(root, 'templates/python');
const generator = join(root, 'dist/bin.cjs');

/** Every set of options, the largest first. */
const SETS = [
  { name: 'all', database: 'postgres', cache: 'redis' },
  { name: 'postgres', database: 'postgres', cache: 'none' },
  { name: 'redis', database: 'none', cache: 'redis' },
  { name: 'none', database: 'none', cache: 'none' },
] as const;

/** What `add` is asked for: each brings dependencies of its own. */
const ADDITIONS = [
  ['client', 'payments'],
  ['flag', 'new-checkout'],
];

/** Each lockfile, with what uv is asked for; a later one takes the versions of those before it. */
const LOCKFILES = [
  { file: 'requirements.txt', sources: ['pyproject.toml'] },
  { file: 'requirements-dev.txt', sources: ['--group', 'dev', '-c', 'requirements.txt'] },
  {
    file: 'requirements-local.txt',
    sources: ['--group', 'local', '-c', 'requirements.txt', '-c', 'requirements-dev.txt'],
    group: /^local = /m,
  },
] as const;

const { values } = parseArgs({
  options: { stack: { type: 'string' }, prove: { type: 'boolean', default: false }, upgrade: { type: 'boolean' } },
});
const work = mkdtempSync(join(tmpdir(), 'lockfiles-'));

function run(folder: string, command: string, ...args: string[]): void {
  execFileSync(command, args, { cwd: folder, stdio: ['ignore', 'inherit', 'inherit'] });
}

function generate(folder: string, { database, cache }: (typeof SETS)[number]): string {
  const answers = ['--stack', 'python', '--database', database, '--cache', cache, '--ci', 'none'];
  run(work, process.execPath, generator, 'lockfile', '--dir', folder, ...answers, '--yes', '--no-git', '--no-install');
  return folder;
}

/** What uv makes of a service's pyproject.toml. A version that a lockfile has stays, if it still fits. */
function compile(folder: string, ...options: string[]): Map<string, string> {
  const manifest = readFileSync(join(folder, 'pyproject.toml'), 'utf8');
  const made = new Map<string, string>();
  for (const { file, sources, ...rest } of LOCKFILES) {
    if ('group' in rest && !rest.group.test(manifest)) continue;
    run(folder, 'uv', 'pip', 'compile', '--quiet', ...options, ...sources, '-o', file);
    made.set(file, readFileSync(join(folder, file), 'utf8'));
  }
  return made;
}

/** @throws Error for an address, for a package without hashes, or where uv would write another lockfile */
function compare(folder: string, what: string): void {
  const before: ReadonlyMap<string, string> = new Map(
    LOCKFILES.filter(({ file }) => existsSync(join(folder, file))).map(({ file }) => [
      file,
      readFileSync(join(folder, file), 'utf8'),
    ]),
  );
  const after: ReadonlyMap<string, string> = compile(folder);
  for (const file of new Set([...before.keys(), ...after.keys()])) {
    const text = before.get(file) ?? '';
    if (text !== after.get(file)) throw new Error(`${what}: uv writes another ${file}`);
    if (/:\/\//.test(text)) throw new Error(`${what}: ${file} has an address`);
    const bare = text.match(/^\S+==.*[^\\]$/gm) ?? [];
    if (bare.length > 0) throw new Error(`${what}: ${file} has no hash of ${bare.join(', ')}`);
  }
  const packages = [...after.values()].flatMap((text) => text.match(/^\S+==/gm) ?? []);
  console.log(`${what}: ${packages.length} packages, as uv has them`);
}

try {
  run(root, 'npm', 'run', '--silent', 'build');
  const made = new Map<string, ReadonlyMap<string, string>>();
  for (const set of SETS) {
    const folder = generate(join(work, `locked-${set.name}`), set);
    for (const [file, text] of made.get('all') ?? []) writeFileSync(join(folder, file), text);
    made.set(set.name, compile(folder, ...(values.upgrade && set.name === 'all' ? ['--upgrade'] : [])));
  }
  for (const { file } of LOCKFILES) {
    const textOf = (set: keyof OfSets) => made.get(set)?.get(file) ?? '';
    const texts = { none: textOf('none'), postgres: textOf('postgres'), redis: textOf('redis'), all: textOf('all') };
    writeShares(template, file, texts);
  }
  run(root, 'npm', 'run', '--silent', 'build');
  for (const set of SETS) {
    const folder = generate(join(work, set.name), set);
    compare(folder, set.name);
    if (values.prove) run(folder, 'make', 'check');
    for (const addition of ADDITIONS) run(folder, process.execPath, generator, 'add', ...addition);
    compare(folder, `${set.name}, ${ADDITIONS.map(([kind]) => kind).join(', ')}`);
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
