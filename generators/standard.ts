import { isAbsolute, relative, resolve } from 'node:path';
import { imagesMeet } from '../engine/core/audit/base-images.ts';
import { UserError } from '../engine/core/errors.ts';
import { applyPresets, type PresetFiles } from '../engine/core/preset/apply-presets.ts';
import { parsePreset, presetError } from '../engine/core/preset/parse-preset.ts';
import { type JoinedPolicy, joinPolicies, type Preset, type PresetQuestion } from '../engine/core/preset/preset.ts';
import { adjustQuestions } from '../engine/core/preset/preset-questions.ts';
import { formatSourceSpec, parseSourceSpec, type SourceSpec } from '../engine/core/preset/source-spec.ts';
import type { Question } from '../engine/core/question.ts';
import { MANIFEST_PATH, type Manifest, type PresetPin } from '../engine/core/service/manifest.ts';
import { renderTemplate } from '../engine/core/template/render.ts';
import type { RenderContext, RenderedTree, Template } from '../engine/core/template/template.ts';
import type { Tree } from '../engine/core/tree.ts';
import { fetchPreset } from '../engine/io/source/fetch-preset.ts';
import type { Fetched } from '../engine/io/source/fetch-source.ts';
import { CREATE_QUESTIONS, type CreateAnswers, createContext, createVariables } from './create/questions.ts';
import { describeUnreviewed, type Guard, refuseUnasked } from './unasked.ts';

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
}

/** A preset, and the files from which it is rendered. */
export interface LoadedPreset extends PresetFiles {
  readonly pin: PresetPin;
  readonly fetched: Fetched;
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

/** A preset may have bases, which may have bases. Deeper nesting is taken for a circle. */
const MAX_DEPTH = 10;

/**
 * The newest preset that a source gives, with its bases.
 * @param source as `--preset` has it
 * @param cwd what a relative folder is relative to, and where npm looks for settings
 * @throws {UserError} INPUT_INVALID (2), SOURCE_* (5, 6), TEMPLATE_* (6)
 */
export async function loadPresets(source: string, cwd: string): Promise<LoadedPreset[]> {
  const loaded = new Map<string, LoadedPreset>();
  /** A shared base is loaded once: with twenty bases a preset, three levels would be 8,000 loads. */
  const done = new Set<string>();
  const load = async (text: string, from: string, within: readonly string[]): Promise<void> => {
    const spec = parseSourceSpec(text);
    const isFolder = spec.kind === 'folder';
    const source = isFolder ? resolve(from, spec.path) : formatSourceSpec(spec);
    if (done.has(source)) return;
    // npm reads settings where it runs: in the working folder of the person, never in a folder that a preset names.
    const fetched = await fetchPreset(spec, { cwd: isFolder ? from : cwd });
    const { files, all, resolved, integrity } = fetched;
    const preset = await parsePreset(all, within.length > 0 ? `${text} ` : '');
    const { name, version } = preset;
    const fail = (reason: string) => presetError([{ subject: `${name} ${version}`, reason }]);
    if (within.includes(name)) throw fail(`extends itself: ${[...within, name].join(' -> ')}`);
    if (within.length >= MAX_DEPTH) throw fail(`has more than ${MAX_DEPTH} presets above each other`);
    for (const [index, base] of preset.extends.entries()) {
      if (!isFolder && isFolderSource(base))
        throw fail(`extends the folder ${base}, which is not part of what ${spec.kind} fetches`);
      try {
        await load(base, isFolder ? source : from, [...within, name]);
      } catch (error) {
        if (!(error instanceof UserError && error.code === 'INPUT_INVALID')) throw error;
        throw presetError([{ subject: preset.at(['extends', index]), reason: error.message }]);
      }
    }
    const known = loaded.get(name);
    if (known && known.pin.integrity !== integrity)
      throw fail(`is wanted twice, as ${known.pin.resolved} and as ${resolved}`);
    const pin = { name, version, source, resolved: isFolder ? source : resolved, integrity };
    if (!known) loaded.set(name, { preset, files, pin, fetched });
    done.add(source);
  };
  await load(source, cwd, []);
  return [...loaded.values()];
}

function isFolderSource(text: string): boolean {
  try {
    return parseSourceSpec(text).kind === 'folder';
  } catch (error) {
    if (error instanceof UserError) return false; // It says why when it is loaded.
    throw error;
  }
}

/**
 * The presets that a manifest records, each exactly as it was.
 * @param root of the service, which folders are relative to
 * @param cwd where npm looks for settings
 */
export async function loadPinned(pins: readonly PresetPin[], root: string, cwd: string): Promise<LoadedPreset[]> {
  const loaded: LoadedPreset[] = [];
  for (const pin of pins) {
    const spec = parseSourceSpec(pin.source);
    loaded.push(
      await asRecorded(
        pin,
        spec.kind === 'folder' ? await fetchFolder(spec, root, pin) : await fetchPreset(spec, { cwd, pin }),
      ),
    );
  }
  return loaded;
}

/** A preset as a manifest records it, with the integrity that is recorded from now on. */
export async function asRecorded(pin: PresetPin, fetched: Fetched): Promise<LoadedPreset> {
  const { files, integrity } = fetched;
  return { preset: await parsePreset(files), files, pin: { ...pin, integrity }, fetched };
}

/**
 * A folder has its newest version, and older ones as far as its git history or the cache has them.
 * @throws {UserError} SOURCE_NOT_FOUND for an older version that neither has; SOURCE_CHANGED for the recorded version with other content
 */
async function fetchFolder(spec: SourceSpec, root: string, pin: PresetPin): Promise<Fetched> {
  try {
    return await fetchPreset(spec, { cwd: root, pin });
  } catch (error) {
    if (!(error instanceof UserError && error.code === 'SOURCE_CHANGED')) throw error;
    const { version } = await parsePreset((await fetchPreset(spec, { cwd: root })).files);
    if (version === pin.version) throw error;
    throw new UserError(
      'SOURCE_NOT_FOUND',
      `the folder ${pin.source} is at ${version} by now, and ${pin.version} is neither in its git history nor in the cache of this machine`,
      'Commit each version of a preset, or publish it as a package or under a git tag; this once, run the command where the service was last upgraded.',
      { cause: error },
    );
  }
}

/** @throws {UserError} TEMPLATE_BROKEN if the presets do not fit the template, or each other */
export function makeStandard(template: Template, presets: readonly LoadedPreset[] = []): Standard {
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
    questions: adjustQuestions(CREATE_QUESTIONS, all),
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
    const lacking = questions.filter(({ name }) => !Object.hasOwn(answers, name)).map(({ name }) => name);
    if (lacking.length === 0 || !(error instanceof UserError)) throw error;
    throw new UserError(
      'MANIFEST_BROKEN',
      `${MANIFEST_PATH} has no answer for ${lacking.join(', ')}`,
      `Restore ${MANIFEST_PATH} from git.`,
      { cause: error },
    );
  }
}
