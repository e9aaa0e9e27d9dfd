import { UserError } from '../../engine/core/errors.ts';
import type { RepoPath } from '../../engine/core/repo-path.ts';
import type { Manifest } from '../../engine/core/service/manifest.ts';
import type { RenderedTree } from '../../engine/core/template/template.ts';
import { hashContent } from '../../engine/core/tree.ts';
import type { TemplateSet } from '../../engine/io/source/template-version.ts';
import { type CreateAnswers, parseCreateAnswers } from '../../generators/create/questions.ts';
import { loadPinned, loadPresets, makeStandard, renderStandard, type Standard } from '../../generators/standard.ts';
import { sharedFiles } from './shared-files.ts';
import { recordedTemplates } from './templates.ts';

/** One side of a merge: a standard, the answers, and what comes out. */
export interface Side {
  readonly standard: Standard;
  readonly templates: TemplateSet;
  readonly answers: CreateAnswers;
  readonly tree: RenderedTree;
}

/** What is the same for many services, once it is loaded. */
export type Loaded = Map<string, Promise<{ templates: TemplateSet; standard: Standard }>>;

/**
 * What the service was made from.
 * @param root of the service, which folders of presets are relative to
 * @param cwd where npm looks for settings: not in a service that is not the user's own
 * @throws {UserError} SOURCE_* (5, 6), never another version in its place
 */
export async function recordedSide(
  manifest: Manifest,
  root: string,
  loaded: Loaded = new Map(),
  cwd = root,
): Promise<Side> {
  const { template, presets = [] } = manifest;
  const key = JSON.stringify([template, presets.map(({ resolved, integrity }) => [resolved, integrity])]);
  const load = async () => {
    const templates = await recordedTemplates(manifest, cwd);
    return { templates, standard: makeStandard(templates.main, await loadPinned(presets, root, cwd)) };
  };
  const pending = loaded.get(key) ?? load();
  loaded.set(key, pending);
  const { templates, standard } = await pending;
  const answers = manifest.answers as CreateAnswers;
  const side = await renderSide(manifest, standard, templates, answers);
  requireExact(manifest, side.tree);
  return side;
}

/** Files that nothing but the template writes have to come out as they were recorded, or the base would be a guess. */
function requireExact({ files }: Manifest, tree: RenderedTree): void {
  const others = [...tree].filter(([path, { owner, hash, content }]) => {
    const recorded = Object.hasOwn(files, path) ? files[path] : undefined;
    return (
      recorded && owner === 'managed' && recorded.owner === owner && recorded.hash !== (hash ?? hashContent(content))
    );
  });
  if (others.length > 0)
    throw new UserError(
      'SOURCE_CHANGED',
      `the recorded version does not give the files that are recorded: ${others
        .slice(0, 5)
        .map(([path]) => path)
        .join(', ')}`,
      'Restore .twelve.json from git, or use the version of this program that wrote it.',
    );
}

export async function renderSide(
  manifest: Manifest,
  standard: Standard,
  templates: TemplateSet,
  answers: CreateAnswers,
): Promise<Side> {
  const rendered = await renderStandard(standard, answers);
  const tree = new Map(rendered);
  for (const file of await sharedFiles(manifest, rendered, templates)) tree.set(file.path as RepoPath, file);
  return { standard, templates, answers, tree };
}

/** What shall be different from the recorded side. */
export interface Wanted {
  readonly templates: TemplateSet;
  /** `--preset`, or where the recorded ones come from; nothing for no preset. */
  readonly preset?: string;
  /** What the manifest shall say the preset comes from, if that is another text. */
  readonly recordAs?: string;
  /** `--set` */
  readonly answers: Readonly<Record<string, string>>;
}

/** @returns the new side, and what became of answers by itself */
export async function wantedSide(
  manifest: Manifest,
  root: string,
  wanted: Wanted,
): Promise<Side & { notes: string[] }> {
  const { templates, preset, answers } = wanted;
  const standard = makeStandard(templates.main, preset === undefined ? [] : await loadPresets(preset, root));
  return standardSide(manifest, standard, templates, answers);
}

/** The same with a standard that is loaded already. */
export async function standardSide(
  manifest: Manifest,
  standard: Standard,
  templates: TemplateSet,
  set: Readonly<Record<string, string>>,
): Promise<Side & { notes: string[] }> {
  const { raw, notes } = carryAnswers(manifest, standard, set);
  const answers = parseCreateAnswers(raw, standard.questions, 'npx create-twelve-service upgrade --set NAME=VALUE');
  return { ...(await renderSide(manifest, standard, templates, answers)), notes };
}

/** Recorded answers go on, but for what is not asked any more, or is locked by now. */
function carryAnswers(
  { answers }: Manifest,
  { questions }: Standard,
  set: Readonly<Record<string, string>>,
): { raw: Record<string, unknown>; notes: string[] } {
  const raw: Record<string, unknown> = {};
  const notes: string[] = [];
  for (const [name, value] of Object.entries(answers)) {
    const question = questions.find((one) => one.name === name);
    if (!question) notes.push(`${name} is not asked any more`);
    else if (question.lockedBy !== undefined && String(question.default) !== String(value))
      notes.push(`${name} is ${String(question.default)} now, not ${String(value)}: locked by ${question.lockedBy}`);
    else raw[name] = value;
  }
  return { raw: { ...raw, ...set }, notes };
}
