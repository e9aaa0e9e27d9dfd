import { UserError } from '../../engine/core/errors.ts';
import { diffTrees, type Plan } from '../../engine/core/plan.ts';
import { parseRepoPath, type RepoPath } from '../../engine/core/repo-path.ts';
import {
  createManifest,
  MANIFEST_PATH,
  type PresetPin,
  serializeManifest,
} from '../../engine/core/service/manifest.ts';
import { renderTemplate } from '../../engine/core/template/render.ts';
import type { RenderContext, Template } from '../../engine/core/template/template.ts';
import { shortList } from '../../engine/core/text/short-list.ts';
import { hashContent, sameFile, type Tree, type TreeFile } from '../../engine/core/tree.ts';
import { type CreateAnswers, createContext } from './questions.ts';

/** What is already in the target. */
export interface Target {
  readonly kind: 'missing' | 'folder';
  /** Names in the folder. */
  readonly entries: readonly string[];
  /** The files that stand at paths of the new service. */
  readonly tree: Tree;
  /** Paths of the new service that cannot be written: a folder, a link or a device stands there or on the way. */
  readonly obstacles: readonly string[];
}

interface CreateOptions {
  /** Replace files that the service has too; each is backed up first. */
  readonly overwrite: boolean;
}

/** What a fresh repository may already hold. It is kept, never replaced. */
const HARMLESS = /^(\.git|LICEN[CS]E(\.(md|txt))?|README(\.(md|txt))?)$/i;

/**
 * Renders the whole service, its manifest included.
 * @param context what templates may name, if presets add to it
 */
export async function renderService(
  template: Template,
  answers: CreateAnswers,
  { context = createContext(answers), presets = [] }: { context?: RenderContext; presets?: readonly PresetPin[] } = {},
): Promise<Tree> {
  const rendered = await renderTemplate(template, answers, context);
  const manifest = serializeManifest(createManifest(template, answers, rendered, presets));
  const tree = new Map<RepoPath, TreeFile>(rendered);
  tree.set(MANIFEST_PATH, { content: Buffer.from(manifest), mode: 0o644 });
  return tree;
}

/**
 * create = diff(target, render(answers)); a target that is not empty is refused.
 * @throws {UserError} TARGET_NOT_EMPTY, listing what collides
 */
export function planCreate(service: Tree, target: Target, options: CreateOptions): Plan {
  if (target.obstacles.length > 0)
    throw new UserError(
      'TARGET_NOT_EMPTY',
      `in the way: ${shortList(target.obstacles)}`,
      'Choose another folder with --dir, or move what is in the way.',
    );
  refuseStrangers(target, options);
  const kept = options.overwrite ? [] : [...target.tree.keys()].filter((path) => HARMLESS.test(path));
  const wanted = new Map([...service].filter(([path]) => !kept.includes(path)));
  return {
    changes: diffTrees(target.tree, new Map([...wanted, ...backups(wanted, target.tree)])),
    notes: kept.map((path) => `${path} was there and is kept as it is`),
    next: [],
  };
}

/**
 * Refuses a target with more in it than a fresh repository may hold.
 * @throws {UserError} TARGET_NOT_EMPTY
 */
export function refuseStrangers({ entries, tree }: Target, { overwrite }: CreateOptions): void {
  const strangers = entries.filter((entry) => !HARMLESS.test(entry));
  if (strangers.length > 0 && !overwrite)
    throw new UserError(
      'TARGET_NOT_EMPTY',
      `the folder is not empty: ${shortList([...tree.keys(), ...strangers.filter((entry) => !tree.has(entry as RepoPath))])}`,
      'Choose another folder with --dir; --overwrite replaces the files that the service has too, and backs them up.',
    );
}

/**
 * Each file that will be replaced goes, as it is, into a folder named after its content: the same file is backed up once.
 */
export function backups(service: Tree, existing: Tree): Tree {
  const replaced = [...existing].filter(([path, before]) => {
    const after = service.get(path);
    return after !== undefined && !sameFile(before, after);
  });
  return new Map(
    replaced.map(([path, before]) => {
      const label = hashContent(before.content)
        .replace(/^sha256-/, '')
        .replace(/[^A-Za-z0-9]/g, '')
        .slice(0, 8)
        .toLowerCase();
      return [parseRepoPath(`.twelve-backup/${label}/${path}`), before];
    }),
  );
}
