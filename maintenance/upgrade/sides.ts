import { UserError } from '../../engine/core/errors.ts';
import type { SetCommand } from '../../engine/core/question.ts';
import { onlyParts } from '../../engine/core/record/parts.ts';
import type { RepoPath } from '../../engine/core/repo-path.ts';
import type { Manifest } from '../../engine/core/service/manifest.ts';
import type { RenderedFile, RenderedTree } from '../../engine/core/template/template.ts';
import { hashContent } from '../../engine/core/tree.ts';
import type { TemplateSet } from '../../engine/io/source/template-version.ts';
import { type CreateAnswers, parseCreateAnswers } from '../../generators/create/questions.ts';
import { loadPinned } from '../../generators/load-presets.ts';
import { makeStandard, renderStandard, type Standard } from '../../generators/standard.ts';
import { type OpenQuestion, openQuestions } from './open-questions.ts';
import { sharedFiles } from './shared-files.ts';
import { recordedTemplates } from './templates.ts';

/** One side of a merge: a standard, the answers, and the rendered files. */
export interface Side {
  readonly standard: Standard;
  readonly templates: TemplateSet;
  readonly answers: CreateAnswers;
  readonly tree: RenderedTree;
  /** Paths in `tree` that are not the template's: additions of the service brought them, for all of their kind. */
  readonly shared: ReadonlySet<RepoPath>;
}

/** A cache of standards for several services. */
export type Loaded = Map<string, Promise<{ templates: TemplateSet; standard: Standard }>>;

/**
 * The side that the service was made from.
 * @param root folder of the service; folders of presets are relative to it
 * @param cwd where npm looks for settings; not the service's folder if the service is not trusted
 * @throws {UserError} SOURCE_* (5, 6); it never uses another version instead
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
  requireExact(manifest, side);
  return side;
}

/** Checks that managed files are rendered exactly as recorded. Otherwise the base of the merge would be a guess. */
function requireExact({ files }: Manifest, { tree, shared }: Side): void {
  const others = [...tree].filter(([path, { owner, hash, content }]) => {
    const recorded = Object.hasOwn(files, path) ? files[path] : undefined;
    // Another version of this program may have brought a shared file: sharedBase knows what to do then.
    if (!recorded || owner !== 'managed' || recorded.owner !== owner || shared.has(path)) return false;
    return recorded.hash !== (hash ?? hashContent(content));
  });
  if (others.length > 0)
    throw new UserError(
      'SOURCE_CHANGED',
      `the recorded version does not give the files that are recorded: ${others
        .slice(0, 5)
        .map(([path]) => path)
        .join(', ')}`,
      'Run npx create-twelve-service repair, or restore .twelve.json from git.',
    );
}

export async function renderSide(
  manifest: Manifest,
  standard: Standard,
  templates: TemplateSet,
  answers: CreateAnswers,
): Promise<Side> {
  const rendered = onlyParts(await renderStandard(standard, answers), manifest.parts);
  const brought = await sharedFiles(manifest, rendered, templates);
  const tree = new Map([...rendered, ...brought.map((file): [RepoPath, RenderedFile] => [file.path, file])]);
  return { standard, templates, answers, tree, shared: new Set(brought.map(({ path }) => path)) };
}

/**
 * {@link openQuestions} of a service, were it made from this standard. None if an answer of the request itself is wrong:
 * {@link standardSide} says that.
 */
export function unanswered(
  manifest: Manifest,
  standard: Standard,
  set: Readonly<Record<string, string>>,
): OpenQuestion[] {
  const open = openQuestions(standard.questions, carryAnswers(manifest, standard, set).raw);
  return open.some(({ name }) => Object.hasOwn(set, name)) ? [] : open;
}

/**
 * The new side, and notes about answers that changed without a request.
 * @param repeat the command that the remedy names
 * @throws {UserError} INPUT_MISSING or INPUT_INVALID if a question has no valid answer
 */
export async function standardSide(
  manifest: Manifest,
  standard: Standard,
  templates: TemplateSet,
  set: Readonly<Record<string, string>>,
  repeat: SetCommand,
): Promise<Side & { notes: string[] }> {
  const { raw, notes } = carryAnswers(manifest, standard, set);
  const answers = parseCreateAnswers(raw, standard.questions, repeat);
  return {
    ...(await renderSide(manifest, standard, templates, answers)),
    notes,
  };
}

/** Keeps the recorded answers, except for questions that no longer exist or are now locked. */
function carryAnswers(
  { answers }: Manifest,
  { questions }: Standard,
  set: Readonly<Record<string, string>>,
): { raw: Record<string, unknown>; notes: string[] } {
  const raw: Record<string, unknown> = {};
  const notes: string[] = [];
  for (const [name, value] of Object.entries(answers)) {
    const question = questions.find((one) => one.name === name);
    if (!question) notes.push(`the question ${name} no longer exists`);
    else if (question.lockedBy !== undefined && String(question.default) !== String(value))
      notes.push(`${name} is ${String(question.default)} now, not ${String(value)}: locked by ${question.lockedBy}`);
    else raw[name] = value;
  }
  return { raw: { ...raw, ...set }, notes };
}
