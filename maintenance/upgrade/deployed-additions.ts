import { besideFile } from '../../engine/core/merge/merge-file.ts';
import { isOdd, type MergedFile, type TeamTree } from '../../engine/core/merge/merged-file.ts';
import { applied } from '../../engine/core/merge/place/changes.ts';
import { type AdditionRecord, additionKey } from '../../engine/core/record/addition-record.ts';
import type { RepoPath } from '../../engine/core/repo-path.ts';
import type { Manifest } from '../../engine/core/service/manifest.ts';
import type { RenderedFile, RenderedTree } from '../../engine/core/template/template.ts';
import { sameFile, type Tree, type TreeFile } from '../../engine/core/tree.ts';
import { type Deployed, letOut } from '../../generators/deploy-manifests.ts';
import type { AdditionKind } from '../../generators/generator.ts';
import { GENERATORS } from '../../generators/generators.ts';
import { findStack } from '../../stacks/index.ts';
import type { Side } from './sides.ts';

type Deploying = Pick<Side, 'answers' | 'templates'>;

/** What a merge is between: the service as it is recorded and as its team has it, and the new standard. */
interface Sides {
  readonly manifest: Manifest;
  readonly ours: TeamTree;
  readonly old: Deploying;
  readonly next: Deploying;
}

/**
 * Puts into manifests of Kubernetes that come with a merge what the additions of the service would have put there, had they
 * come after it.
 * @param merged the merge's outcome of each file
 */
export async function deployAdditions(
  { manifest, ours, next }: Omit<Sides, 'old'>,
  merged: MergedFile[],
): Promise<MergedFile[]> {
  if (!isDeployed(next) || isDeployed(manifest)) return merged;
  let files = merged;
  await askAdditions({ manifest, ours }, next, async (record, ask) => {
    const tree = plainFiles(applied(ours, files));
    files = put(files, tree, record, await ask(tree));
  });
  return files;
}

/** The base of a merge. Where manifests of Kubernetes go, what additions have in them is no edit of the team's, and goes too. */
export async function deployedBase({ manifest, ours, old, next }: Sides, base: RenderedTree): Promise<RenderedTree> {
  if (isDeployed(next) || !isDeployed(manifest)) return base;
  const grown = new Map(base);
  await askAdditions({ manifest, ours }, old, async (_record, ask) => {
    const { files, edits } = await ask(grown);
    for (const [path, file] of files) grown.set(path, file);
    for (const [path, { content }] of edits) {
      const file = grown.get(path);
      if (file) grown.set(path, withContent(file, content));
    }
  });
  return grown;
}

type Ask = (tree: Tree) => Promise<Deployed>;

/** Asks each addition that has something in the manifests what that is, in a service with this tree. */
async function askAdditions(
  { manifest, ours }: Pick<Sides, 'manifest' | 'ours'>,
  { answers, templates }: Deploying,
  visit: (record: AdditionRecord, ask: Ask) => Promise<void>,
): Promise<void> {
  const found = findStack(answers);
  const stack = { ...found, ...(await found.load()) };
  for (const { record, kind, place } of deployable(manifest)) {
    const { deployed } = await kind.load();
    const template = await templates.addition(kind.template);
    if (!deployed || !template || !ours.has(place)) continue;
    const ask: Ask = (tree) =>
      deployed({ service: { manifest: { ...manifest, answers }, tree }, answers: record.answers, template, stack });
    await visit(record, ask);
  }
}

interface Deployable {
  readonly record: AdditionRecord;
  readonly kind: AdditionKind;
  /** The file that its team goes on writing. Where it is gone, so is what was added. */
  readonly place: RepoPath;
}

/** The additions that have something in the manifests. */
function deployable({ answers, additions = [] }: Manifest): Deployable[] {
  const { places } = findStack(answers);
  return additions.flatMap((record) => {
    const kind = GENERATORS.find(({ name }) => name === record.generator)?.addition;
    if (kind?.template !== 'client' && kind?.template !== 'worker') return [];
    return { record, kind, place: places.written(kind.template, record.name) as RepoPath };
  });
}

/** What a person has to know of additions, where manifests of Kubernetes come. */
export function deployNotes({ manifest, ours, next }: Omit<Sides, 'old'>): string[] {
  if (!isDeployed(next) || isDeployed(manifest)) return [];
  return deployable(manifest).flatMap(({ record, kind, place }) => {
    if (!ours.has(place)) return `${place} is not there, so deploy/base has nothing of ${additionKey(record)}`;
    return kind.template === 'client' ? letOut(record.name) : [];
  });
}

function withContent({ hash: _stale, ...file }: RenderedFile, content: Uint8Array): RenderedFile {
  return { ...file, content };
}

function isDeployed({ answers }: Pick<Manifest, 'answers'>): boolean {
  return answers.deploy === 'kubernetes';
}

function put(
  merged: readonly MergedFile[],
  tree: Tree,
  record: AdditionRecord,
  { files, edits, attention }: Deployed,
): MergedFile[] {
  const all = new Map(merged.map((file) => [file.path, file]));
  const told = (path: RepoPath, text: string) => {
    const file = all.get(path) ?? { path, outcome: 'kept' };
    const before = file.attention === undefined ? '' : `${file.attention}; `;
    all.set(path, { ...file, attention: `${before}${text}` });
  };
  for (const [path, text] of attention) told(path, text);
  for (const [path, after] of edits) {
    const file = all.get(path);
    const found = tree.get(path);
    if (found && sameFile(found, after)) continue;
    if (file?.outcome === 'conflict')
      told(path, `${path} lacks what ${additionKey(record)} has there: put it in by hand`);
    else all.set(path, { ...file, path, outcome: file?.outcome === 'created' ? 'created' : 'merged', after });
  }
  for (const [path, { content, mode }] of files) all.set(path, added(path, { content, mode }, tree.get(path)));
  return [...all.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** A new file, which does not replace one that is there. */
function added(path: RepoPath, file: TreeFile, found: TreeFile | undefined): MergedFile {
  if (!found) return { path, outcome: 'created', after: file };
  if (sameFile(found, file)) return { path, outcome: 'unchanged' };
  return { path, outcome: 'conflict', note: 'both sides added it', beside: besideFile(path, file) };
}

function plainFiles(tree: TeamTree): Tree {
  return new Map([...tree].flatMap(([path, file]): [RepoPath, TreeFile][] => (isOdd(file) ? [] : [[path, file]])));
}
