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
import { uniteLines } from '../../engine/core/sorted-lines.ts';
import { moduleTemplate, type OfSets } from './go-module.ts';

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

/** Each layer with a go.sum, and the sets that have it. The first ones that do are taken. */
const LAYERS: readonly (readonly [layer: string, sets: readonly Set['name'][]])[] = [
  ['base', ['none', 'postgres', 'redis', 'all']],
  ['+postgres', ['postgres', 'all']],
  ['+stateless', ['none', 'redis']],
  ['+redis', ['redis', 'all']],
  ['+postgres-redis', ['all']],
];

/**
 * Writes every layer's share of go.sum.
 * @throws Error for a line that some sets have, and no layers have for just them
 */
function writeSums(sums: OfSets): void {
  const shares = new Map(LAYERS.map(([layer]) => [layer, [] as string[]]));
  const names = SETS.map(({ name }) => name);
  for (const line of uniteLines(Object.values(sums)).trimEnd().split('\n')) {
    const wanted = names.filter((name) => sums[name].split('\n').includes(line));
    let missing = wanted;
    for (const [layer, sets] of LAYERS) {
      if (!sets.every((name) => wanted.includes(name)) || !sets.some((name) => missing.includes(name))) continue;
      shares.get(layer)?.push(line);
      missing = missing.filter((name) => !sets.includes(name));
    }
    if (missing.length > 0) throw new Error(`${wanted.join(', ')} alone have a line: ${line}`);
  }
  for (const [layer, lines] of shares) {
    const path = join(template, layer, 'go.sum');
    if (lines.length > 0) writeFileSync(path, uniteLines([lines.join('\n')]));
    else rmSync(path, { force: true });
  }
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
  writeSums(textsOf('sums'));
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
