import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { describe, expect, it } from 'vitest';

/**
 * Which room may import which. A room is a folder with its own line here; a folder without one belongs to the room
 * above it. Imports run down this table, never up: each room may import itself and what its line names.
 */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  'engine/core': [],
  'engine/core/template': ['engine/core'],
  'engine/core/record': ['engine/core'],
  'engine/core/preset': ['engine/core', 'engine/core/template'],
  'engine/core/service': ['engine/core', 'engine/core/template', 'engine/core/record'],
  'engine/core/merge': ['engine/core', 'engine/core/template', 'engine/core/service', 'engine/core/record'],
  'engine/core/audit': ['engine/core', 'engine/core/template', 'engine/core/service'],
  'engine/core/repair': ['engine/core', 'engine/core/template', 'engine/core/service', 'engine/core/record'],
  'engine/io': ['engine/core', 'engine/core/template'],
  'engine/io/apply': ['engine/core', 'engine/core/service', 'engine/core/record', 'engine/io'],
  'engine/io/service': ['engine/core', 'engine/core/service', 'engine/core/record', 'engine/core/audit', 'engine/io'],
  'engine/io/git': ['engine/core', 'engine/core/*', 'engine/io', 'engine/io/service'],
  'engine/io/source': ['engine/core', 'engine/core/template', 'engine/core/preset', 'engine/io', 'engine/io/git'],
  // The verifier knows nothing of the generator; waivers are one file for both.
  contract: ['engine/core', 'engine/core/audit'],
  stacks: ['engine/**'],
  generators: ['engine/**', 'stacks'],
  maintenance: ['engine/**', 'stacks', 'generators', 'contract'],
  report: ['engine/core', 'engine/core/*', 'stacks', 'contract', 'generators', 'maintenance'],
  bin: ['engine/**', 'stacks', 'generators', 'maintenance', 'report', 'contract'],
  scripts: ['engine/**', 'stacks', 'generators', 'maintenance', 'bin'],
};

const ROOT = join(import.meta.dirname, '../..');

/** The room of a file: the longest line of the table that its folder is in. */
function roomOf(file: string): string | undefined {
  const rooms = Object.keys(MAY_IMPORT).filter((room) => file.startsWith(`${room}/`));
  return rooms.sort((a, b) => b.length - a.length)[0];
}

function isAllowed(from: string, to: string): boolean {
  return (MAY_IMPORT[from] ?? []).some((allowed) => {
    if (allowed.endsWith('/**')) return to.startsWith(allowed.slice(0, -2));
    return allowed.endsWith('/*') ? posix.dirname(to) === allowed.slice(0, -2) : to === allowed;
  });
}

/** What a source file imports of the project, types included. */
function importsOf(file: string, text: string): string[] {
  const found = text.matchAll(/\b(?:from|import)\s*\(?\s*'(\.{1,2}\/[^']+)'/g);
  return [...found].map(([, path = '']) => posix.join(posix.dirname(file), path));
}

type Imports = ReadonlyMap<string, readonly string[]>;

/** Sources that are in no room on purpose. */
const OUTSIDE = /^(test|bench|templates|contract\/reference)\/|^vitest\.config\.ts$/;

function listSources(): string[] {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '*.ts'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  return listed.split('\0').filter((file) => file !== '' && !OUTSIDE.test(file) && existsSync(join(ROOT, file)));
}

function readImports(files: readonly string[]): Imports {
  return new Map(files.map((file) => [file, importsOf(file, readFileSync(join(ROOT, file), 'utf8'))]));
}

/** Every import that no line of the table allows. */
function forbidden(imports: Imports): string[] {
  return [...imports].flatMap(([file, targets]) =>
    targets.flatMap((target) => {
      const [from = '', to] = [roomOf(file), roomOf(target)];
      const isFine = to !== undefined && (from === to || isAllowed(from, to));
      return isFine ? [] : [`${file} -> ${target}`];
    }),
  );
}

/** The first circle of files found, as a path that ends where it begins. */
function circle(imports: Imports): readonly string[] | undefined {
  const done = new Set<string>();
  const visit = (file: string, way: readonly string[]): readonly string[] | undefined => {
    const at = way.indexOf(file);
    if (at !== -1) return [...way.slice(at), file];
    if (done.has(file)) return undefined;
    for (const target of imports.get(file) ?? []) {
      const found = visit(target, [...way, file]);
      if (found) return found;
    }
    done.add(file);
    return undefined;
  };
  for (const file of imports.keys()) {
    const found = visit(file, []);
    if (found) return found;
  }
  return undefined;
}

describe('the rooms of the source', () => {
  const imports = readImports(listSources());

  it('have every source in one of them', () => {
    expect([...imports.keys()].filter((file) => roomOf(file) === undefined)).toEqual([]);
  });

  it('import only what the table allows', () => {
    expect(imports.size).toBeGreaterThan(300);
    expect(forbidden(imports)).toEqual([]);
  });

  it('have no circle of imports, types included', () => {
    expect(circle(imports)).toBeUndefined();
  });

  it.each(Object.keys(MAY_IMPORT))('%s is there, and has files of its own', (room) => {
    expect([...imports.keys()].some((file) => roomOf(file) === room)).toBe(true);
  });

  it('are told when an arrow points up', () => {
    const up = new Map([...imports, ['engine/core/names.ts', ['engine/io/disk.ts']]]);
    expect(forbidden(up)).toEqual(['engine/core/names.ts -> engine/io/disk.ts']);
  });

  it('are told when an arrow leaves them', () => {
    const out = new Map([...imports, ['bin/main.ts', ['test/support/folder.ts']]]);
    expect(forbidden(out)).toEqual(['bin/main.ts -> test/support/folder.ts']);
  });

  it('are told when an arrow closes a circle', () => {
    const closed = new Map([...imports, ['engine/core/errors.ts', ['engine/core/tree.ts']]]);
    expect(circle(closed)?.at(0)).toBe(circle(closed)?.at(-1));
    expect(circle(closed)).toContain('engine/core/tree.ts');
  });

  it('reads imports of types, of values and those on demand', () => {
    const text =
      "import type { A } from './a.ts';\nexport { b } from '../b.ts';\nawait import('./c.ts');\nimport 'node:fs';";
    expect(importsOf('x/y/z.ts', text)).toEqual(['x/y/a.ts', 'x/b.ts', 'x/y/c.ts']);
  });
});
