import { isAbsolute, relative } from 'node:path';
import { imagesMeet } from '../engine/core/audit/base-images.ts';
import { UserError } from '../engine/core/errors.ts';
import { applyPresets } from '../engine/core/preset/apply-presets.ts';
import { presetError } from '../engine/core/preset/parse-preset.ts';
import { type JoinedPolicy, joinPolicies, type Preset, type PresetQuestion } from '../engine/core/preset/preset.ts';
import { adjustQuestions } from '../engine/core/preset/preset-questions.ts';
import type { Question } from '../engine/core/question.ts';
import { MANIFEST_PATH, type Manifest, type PresetPin } from '../engine/core/service/manifest.ts';
import { renderTemplate } from '../engine/core/template/render.ts';
import type { RenderContext, RenderedTree, Template } from '../engine/core/template/template.ts';
import type { Tree } from '../engine/core/tree.ts';
import { WORKSPACE } from '../stacks/workspace/index.ts';
import {
  CREATE_QUESTIONS,
  type CreateAnswers,
  createContext,
  createVariables,
  questionsFor,
} from './create/questions.ts';
import type { LoadedPreset } from './load-presets.ts';
import { describeUnreviewed, type Guard, refuseUnasked } from './unasked.ts';
import { RECORDED_QUESTIONS } from './workspace/questions.ts';

/** What services are rendered from: a template and the presets on top of it. */
export interface Standard {
  readonly template: Template;
  /** Bases first. */
  readonly presets: readonly LoadedPreset[];
  readonly questions: readonly Question[];
  readonly policy: JoinedPolicy;
  /** Everything that templates may name. */
  readonly context: (answers: CreateAnswers) => RenderContext;
  /** See {@link refuseUnasked}. */
  readonly refuseUnasked: (answers: CreateAnswers, tree: Tree, guard: Guard) => Promise<void>;
  /** See {@link describeUnreviewed}. */
  readonly describeUnreviewed: (answers: CreateAnswers, tree: Tree) => Promise<string>;
  /** What a manifest in `root` records; folders are relative to it. */
  readonly pins: (root: string) => PresetPin[];
  /** The same presets on the template of another stack: which one is an answer, and may come later. */
  readonly ofStack?: (id: string) => Standard;
}

/** Whether a manifest records the content of this preset. Earlier versions recorded another hash of it. */
export function isRecorded(pin: PresetPin, { fetched }: LoadedPreset): boolean {
  return pin.integrity === fetched.integrity || pin.integrity === fetched.formerIntegrity;
}

/** Whether a service was made from exactly this standard. */
export function isMadeFrom({ template, presets: pins = [] }: Manifest, { template: now, presets }: Standard): boolean {
  const loaded = pins.every((pin, at) => presets[at] !== undefined && isRecorded(pin, presets[at]));
  return loaded && template.integrity === now.integrity && pins.length === presets.length;
}

/** @throws {UserError} TEMPLATE_BROKEN if the presets do not fit the template, or each other */
export function makeStandard(template: Template, presets: readonly LoadedPreset[] = []): Standard {
  const isRoot = template.id === WORKSPACE.id;
  if (isRoot && presets.length > 0)
    throw new UserError('NOT_POSSIBLE', 'a workspace takes no preset', 'Name the preset for its services.');
  const all = presets.map(({ preset }) => preset);
  const own = all.flatMap((preset) => preset.questions);
  const taken = all.flatMap(({ name: label, questions, at }) =>
    questions.flatMap(({ name }, index) =>
      createVariables().has(name)
        ? [
            {
              subject: `${label} ${at(['questions', index, 'name'])}`,
              reason: `"${name}" is a name that templates have`,
            },
          ]
        : [],
    ),
  );
  if (taken.length > 0) throw presetError(taken);
  refuseEmptyPolicy(all);
  const applied = applyPresets(
    template,
    presets,
    new Map([...createVariables(), ...own.map(({ name }) => [name, undefined] as const)]),
  );
  const context = (answers: CreateAnswers) => ({ ...createContext(answers), ...ownContext(own, answers) });
  const rendering = (answers: CreateAnswers) => ({ template: applied, presets, answers, context: context(answers) });
  return {
    template: applied,
    presets,
    questions: isRoot ? RECORDED_QUESTIONS : adjustQuestions(CREATE_QUESTIONS, all),
    policy: joinPolicies(all.map(({ policy }) => policy)),
    context,
    refuseUnasked: (answers, tree, guard) => refuseUnasked(rendering(answers), tree, guard),
    describeUnreviewed: (answers, tree) => describeUnreviewed(rendering(answers), tree),
    pins: (root) => presets.map(({ pin }) => relativePin(pin, root)),
  };
}

/** @throws {UserError} TEMPLATE_BROKEN if two presets together allow no image: a policy only ever gets narrower */
function refuseEmptyPolicy(presets: readonly Preset[]): void {
  const problems = presets.flatMap(({ name, policy: { images }, at }, index) =>
    presets.slice(0, index).flatMap((base) => {
      const allowed = base.policy.images;
      if (images.length === 0 || allowed.length === 0 || imagesMeet(images, allowed)) return [];
      const reason = `allows no image that ${base.name} ${base.version} allows too (${allowed.join(', ')}); a policy only gets narrower`;
      return [{ subject: `${name} ${at(['policy', 'images'])}`, reason }];
    }),
  );
  if (problems.length > 0) throw presetError(problems);
}

/** The answers to a preset's own questions; a boolean one is what `if` asks. */
function ownContext(questions: readonly PresetQuestion[], answers: CreateAnswers): RenderContext {
  return Object.fromEntries(
    questions.map(({ name, type }) => [name, type === 'boolean' ? answers[name] === 'true' : (answers[name] ?? '')]),
  );
}

/** A relative path finds the folder wherever both are checked out side by side. */
function relativePin(pin: PresetPin, root: string): PresetPin {
  if (!isAbsolute(pin.source)) return pin;
  const path = relative(root, pin.source).replaceAll('\\', '/');
  const source = /^\.\.(\/|$)/.test(path) ? path : `./${path}`;
  return { ...pin, source, resolved: source };
}

/**
 * Every file of a service, without its manifest.
 * @throws {UserError} TEMPLATE_*; MANIFEST_BROKEN if a recorded answer is missing
 */
export async function renderStandard(standard: Standard, answers: CreateAnswers): Promise<RenderedTree> {
  const { template, context, questions } = standard;
  try {
    return await renderTemplate(template, answers, context(answers));
  } catch (error) {
    const lacking = questionsFor(answers, questions).flatMap(({ name }) =>
      Object.hasOwn(answers, name) ? [] : [name],
    );
    if (lacking.length === 0 || !(error instanceof UserError)) throw error;
    throw new UserError(
      'MANIFEST_BROKEN',
      `${MANIFEST_PATH} has no answer for ${lacking.join(', ')}`,
      `Restore ${MANIFEST_PATH} from git.`,
      { cause: error },
    );
  }
}
