import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadBuiltin } from '../../engine/io/source/builtin.ts';
import { createVariables } from '../../generators/create/questions.ts';
import { GENERATORS } from '../../generators/generators.ts';
import { DEFAULT_STACK } from '../../stacks/index.ts';

/**
 * `layouts/VERSION.txt` has every path that the templates of a version wrote: for all answers, and for all additions what
 * they share. It never changes. Where files move, `migrations` in template.json is what lets a team's edits follow.
 */
const FOLDER = join(import.meta.dirname, 'layouts');

const template = loadBuiltin('typescript', createVariables);
const { move, gone } = declared();
const today = await pathsOfToday();

describe.each(readdirSync(FOLDER))('of %s', (file) => {
  const old = readFileSync(join(FOLDER, file), 'utf8').trim().split('\n');

  it('every path is there today, or is declared to be moved or deleted', () => {
    const lost = old.filter((path) => !today.has(path) && !move.has(path) && !gone.has(path));
    expect(lost, `no longer there; the files of today that no old version has: ${young(old).join(', ')}`).toEqual([]);
  });
});

it('a declared move ends at a file of today, and no two at the same one', () => {
  const targets = [...move.values()];
  expect(targets.filter((path) => !today.has(path))).toEqual([]);
  expect(new Set(targets).size).toBe(targets.length);
});

it('what is declared to be moved or deleted is not there today', () => {
  expect([...move.keys(), ...gone].filter((path) => today.has(path))).toEqual([]);
});

function declared() {
  const migrations = template.migrations ?? [];
  const pairs = migrations.flatMap(({ move: paths = {} }) => Object.entries(paths));
  const moves = new Map(pairs);
  // A file that a later version moves again ends where that one puts it.
  const last = (path: string): string => moves.get(path) ?? path;
  return {
    move: new Map(pairs.map(([from, to]) => [from, last(to)])),
    gone: new Set(migrations.flatMap((migration) => migration.delete ?? [])),
  };
}

async function pathsOfToday(): Promise<Set<string>> {
  const code = await DEFAULT_STACK.load();
  const paths = template.layers.flatMap(({ files }) => files().map(({ path }) => path));
  for (const { addition } of GENERATORS) {
    if (!addition) continue;
    const kind = await addition.load();
    const { layers } = loadBuiltin(`typescript/${addition.template}`, () => kind.variables(code));
    for (const { files } of layers)
      paths.push(...files().flatMap(({ path, owner }) => (owner === 'seeded' ? [] : [path])));
  }
  return new Set(paths);
}

function young(old: readonly string[]): string[] {
  const known = new Set([...old, ...move.values()]);
  return [...today].filter((path) => !known.has(path));
}
