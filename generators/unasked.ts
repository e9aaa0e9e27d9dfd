import { type Problem, printable, UserError } from '../engine/core/errors.ts';
import type { PresetFiles } from '../engine/core/preset/apply-presets.ts';
import { findRuled, findUnasked, identity, type Unasked } from '../engine/core/preset/unasked.ts';
import { describeBrought, STARTED_KEYS, UNASKED_FILES } from '../engine/core/preset/unasked-files.ts';
import type { RepoPath } from '../engine/core/repo-path.ts';
import { renderTemplate } from '../engine/core/template/render.ts';
import type { RenderContext, Template } from '../engine/core/template/template.ts';
import { sameFile, type Tree, type TreeFile } from '../engine/core/tree.ts';
import { findStack } from '../stacks/index.ts';
import type { CreateAnswers } from './create/questions.ts';

/** What a service is rendered from. */
interface Rendering {
  readonly template: Template;
  /** Bases first. */
  readonly presets: readonly PresetFiles[];
  readonly answers: CreateAnswers;
  readonly context: RenderContext;
}

/** What {@link refuseUnasked} compares with, and whom the person trusts. */
export interface Guard {
  /** What a person has reviewed before: the files of the recorded version, and those of the team. */
  readonly before?: readonly ((path: RepoPath) => TreeFile | undefined)[];
  /** `--trust`: the names of presets. */
  readonly trusted: readonly string[];
}

/**
 * Refuses files and keys of presets that a tool would run unasked, where neither the template nor `before` has just the
 * same, and the preset that brings them is not trusted.
 * @param tree the rendered files, with what migrations set
 * @throws {UserError} TEMPLATE_UNSAFE with every file and key; INPUT_INVALID for a trusted name that no preset has
 */
export async function refuseUnasked(rendering: Rendering, tree: Tree, { before = [], trusted }: Guard): Promise<void> {
  const { presets, answers } = rendering;
  const names = presets.map(({ preset }) => preset.name);
  requirePresets(trusted, presets);
  if (presets.length === 0) return;
  const rules = [...UNASKED_FILES, ...(await findStack(answers).load()).unasked];
  const all = await findUnasked(rules, tree);
  if (all.length === 0) return;
  const plain = await renderBelow(rendering, 0);
  const paths = [...new Set(all.map(({ path }) => path))];
  const reviewed = [(path: RepoPath) => plain.get(path), ...before].flatMap((read) =>
    paths.flatMap((path): [RepoPath, TreeFile][] => {
      const file = read(path);
      return file ? [[path, file]] : [];
    }),
  );
  const known = new Set((await findUnasked(rules, reviewed)).map(identity));
  const found = all.filter((one) => !known.has(identity(one)));
  if (found.length === 0) return;
  const owners = new Map<string, string>();
  for (const [index, name] of names.entries()) {
    for (const one of await findUnasked(rules, await renderBelow(rendering, index + 1)))
      if (!owners.has(identity(one))) owners.set(identity(one), name);
  }
  const ownerOf = (one: Unasked) => owners.get(identity(one)) ?? setter(presets, one);
  const refused = found.filter((one) => !trusted.includes(ownerOf(one)));
  if (refused.length === 0) return;
  const problems = refused.map((one): Problem => {
    const what = one.key === undefined ? one.by : `"${one.key}": ${one.by}`;
    return { subject: one.path, reason: `${what} (from ${ownerOf(one)})` };
  });
  const flags = [...new Set(refused.map(ownerOf))].map((name) => `--trust ${name}`).join(' ');
  throw new UserError(
    'TEMPLATE_UNSAFE',
    `a preset is data, and would bring what runs on this machine unasked: ${problems.map(({ subject, reason }) => `${subject}: ${reason}`).join('; ')}`,
    `Nothing was written. Use a version without it; or read it, and let it run with ${flags}.`,
    { problems },
  );
}

/** @throws {UserError} INPUT_INVALID for a trusted name that no preset has */
export function requirePresets(trusted: readonly string[], presets: readonly PresetFiles[]): void {
  const names = presets.map(({ preset }) => preset.name);
  const unknown = trusted.find((name) => !names.includes(name));
  if (unknown === undefined) return;
  throw new UserError(
    'INPUT_INVALID',
    `--trust ${printable(unknown)}: there is no such preset here; there is ${names.join(', ') || 'none'}`,
    'Name a preset as its preset.yaml does.',
  );
}

/** The template with the first presets alone; blocks are filled as always. */
function renderBelow({ template, presets, answers, context }: Rendering, count: number): Promise<Tree> {
  const labels = presets.slice(0, count).map(({ preset }) => `${preset.name} ${preset.version}`);
  const layers = template.layers.filter(({ preset }) => preset === undefined || labels.includes(preset));
  return renderTemplate({ ...template, layers }, answers, context);
}

/** The preset whose migration sets it: no layer has it. */
function setter(presets: readonly PresetFiles[], { path }: Unasked): string {
  const own = presets.find(({ preset }) =>
    preset.migrations.some(({ set = [] }) => set.some(({ file }) => file === path)),
  );
  return (own ?? presets.at(-1))?.preset.name ?? '';
}

/**
 * What presets bring that runs elsewhere or once a person starts it, in words.
 * @returns an empty text if there is nothing
 */
export async function describeUnreviewed(rendering: Rendering, tree: Tree): Promise<string> {
  const { template, presets, answers, context } = rendering;
  if (presets.length === 0) return '';
  const layers = template.layers.filter(({ preset }) => preset === undefined);
  const plain = await renderTemplate({ ...template, layers, blocks: new Map() }, answers, context);
  const brought = [...tree].filter(([path, file]) => {
    const below = plain.get(path);
    return !below || !sameFile(below, file);
  });
  const rules = [...STARTED_KEYS, ...(await findStack(answers).load()).startedKeys];
  const known = new Set((await findRuled(rules, plain)).map(identity));
  const keys = (await findRuled(rules, brought)).filter((one) => !known.has(identity(one)));
  const text = describeBrought(new Map(brought), keys);
  return text === '' ? '' : `from ${presets.at(-1)?.preset.name}: ${text}`;
}
