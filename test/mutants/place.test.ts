import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { transform } from 'esbuild';
import { expect, test } from 'vitest';
import { MUTANTS, type Mutant } from './mutants.ts';
import { mutated, placesOf, readDeclarations } from './place.ts';

const ROOT = join(import.meta.dirname, '../..');
const declarations = readDeclarations(ROOT);
const WAITS = { gate: 'waits', in: 'wait', replace: '', red: 'core/names.test.ts' };

/** What is wrong with a mutant, or nothing. */
async function problemOf(mutant: Mutant): Promise<string | undefined> {
  if (!existsSync(join(ROOT, 'test', mutant.red))) return `there is no test/${mutant.red}`;
  if (mutant.in !== undefined && !declarations.has(mutant.in)) return `nothing at the top level is named ${mutant.in}`;
  const places = placesOf(ROOT, declarations, mutant);
  const [place] = places;
  if (place === undefined || places.length > 1) {
    return `${mutant.in ?? mutant.file} has ${places.length} times: ${mutant.search}`;
  }
  if (mutant.file !== undefined) return undefined;
  const source = mutated(readFileSync(join(ROOT, place.path), 'utf8'), place, mutant);
  return transform(source, { loader: 'ts' }).then(
    () => undefined,
    (error: Error) => `${place.path} does not compile with the edit: ${error.message}`,
  );
}

test('every mutant has one place in the source, compiles there, and names a test file that exists', async () => {
  const problems = await Promise.all(MUTANTS.map(async (mutant) => ({ mutant, problem: await problemOf(mutant) })));
  expect(problems.flatMap(({ mutant, problem }) => (problem ? [`${mutant.gate}: ${problem}`] : []))).toEqual([]);
});

test('no two mutants have the same name', () => {
  const names = MUTANTS.map(({ gate }) => gate);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});

test('a text is found in its declaration alone, however it is laid out', () => {
  const source = 'call(\n  one,\n  { two: 2 },\n);';
  const declared = new Map([['wait', [{ name: 'wait', path: 'a.ts', start: 100, source }]]]);
  const places = placesOf(ROOT, declared, { ...WAITS, search: 'call(one, { two: 2 })' });
  expect(places).toEqual([{ path: 'a.ts', start: 100, end: 100 + source.length - 1 }]);
  expect(placesOf(ROOT, declared, { ...WAITS, search: 'three' })).toEqual([]);
  expect(placesOf(ROOT, declared, { ...WAITS, in: 'other', search: 'call(' })).toEqual([]);
  expect(placesOf(ROOT, declared, { ...WAITS, search: 'o' })).toHaveLength(2);
});
