import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Mutant } from './mutants.ts';

/** Where the text of a mutant stands: `start` and `end` are offsets in the source of `path`, which is below the root. */
export interface Place {
  readonly path: string;
  readonly start: number;
  readonly end: number;
}

interface Declaration {
  readonly name: string;
  readonly path: string;
  readonly start: number;
  readonly source: string;
}

/** Folders without source code of the program. */
const LEFT_OUT = new Set(['node_modules', 'dist', 'test', 'bench', 'templates']);

/** The first line of a top-level declaration, as the formatter writes it. */
const DECLARATION =
  /^(?:export )?(?:default )?(?:abstract )?(?:async )?(?:function\*?|const|let|class|type|interface) (\w+)/gm;

/**
 * Every top-level declaration of the program's TypeScript below a folder, by its name. A declaration goes on up to the
 * next one.
 */
export function readDeclarations(root: string): Map<string, Declaration[]> {
  const found = new Map<string, Declaration[]>();
  for (const path of typescriptFiles(root)) {
    const text = readFileSync(join(root, path), 'utf8');
    const starts = [...text.matchAll(DECLARATION)];
    for (const [index, { 1: name = '', index: start }] of starts.entries()) {
      const source = text.slice(start, starts[index + 1]?.index);
      found.set(name, [...(found.get(name) ?? []), { name, path, start, source }]);
    }
  }
  return found;
}

function typescriptFiles(root: string): string[] {
  return readdirSync(root, { withFileTypes: true })
    .filter((entry) => !LEFT_OUT.has(entry.name) && !entry.name.startsWith('.'))
    .flatMap((entry) => {
      if (!entry.isDirectory()) return entry.name.endsWith('.ts') ? [entry.name] : [];
      return readdirSync(join(root, entry.name), { recursive: true, encoding: 'utf8' })
        .filter((path) => path.endsWith('.ts'))
        .map((path) => `${entry.name}/${path}`);
    })
    .sort();
}

/**
 * Every place where the text of a mutant stands; it has to be one. White space, and the comma that the formatter adds
 * at the end of a list, do not count.
 */
export function placesOf(root: string, declarations: ReadonlyMap<string, Declaration[]>, mutant: Mutant): Place[] {
  const within =
    mutant.file === undefined
      ? (declarations.get(mutant.in) ?? [])
      : [{ path: mutant.file, start: 0, source: readFileSync(join(root, mutant.file), 'utf8') }];
  return within.flatMap(({ path, start, source }) =>
    occurrences(source, mutant.search).map((place) => ({ path, start: start + place.start, end: start + place.end })),
  );
}

/** The source of a place with the edit of the mutant. */
export function mutated(source: string, { start, end }: Place, { replace }: Mutant): string {
  return source.slice(0, start) + replace + source.slice(end);
}

function occurrences(source: string, search: string): { start: number; end: number }[] {
  const { text, offsets } = condense(source);
  const wanted = condense(search).text;
  const found: { start: number; end: number }[] = [];
  for (let at = text.indexOf(wanted); at !== -1; at = text.indexOf(wanted, at + 1)) {
    found.push({ start: offsets[at] ?? 0, end: (offsets[at + wanted.length - 1] ?? 0) + 1 });
  }
  return found;
}

/** A source without what a formatter may change, and where each of its characters stood. */
function condense(source: string): { text: string; offsets: number[] } {
  const kept = [...source.matchAll(/,(?!\s*[)\]}])|[^\s,]/g)];
  return { text: kept.map(([char]) => char).join(''), offsets: kept.map(({ index }) => index) };
}
