/**
 * Writes the lockfiles of the TypeScript template, so that a new service installs exactly what was tested without resolving
 * anything: the one of a service without options, and for each option what it adds. They are then compared with what npm
 * itself writes for every set of options, and once more with everything that `add` brings. With --prove, each set is also
 * installed from its lockfile, type-checked and tested.
 *
 *   npm run lockfiles [-- --prove]
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual, parseArgs } from 'node:util';

const template = join(import.meta.dirname, '..', 'templates', 'typescript');
const generator = join(import.meta.dirname, '..', 'dist', 'bin.cjs');
const databases = ['none', 'postgres'];
const caches = ['none', 'redis'];
const sets = databases.flatMap((database) => caches.map((cache) => ({ database, cache })));

/** The layers that bring dependencies, each with the smallest service that has it. */
const options = [
  { layer: '+postgres', database: 'postgres', cache: 'none' },
  { layer: '+redis', database: 'none', cache: 'redis' },
];

/** What `add` is asked for: each brings dependencies of its own. */
const additions = [
  ['client', 'payments'],
  ['flag', 'new-checkout'],
];

/** A service runs on these; `npm ci` on one of them needs its binaries in a lockfile that was written on another. */
const platforms = ['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64', 'win32-x64', 'win32-arm64'];
const muslPlatforms = ['linux-x64-musl', 'linux-arm64-musl'];
const native: Record<string, string[]> = {
  '@biomejs/cli-': [...platforms, ...muslPlatforms],
  '@typescript/typescript-': platforms,
};

interface Lockfile {
  name: string;
  packages: Record<string, { name?: string; license?: string; resolved?: string; integrity?: string }>;
}

function run(folder: string, command: string, ...args: string[]): void {
  execFileSync(command, args, { cwd: folder, stdio: ['ignore', 'inherit', 'inherit'] });
}

function generate(folder: string, database: string, cache: string): void {
  const answers = ['--database', database, '--cache', cache, '--ci', 'none', '--yes', '--no-git', '--no-install'];
  run(tmpdir(), process.execPath, generator, 'lockfile', '--dir', folder, ...answers);
}

function resolve(folder: string): Lockfile {
  rmSync(join(folder, 'package-lock.json'), { force: true });
  const quiet = ['--omit-lockfile-registry-resolved', '--no-audit', '--no-fund'];
  run(folder, 'npm', 'install', '--package-lock-only', ...quiet);
  return JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8')) as Lockfile;
}

/** @throws Error for an entry that names a registry, has no integrity, or for a platform that is missing */
function verify(lockfile: Lockfile): void {
  const faults: string[] = [];
  for (const [path, entry] of Object.entries(lockfile.packages)) {
    if (path === '') continue;
    if (entry.resolved !== undefined) faults.push(`${path} says where it was downloaded from`);
    if (entry.integrity === undefined) faults.push(`${path} has no integrity`);
  }
  for (const [prefix, names] of Object.entries(native))
    for (const name of names)
      if (!(`node_modules/${prefix}${name}` in lockfile.packages)) faults.push(`${prefix}${name} is missing`);
  if (faults.length > 0) throw new Error(`bad lockfile:\n  ${faults.join('\n  ')}`);
}

/** The lockfile as a template: what depends on an answer becomes a variable. */
function toTemplate(lockfile: Lockfile): string {
  const variables = { name: '\u0001name', license: '\u0001license' };
  const root = { ...lockfile.packages[''], ...variables };
  return toText({ ...lockfile, name: variables.name, packages: { ...lockfile.packages, '': root } })
    .replaceAll(JSON.stringify(variables.name), '{{json packageName}}')
    .replaceAll(JSON.stringify(variables.license), '{{json license}}');
}

function toText(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** The keys that a larger lockfile has and a smaller one lacks. */
function added(larger: object, smaller: object): object {
  const entries = Object.entries(larger).flatMap(([key, value]) => {
    const below = (smaller as Record<string, unknown>)[key];
    if (isDeepStrictEqual(below, value)) return [];
    return [[key, typeof below === 'object' && below !== null ? added(value, below) : value]];
  });
  return Object.fromEntries(entries);
}

/** @throws Error if the service's lockfile is not, byte for byte, what npm writes for its package.json */
function compare(folder: string, what: string): void {
  const path = join(folder, 'package-lock.json');
  const ours = readFileSync(path, 'utf8');
  verify(resolve(folder));
  if (readFileSync(path, 'utf8') !== ours) throw new Error(`${what}: npm writes another lockfile than the layers give`);
  console.log(`${what}: ${Object.keys((JSON.parse(ours) as Lockfile).packages).length - 1} packages, as npm has them`);
}

function prove(folder: string): void {
  run(folder, 'npm', 'ci', '--no-audit', '--no-fund');
  run(folder, 'npm', 'run', 'typecheck');
  run(folder, 'npm', 'test');
}

const { values } = parseArgs({ options: { prove: { type: 'boolean', default: false } } });
const repository = join(import.meta.dirname, '..');
const work = mkdtempSync(join(tmpdir(), 'lockfiles-'));
const resolved = (database: string, cache: string): Lockfile => {
  const folder = join(work, `resolved-${database}-${cache}`);
  generate(folder, database, cache);
  return resolve(folder);
};
try {
  run(repository, 'npm', 'run', '--silent', 'build');
  const smallest = resolved('none', 'none');
  writeFileSync(join(template, 'base', '_package-lock.json.hbs'), toTemplate(smallest));
  for (const { layer, database, cache } of options)
    writeFileSync(join(template, layer, '_package-lock.json'), toText(added(resolved(database, cache), smallest)));
  run(repository, 'npm', 'run', '--silent', 'build');
  for (const { database, cache } of sets) {
    const folder = join(work, `${database}-${cache}`);
    generate(folder, database, cache);
    compare(folder, `${database}, ${cache}`);
    if (values.prove) prove(folder);
    for (const addition of additions) run(folder, process.execPath, generator, 'add', ...addition);
    compare(folder, `${database}, ${cache}, ${additions.map(([kind]) => kind).join(', ')}`);
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
