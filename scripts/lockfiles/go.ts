/**
 * go.mod and go.sum of the Go template, for exactly the chosen options: one go.mod in which a line stands under the options that
 * bring it, and for each option the lines that it adds to go.sum. All sets take the versions of the largest one. What a service
 * gets is then compared with what `go mod tidy` makes of it, and once more with everything that `add` brings.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { moduleTemplate, type OfSets } from './go-module.ts';
import { writeShares } from './layers.ts';

const root = join(import.meta.dirname, '../..');
const template = join(root, 'templates/go');
const generator = join(root, 'dist/bin.cjs');

/** Every set of options, the smallest first. */
const SETS = [
  { name: 'none', database: 'none', cache: 'none' },
  { name: 'postgres', database: 'postgres', cache: 'none' },
  { name: 'redis', database: 'none', cache: 'redis' },
  { name: 'all', database: 'postgres', cache: 'redis' },
] as const;

type Set = (typeof SETS)[number];

/** What `add` is asked for: each brings dependencies of its own. */
const ADDITIONS = [
  ['client', 'payments'],
  ['flag', 'new-checkout'],
];

interface Locked {
  readonly module: string;
  readonly sums: string;
}

const { values } = parseArgs({ options: { stack: { type: 'string' }, prove: { type: 'boolean', default: false } } });
const work = mkdtempSync(join(tmpdir(), 'lockfiles-'));

function run(folder: string, command: string, ...args: string[]): void {
  execFileSync(command, args, { cwd: folder, stdio: ['ignore', 'inherit', 'inherit'] });
}

function generate(folder: string, { database, cache }: Set): string {
  const answers = ['--stack', 'go', '--database', database, '--cache', cache, '--ci', 'none'];
  run(work, process.execPath, generator, 'lockfile', '--dir', folder, ...answers, '--yes', '--no-git', '--no-install');
  return folder;
}

/** What `go mod tidy` writes for the sources of a set, from the versions of a go.mod. */
function tidied(set: Set, from?: Locked): Locked {
  const folder = generate(join(work, `tidied-${set.name}`), set);
  if (from) writeFileSync(join(folder, 'go.mod'), from.module);
  run(folder, 'go', 'mod', 'tidy');
  return { module: readFileSync(join(folder, 'go.mod'), 'utf8'), sums: readFileSync(join(folder, 'go.sum'), 'utf8') };
}

/** @throws Error if Go would write another go.mod or go.sum */
function compare(folder: string, what: string): void {
  run(folder, 'go', 'mod', 'tidy', '-diff');
  console.log(`${what}: ${readFileSync(join(folder, 'go.sum'), 'utf8').split('\n').length - 1} sums, as Go has them`);
}

try {
  run(root, 'npm', 'run', '--silent', 'build');
  const [none, postgres, redis, all] = SETS;
  const largest = tidied(all);
  const locked = {
    none: tidied(none, largest),
    postgres: tidied(postgres, largest),
    redis: tidied(redis, largest),
    all: largest,
  };
  const textsOf = (part: keyof Locked): OfSets => ({
    none: locked.none[part],
    postgres: locked.postgres[part],
    redis: locked.redis[part],
    all: locked.all[part],
  });
  writeShares(template, 'go.sum', textsOf('sums'));
  writeFileSync(join(template, 'base/_go.mod.hbs'), moduleTemplate(textsOf('module')));
  run(root, 'npm', 'run', '--silent', 'build');
  for (const set of SETS) {
    const folder = generate(join(work, set.name), set);
    compare(folder, set.name);
    if (values.prove) {
      run(folder, 'go', 'vet', './...');
      run(folder, 'go', 'test', '-p', '1', './...');
    }
    for (const addition of ADDITIONS) run(folder, process.execPath, generator, 'add', ...addition);
    compare(folder, `${set.name}, ${ADDITIONS.map(([kind]) => kind).join(', ')}`);
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
