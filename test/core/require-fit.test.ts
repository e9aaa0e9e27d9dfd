import { describe, expect, it } from 'vitest';
import type { OddFile } from '../../engine/core/merge/merged-file.ts';
import { requireFit } from '../../engine/core/merge/place/require-fit.ts';
import type { FileChange } from '../../engine/core/plan.ts';
import type { RepoPath } from '../../engine/core/repo-path.ts';
import type { TreeFile } from '../../engine/core/tree.ts';

/** The last check of a merge, before anything is written. What it refuses is a bug of ours. */
const FILE: TreeFile = { content: Buffer.from('x'), mode: 0o644 };

function fitting(
  ours: Readonly<Record<string, TreeFile | OddFile>>,
  changes: Readonly<Record<string, FileChange['kind']>>,
) {
  const tree = new Map(Object.entries(ours)) as unknown as Parameters<typeof requireFit>[0];
  const list = Object.entries(changes).map(
    ([path, kind]) =>
      ({
        kind,
        path: path as RepoPath,
        ...(kind === 'create' ? {} : { before: FILE }),
        ...(kind === 'delete' ? {} : { after: FILE }),
      }) as FileChange,
  );
  return () => requireFit(tree, list);
}

describe('a plan fits', () => {
  it.each<[string, Parameters<typeof fitting>]>([
    [
      'new, changed and removed files',
      [
        { a: FILE, b: FILE },
        { a: 'update', b: 'delete', 'c/d': 'create' },
      ],
    ],
    ['a folder in place of a file that it deletes', [{ a: FILE }, { a: 'delete', 'a/b': 'create' }]],
    [
      'a file in place of a folder that it empties',
      [
        { 'a/b': FILE, 'a/c': FILE },
        { 'a/b': 'delete', 'a/c': 'delete', a: 'create' },
      ],
    ],
    ['a file in a folder with names that are not text', [{ a: { odd: 'a folder' } }, { 'a/b': 'create' }]],
  ])('with %s', (_what, [ours, changes]) => expect(fitting(ours, changes)).not.toThrow());
});

describe('a plan does not fit', () => {
  it.each<[string, Parameters<typeof fitting>, RegExp]>([
    ['that makes a file where one is', [{ a: FILE }, { a: 'create' }], /at a: it is a file/],
    ['that replaces a link', [{ a: { odd: 'a link' } }, { a: 'update' }], /at a: it is something else/],
    ['that makes a file where a link is', [{ a: { odd: 'a link' } }, { a: 'create' }], /at a: it is something else/],
    ['that deletes what is not there', [{}, { a: 'delete' }], /at a: it is missing/],
    ['that makes a file where a folder is', [{ 'a/b': FILE }, { a: 'create' }], /at a: it is a folder/],
    [
      'that empties only half of a folder',
      [
        { 'a/b': FILE, 'a/c': FILE },
        { 'a/b': 'delete', a: 'create' },
      ],
      /at a: it is a folder/,
    ],
    ['that makes a file below a file', [{ a: FILE }, { 'a/b/c': 'create' }], /at a\/b\/c: a is a file/],
    ['that makes a file below a file that it writes', [{}, { a: 'create', 'a/b': 'create' }], /at a/],
    ['that makes a file below a link', [{ a: { odd: 'a link' } }, { 'a/b': 'create' }], /a is something else/],
    ['that replaces a folder with names that are not text', [{ a: { odd: 'a folder' } }, { a: 'create' }], /at a/],
  ])('%s', (_what, [ours, changes], reason) => expect(fitting(ours, changes)).toThrow(reason));
});
