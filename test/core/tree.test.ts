import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeChange, diffTrees } from '../../engine/core/plan.ts';
import { parseRepoPath, type RepoPath } from '../../engine/core/repo-path.ts';
import { collidingPaths, type FileMode, hashContent, type TreeFile } from '../../engine/core/tree.ts';

describe('collidingPaths', () => {
  it.each<[string, string[]]>([
    ['the case of a file', ['README.md', 'readme.md']],
    ['the case of a folder', ['src/a', 'Src/b']],
    ['Unicode forms', ['caf\u00e9', 'cafe\u0301']],
    ['a file where a folder must be', ['a', 'a/b']],
    ['a folder where a file must be', ['a/b', 'A']],
    ['a path twice', ['a', 'a']],
  ])('sees %s', (_, paths) => {
    expect(collidingPaths(paths)).toHaveLength(1);
    expect(collidingPaths([...paths].reverse())).toHaveLength(1);
  });

  it('sees nothing in paths that share folders', () => {
    expect(collidingPaths(['a/b', 'a/c', 'a/d/e', 'a/d/f', 'ab', 'b/a'])).toEqual([]);
  });

  it('agrees with a disk that ignores case and Unicode forms', () => {
    const path = fc.array(fc.constantFrom('a', 'A', 'b', '\u00e9', 'e\u0301'), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(fc.array(path, { maxLength: 6 }), (paths) => {
        // Such a disk has every folder and file under its folded name. A file is written once, a folder keeps its
        // spelling.
        const disk = new Map<string, string>();
        let collides = false;
        for (const segments of paths) {
          segments.forEach((_, index) => {
            const spelled = segments.slice(0, index + 1).join('/');
            const what = index === segments.length - 1 ? `file ${spelled}` : `folder ${spelled}`;
            const key = spelled.normalize('NFC').toLowerCase();
            const there = disk.get(key);
            if (there !== undefined && (there !== what || what.startsWith('file'))) collides = true;
            disk.set(key, there ?? what);
          });
        }
        expect(collidingPaths(paths.map((segments) => segments.join('/'))).length > 0).toBe(collides);
      }),
      { numRuns: 500 },
    );
  });
});

describe('diffTrees', () => {
  const file: fc.Arbitrary<TreeFile> = fc.record({
    content: fc.uint8Array({ maxLength: 3, max: 2 }),
    mode: fc.constantFrom<FileMode>(0o644, 0o755),
  });
  const tree = fc
    .dictionary(fc.stringMatching(/^[a-d](\/[a-d])?$/), file)
    .map((files) => new Map(Object.entries(files).map(([path, content]) => [parseRepoPath(path), content])));

  it('gives exactly the changes that turn one tree into the other', () => {
    fc.assert(
      fc.property(tree, tree, (before, after) => {
        const changes = diffTrees(before, after);
        const result = new Map<RepoPath, TreeFile>(before);
        for (const change of changes) {
          expect(change.kind).toBe(before.has(change.path) ? 'update' : 'create');
          if (change.kind === 'update') expect(change.before).toBe(before.get(change.path));
          if (change.kind !== 'delete') result.set(change.path, change.after);
        }
        for (const [path, wanted] of after) {
          expect(result.get(path)?.mode).toBe(wanted.mode);
          expect(Buffer.from(result.get(path)?.content ?? [])).toEqual(Buffer.from(wanted.content));
        }
        expect(diffTrees(result, after)).toEqual([]);
        expect(changes.map(({ path }) => path)).toEqual(changes.map(({ path }) => path).sort());
      }),
    );
  });

  it('does not change files that the new tree does not have', () => {
    const path = parseRepoPath('mine');
    expect(diffTrees(new Map([[path, { content: Buffer.from(''), mode: 0o644 as const }]]), new Map())).toEqual([]);
  });

  it('describes a change with hashes for bytes', () => {
    const path = parseRepoPath('run.sh');
    const [change] = diffTrees(
      new Map([[path, { content: Buffer.from('a'), mode: 0o644 as const }]]),
      new Map([[path, { content: Buffer.from('a'), mode: 0o755 as const }]]),
    );
    if (!change) throw new Error('the mode is no change');
    const hash = `sha256-${createHash('sha256').update('a').digest('base64')}`;
    expect(hashContent(Buffer.from('a'))).toBe(hash);
    expect(describeChange(change)).toEqual({
      kind: 'update',
      path: 'run.sh',
      before: { hash, bytes: 1, mode: '0644' },
      after: { hash, bytes: 1, mode: '0755' },
    });
  });
});
