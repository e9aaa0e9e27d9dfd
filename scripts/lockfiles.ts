/**
 * Writes the lockfile of each dependency set of the TypeScript template, so that a new service installs exactly what was
 * tested without resolving anything. With --prove, also installs each from it, type-checks and tests it.
 *
 *   npm run lockfiles [-- --prove]
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const template = join(import.meta.dirname, '..', 'templates', 'typescript');
const generator = join(import.meta.dirname, '..', 'dist', 'bin.cjs');
const sets = ['postgres', 'none'].flatMap((database) => ['redis', 'none'].map((cache) => ({ database, cache })));

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
  const options = ['--package-lock-only', '--omit-lockfile-registry-resolved', '--no-audit', '--no-fund'];
  run(folder, 'npm', 'install', ...options);
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
  const text = JSON.stringify(
    { ...lockfile, name: variables.name, packages: { ...lockfile.packages, '': root } },
    null,
    2,
  );
  return `${text
    .replaceAll(JSON.stringify(variables.name), '{{json packageName}}')
    .replaceAll(JSON.stringify(variables.license), '{{json license}}')}\n`;
}

function prove(folder: string, database: string, cache: string): void {
  generate(folder, database, cache);
  run(folder, 'npm', 'ci', '--no-audit', '--no-fund');
  run(folder, 'npm', 'run', 'typecheck');
  run(folder, 'npm', 'test');
}

const { values } = parseArgs({ options: { prove: { type: 'boolean', default: false } } });
const repository = join(import.meta.dirname, '..');
const work = mkdtempSync(join(tmpdir(), 'lockfiles-'));
try {
  run(repository, 'npm', 'run', '--silent', 'build');
  for (const { database, cache } of sets) {
    const folder = join(work, `${database}-${cache}`);
    generate(folder, database, cache);
    const lockfile = resolve(folder);
    verify(lockfile);
    const layer = join(template, `+lock-${database}-${cache}`);
    mkdirSync(layer, { recursive: true });
    writeFileSync(join(layer, '_package-lock.json.hbs'), toTemplate(lockfile));
    console.log(`${database}, ${cache}: ${Object.keys(lockfile.packages).length - 1} packages`);
  }
  if (values.prove) {
    run(repository, 'npm', 'run', '--silent', 'build');
    for (const { database, cache } of sets) prove(join(work, `prove-${database}-${cache}`), database, cache);
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
