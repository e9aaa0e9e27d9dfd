/**
 * Writes the lockfiles of the TypeScript template, so that a new service installs exactly what was tested without resolving
 * anything: the one of a service without options, and for each option what it adds. They are then compared with what npm
 * itself writes for every set of options, and once more with everything that `add` brings; the same for pnpm. With --prove,
 * each set is also installed from its lockfile, type-checked and tested.
 *
 *   npm run lockfiles -- --stack typescript [--prove]
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { pnpmTemplate } from './pnpm-lockfile.ts';

const template = join(import.meta.dirname, '../../templates/typescript');
const generator = join(import.meta.dirname, '../../dist/bin.cjs');
const databases = ['none', 'postgres'];
const caches = ['none', 'redis'];
const sets = databases.flatMap((database) => caches.map((cache) => ({ database, cache })));

/** The layers that bring dependencies, each with the smallest service that has it. */
const options = [
  { option: 'postgres', database: 'postgres', cache: 'none' },
  { option: 'redis', database: 'none', cache: 'redis' },
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
  '@esbuild/': platforms,
  '@typescript/typescript-': platforms,
};

interface Lockfile {
  name: string;
  packages: Record<string, { name?: string; license?: string; resolved?: string; integrity?: string }>;
}

function run(folder: string, command: string, ...args: string[]): void {
  execFileSync(command, args, { cwd: folder, stdio: ['ignore', 'inherit', 'inherit'] });
}

function generate(folder: string, database: string, cache: string, manager: Manager): void {
  const answers = ['--database', database, '--cache', cache, '--ci', 'none', '--package-manager', manager];
  run(
    tmpdir(),
    process.execPath,
    generator,
    'lockfile',
    '--dir',
    folder,
    ...answers,
    '--yes',
    '--no-git',
    '--no-install',
  );
}

type Manager = 'npm' | 'pnpm';

const LOCKFILES = { npm: 'package-lock.json', pnpm: 'pnpm-lock.yaml' } as const;

/** The pnpm that services name. */
const [, pnpm = ''] =
  /"packageManager": "(pnpm@.*)"/.exec(readFileSync(join(template, 'base', '_package.json.hbs'), 'utf8')) ?? [];

function runPnpm(folder: string, ...args: string[]): void {
  run(folder, 'npm', 'exec', '--yes', `--package=${pnpm}`, '--', 'pnpm', ...args);
}

function resolveWithPnpm(folder: string): string {
  const path = join(folder, LOCKFILES.pnpm);
  rmSync(path, { force: true });
  runPnpm(folder, 'install', '--lockfile-only', '--reporter=silent');
  return readFileSync(path, 'utf8');
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

/** @throws Error if the service's lockfile is not, byte for byte, what the package manager writes for its package.json */
function compare(folder: string, what: string, manager: Manager): void {
  const path = join(folder, LOCKFILES[manager]);
  const ours = readFileSync(path, 'utf8');
  if (manager === 'npm') verify(resolve(folder));
  else resolveWithPnpm(folder);
  if (readFileSync(path, 'utf8') !== ours)
    throw new Error(`${what}: ${manager} writes another lockfile than ${path} was`);
  console.log(`${what}: ${ours.match(/integrity/g)?.length} packages, as ${manager} has them`);
}

function prove(folder: string, manager: Manager): void {
  const runs = [manager === 'npm' ? ['ci'] : ['install', '--frozen-lockfile'], ['run', 'typecheck'], ['test']];
  for (const args of runs) {
    if (manager === 'npm') run(folder, 'npm', ...args);
    else runPnpm(folder, ...args);
  }
}

const { values } = parseArgs({ options: { stack: { type: 'string' }, prove: { type: 'boolean', default: false } } });
const repository = join(import.meta.dirname, '../..');
const work = mkdtempSync(join(tmpdir(), 'lockfiles-'));
function resolved<Resolved>(manager: Manager, database: string, cache: string, how: (folder: string) => Resolved) {
  const folder = join(work, `resolved-${manager}-${database}-${cache}`);
  generate(folder, database, cache, manager);
  return how(folder);
}
try {
  run(repository, 'npm', 'run', '--silent', 'build');
  const smallest = resolved('npm', 'none', 'none', resolve);
  writeFileSync(join(template, '+npm', '_package-lock.json.hbs'), toTemplate(smallest));
  for (const { option, database, cache } of options) {
    const larger = resolved('npm', database, cache, resolve);
    writeFileSync(join(template, `+npm-${option}`, '_package-lock.json'), toText(added(larger, smallest)));
  }
  const byPnpm = (database: string, cache: string) => resolved('pnpm', database, cache, resolveWithPnpm);
  const lockfiles = {
    none: byPnpm('none', 'none'),
    each: new Map(options.map(({ option, database, cache }) => [option, byPnpm(database, cache)])),
    all: byPnpm('postgres', 'redis'),
  };
  writeFileSync(join(template, '+pnpm', 'pnpm-lock.yaml.hbs'), pnpmTemplate(lockfiles));
  run(repository, 'npm', 'run', '--silent', 'build');
  for (const manager of ['npm', 'pnpm'] as const)
    for (const { database, cache } of sets) {
      const folder = join(work, `${manager}-${database}-${cache}`);
      generate(folder, database, cache, manager);
      compare(folder, `${database}, ${cache}`, manager);
      if (values.prove) prove(folder, manager);
      for (const addition of additions) run(folder, process.execPath, generator, 'add', ...addition);
      compare(folder, `${database}, ${cache}, ${additions.map(([kind]) => kind).join(', ')}`, manager);
    }
} finally {
  rmSync(work, { recursive: true, force: true });
}
