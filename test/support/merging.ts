import { isOdd, type MergedFile, type TeamTree } from '../../engine/core/merge/merged-file.ts';
import { applied } from '../../engine/core/merge/place/changes.ts';
import { parsePreset } from '../../engine/core/preset/parse-preset.ts';
import type { Preset } from '../../engine/core/preset/preset.ts';
import { parseRepoPath, type RepoPath } from '../../engine/core/repo-path.ts';
import { createManifest, type Manifest } from '../../engine/core/service/manifest.ts';
import { hashTree, type Tree, type TreeFile } from '../../engine/core/tree.ts';
import { mergeWithGit } from '../../engine/io/git/git-merge.ts';
import { countFiles } from '../../engine/io/source/fetch-source.ts';
import type { CreateAnswers } from '../../generators/create/questions.ts';
import { makeStandard } from '../../generators/standard.ts';
import { mergeService } from '../../maintenance/upgrade/merge.ts';
import { renderSide, type Side } from '../../maintenance/upgrade/sides.ts';
import { templateInMemory } from './template.ts';

/** One version of a standard: files on top of an empty template, and more keys of `preset.yaml`. */
export interface Version {
  readonly files: Tree;
  readonly preset?: Readonly<Record<string, unknown>> & { readonly ownership?: Preset['ownership'] };
}

/** A service between two versions of its standard. */
export interface Upgrading {
  readonly old: Version;
  readonly next: Version;
  /** The team's edit of the files of the old version. */
  readonly team: (rendered: Tree) => TeamTree;
}

export interface Upgraded {
  readonly team: TeamTree;
  /** The service after the upgrade, without its manifest. */
  readonly tree: TeamTree;
  /** A fresh generation of each version. */
  readonly old: Tree;
  readonly next: Tree;
  readonly files: readonly MergedFile[];
  readonly notes: readonly string[];
  readonly manifest: Manifest;
  readonly exit: 0 | 4;
}

export const ANSWERS: CreateAnswers = {
  name: 'orders',
  stack: 'typescript',
  database: 'none',
  cache: 'none',
  packageManager: 'npm',
  ci: 'none',
  deploy: 'none',
  description: 'Orders',
  author: '',
  license: 'none',
  registry: '',
  port: 3000,
};

export const LABELS = {
  ours: 'yours',
  base: 'acme 1.0.0 on create-twelve-service 0.0.1',
  theirs: 'acme 2.0.0 on create-twelve-service 0.0.1',
} as const;

/** The files of a preset: `preset.yaml` and its only layer, `files/`. */
export function presetTree(version: string, { files, preset = {} }: Version): Tree {
  const head = { schema: 1, name: 'acme', version, layers: [{ path: 'files' }], remove: ['base.txt'], ...preset };
  const layer = [...files].map(([path, file]): [RepoPath, TreeFile] => [parseRepoPath(`files/${path}`), file]);
  const text = Buffer.from(`${JSON.stringify(head, null, 2)}\n`);
  return new Map([[parseRepoPath('preset.yaml'), { content: text, mode: 0o644 }], ...layer]);
}

/** Presets by the text of `preset.yaml`: validating one takes longer than a merge. Ownership is added unvalidated. */
const parsed = new Map<string, ReturnType<typeof parsePreset>>();

async function parseOnce(files: Tree, ownership: Preset['ownership'] = []): Promise<Preset> {
  const text = Buffer.from(files.get(parseRepoPath('preset.yaml'))?.content ?? []).toString('utf8');
  const preset = parsed.get(text) ?? parsePreset(files);
  parsed.set(text, preset);
  return { ...(await preset), ownership };
}

async function sideOf(version: string, what: Version, manifest?: Manifest): Promise<Side> {
  const template = { ...templateInMemory({ 'base.txt': 'base\n' }), source: 'create-twelve-service/typescript' };
  const { ownership, ...preset } = what.preset ?? {};
  const files = presetTree(version, { ...what, preset });
  const pin = { name: 'acme', version, source: '/preset', resolved: '/preset', integrity: hashTree(files) };
  const fetched = await countFiles(files, pin.resolved, async (all) => all);
  const standard = makeStandard(template, [{ preset: await parseOnce(files, ownership), files, pin, fetched }]);
  const templates = { main: template, addition: async () => undefined };
  const nobody: Manifest = createManifest(template, ANSWERS, new Map());
  return renderSide(manifest ?? nobody, standard, templates, ANSWERS);
}

/** Upgrades several services with as many processes as for one. */
export async function upgradeAll(services: readonly Upgrading[]): Promise<Upgraded[]> {
  const begin = async ({ old, next, team }: Upgrading) => {
    const before = await sideOf('1.0.0', old);
    const manifest = createManifest(before.standard.template, ANSWERS, before.tree, before.standard.pins('/orders'));
    const after = await sideOf('2.0.0', next, manifest);
    const ours = team(before.tree);
    const merging = await mergeService({ manifest, ours, root: '/orders' }, before, after);
    return { before, after, ours, merging };
  };
  const begun = await Promise.all(services.map(begin));
  const lines = begun.flatMap(({ merging }) => merging.prepared.lines ?? []);
  const merges = await mergeWithGit(lines, LABELS);
  const finish = async ({ before, after, ours, merging }: (typeof begun)[number]): Promise<Upgraded> => {
    const files = await merging.prepared.finish(merging.prepared.lines && merges.shift());
    const { manifest } = merging.result(files);
    const isDone = !manifest.pending && files.every(({ attention }) => attention === undefined);
    const tree = applied(ours, files);
    const { notes } = merging.prepared;
    return { team: ours, tree, old: before.tree, next: after.tree, files, notes, manifest, exit: isDone ? 0 : 4 };
  };
  return Promise.all(begun.map(finish));
}

/** A tree in a form for comparison: `path -> mode and text`, or what is there instead of a file. */
export function visible(tree: TeamTree): Record<string, string> {
  const entries = [...tree].map(([path, file]): [string, string] => [
    path,
    isOdd(file) ? file.odd : `${file.mode.toString(8)} ${Buffer.from(file.content).toString('latin1')}`,
  ]);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
