import { expect, it } from 'vitest';
import { parseRepoPath, type RepoPath } from '../../engine/core/repo-path.ts';
import type { Manifest } from '../../engine/core/service/manifest.ts';
import type { Template } from '../../engine/core/template/template.ts';
import { hashContent, type TreeFile } from '../../engine/core/tree.ts';
import { mergeWithGit } from '../../engine/io/git/git-merge.ts';
import { makeStandard } from '../../generators/standard.ts';
import { mergeService } from '../../maintenance/upgrade/merge.ts';
import { renderSide } from '../../maintenance/upgrade/sides.ts';
import { LABELS } from '../support/merging.ts';
import { templateInMemory } from '../support/template.ts';

const PATH = parseRepoPath('src/platform/shared.ts');
const OWN = parseRepoPath('src/features/own.ts');
const file = (text: string): TreeFile => ({ content: Buffer.from(text), mode: 0o644 });
const text = (one: { content: Uint8Array } | null | undefined): string =>
  Buffer.from(one?.content ?? []).toString('utf8');

/** A template with one file, and an addition with a shared file. */
function version(number: string, shared: string) {
  const main: Template = { ...templateInMemory({ 'a.txt': 'a\n' }), version: number };
  const brought = templateInMemory({ [PATH]: shared });
  const addition = async (name: string) => (name === 'endpoint' ? brought : undefined);
  return { standard: makeStandard(main), templates: { main, addition } };
}

const ANSWERS = { name: 'orders', stack: 'typescript', database: 'none', cache: 'none', ci: 'none' } as never;

async function upgradeOf(team: string, next: string) {
  const [old, young] = [version('0.0.1', '1\n2\n3\n4\n5\n'), version('0.0.2', next)];
  const manifest: Manifest = {
    schema: 1,
    template: { source: 'x', version: '0.0.1', integrity: 'x' },
    answers: ANSWERS,
    files: {
      'a.txt': { hash: hashContent('a\n'), owner: 'managed' },
      [OWN]: { hash: hashContent('own\n'), owner: 'seeded' },
      [PATH]: { hash: hashContent('1\n2\n3\n4\n5\n'), owner: 'managed' },
    },
  };
  const ours = new Map<RepoPath, TreeFile>([
    [parseRepoPath('a.txt'), file('a\n')],
    [OWN, file('own\n')],
    [PATH, file(team)],
  ]);
  const sides = await Promise.all(
    [old, young].map(({ standard, templates }) => renderSide(manifest, standard, templates, ANSWERS)),
  );
  const merging = await mergeService({ manifest, ours, root: '/' }, sides[0] as never, sides[1] as never);
  const [merged] = await mergeWithGit(merging.prepared.lines ? [merging.prepared.lines] : [], LABELS);
  return merging.result(await merging.prepared.finish(merged));
}

it('a shared file of additions is upgraded too, and their other files belong to the team', async () => {
  const { files, changes, manifest } = await upgradeOf('1\n2\n3\n4\n5\n', 'one\n2\n3\n4\n5\n');
  expect(files.map(({ path, outcome }) => [path, outcome])).toEqual([
    ['a.txt', 'unchanged'],
    [PATH, 'updated'],
  ]);
  expect(changes).toHaveLength(1);
  expect(manifest.files[PATH]?.hash).toBe(hashContent('one\n2\n3\n4\n5\n'));
  expect(manifest.files[OWN]).toEqual({ hash: hashContent('own\n'), owner: 'seeded' });
});

it('a shared file that the team edited is merged', async () => {
  const { files } = await upgradeOf('1\n2\n3\n4\nfive\n', 'one\n2\n3\n4\n5\n');
  expect(text(files.find(({ path }) => path === PATH)?.after)).toBe('one\n2\n3\n4\nfive\n');
});

it('a service with more files than a source may have is merged too', async () => {
  const many = new Map(
    Array.from({ length: 6_000 }, (_, index): [RepoPath, TreeFile] => [
      parseRepoPath(`f/${index}.txt`),
      file(`${index}`),
    ]),
  );
  const [merged] = await mergeWithGit([{ base: new Map(), ours: many, theirs: new Map() }], LABELS);
  expect(merged?.tree.size).toBe(6_000);
});
