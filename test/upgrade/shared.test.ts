import { describe, expect, it } from 'vitest';
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
function version(number: string, shared: Record<string, string>) {
  const main: Template = { ...templateInMemory({ 'a.txt': 'a\n' }), version: number };
  const brought = templateInMemory(shared);
  const addition = async (name: string) => (name === 'endpoint' ? brought : undefined);
  return { standard: makeStandard(main), templates: { main, addition } };
}

const ANSWERS = { name: 'orders', stack: 'typescript', database: 'none', cache: 'none', ci: 'none' } as never;
const FIRST = '1\n2\n3\n4\n5\n';

/** How the service knows of its addition: in the manifest, as older versions wrote it, or in a file of its own. */
type Known = Pick<Manifest, 'schema' | 'additions'> & { readonly files: Manifest['files'] };

const seeded = { [OWN]: { hash: hashContent('own\n'), owner: 'seeded' } } as const;
const added = (shared: Record<string, string>): Known => ({
  schema: 2,
  additions: [{ generator: 'add-endpoint', name: 'GET /a', answers: {}, shared }],
  files: {},
});
const KNOWN: Record<string, Known> = {
  'in an older manifest': { schema: 1, files: { ...seeded, [PATH]: { hash: hashContent(FIRST), owner: 'managed' } } },
  'in a file of its own': added({ [PATH]: hashContent(FIRST) }),
};

async function upgradeOf(known: Known | undefined, team: string, next: Record<string, string>) {
  const [old, young] = [version('0.0.1', { [PATH]: FIRST }), version('0.0.2', next)];
  const manifest: Manifest = {
    ...(known ?? { schema: 2 }),
    template: { source: 'x', version: '0.0.1', integrity: 'x' },
    answers: ANSWERS,
    files: { 'a.txt': { hash: hashContent('a\n'), owner: 'managed' }, ...known?.files },
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

describe.each(Object.entries(KNOWN))('an addition %s', (_where, known) => {
  it('has its shared file upgraded too, and its other files belong to the team', async () => {
    const { files, changes, manifest } = await upgradeOf(known, FIRST, { [PATH]: 'one\n2\n3\n4\n5\n' });
    expect(files.map(({ path, outcome }) => [path, outcome])).toEqual([
      ['a.txt', 'unchanged'],
      [PATH, 'updated'],
    ]);
    expect(changes).toHaveLength(1);
    expect(manifest.files).toEqual({
      'a.txt': { hash: hashContent('a\n'), owner: 'managed' },
      [PATH]: { hash: hashContent('one\n2\n3\n4\n5\n'), owner: 'managed' },
    });
  });

  it('has its shared file merged if the team edited it', async () => {
    const { files } = await upgradeOf(known, '1\n2\n3\n4\nfive\n', { [PATH]: 'one\n2\n3\n4\n5\n' });
    expect(text(files.find(({ path }) => path === PATH)?.after)).toBe('one\n2\n3\n4\nfive\n');
  });
});

it('what no addition brought stays out, and the file of the team at that path stays as it is', async () => {
  const { files } = await upgradeOf(undefined, FIRST, { [PATH]: 'one\n' });
  expect(files.map(({ path }) => path)).toEqual(['a.txt']);
});

it('a shared file that is new in the version comes too', async () => {
  const MORE = 'src/platform/more.ts';
  const { files } = await upgradeOf(KNOWN['in a file of its own'], FIRST, { [PATH]: FIRST, [MORE]: 'more\n' });
  expect(files.map(({ path, outcome }) => [path, outcome])).toEqual([
    ['a.txt', 'unchanged'],
    [MORE, 'created'],
    [PATH, 'unchanged'],
  ]);
});

it('a shared file that an addition of another version brought is no edit: it is upgraded, not merged', async () => {
  const between = '1\n2\nbetween\n4\n5\n';
  const theirs = '1\n2\n3 anew\n4\n5\n';
  const { files, manifest } = await upgradeOf(added({ [PATH]: hashContent(between) }), between, { [PATH]: theirs });
  expect(files.find(({ path }) => path === PATH)).toMatchObject({ outcome: 'updated' });
  expect(manifest.pending).toBeUndefined();
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
