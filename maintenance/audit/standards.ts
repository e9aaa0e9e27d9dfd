import { resolve } from 'node:path';
import { UserError } from '../../engine/core/errors.ts';
import { parseSourceSpec } from '../../engine/core/preset/source-spec.ts';
import type { Manifest } from '../../engine/core/service/manifest.ts';
import { memoRenderer, type Renderer } from '../../engine/core/template/memo-render.ts';
import type { Template } from '../../engine/core/template/template.ts';
import { readCachedPreset } from '../../engine/io/source/fetch-preset.ts';
import type { CreateAnswers } from '../../generators/create/questions.ts';
import { asRecorded, type LoadedPreset, loadPinned, loadPresets } from '../../generators/load-presets.ts';
import { makeStandard, type Standard } from '../../generators/standard.ts';
import { DEFAULT_STACK, findStack } from '../../stacks/index.ts';
import type { Stack } from '../../stacks/stack.ts';
import { isLower, lowerPresets, stayNotes } from '../upgrade/never-lower.ts';
import { pinnedNotes } from '../upgrade/pinned.ts';
import { recordedTemplates } from '../upgrade/templates.ts';
import { BroughtFiles } from './brought-files.ts';

/** A standard with a renderer that caches its results. */
export interface AuditStandard {
  readonly standard: Standard;
  /** What a person should know of it. */
  readonly notes: readonly string[];
  /** @param only the paths to render */
  readonly render: (answers: Manifest['answers'], only?: ReadonlySet<string>) => ReturnType<Renderer>;
}

interface StandardsOptions {
  /** The newest template of a stack. */
  readonly templateOf: (stack: Stack) => Template;
  /** The base of relative sources on the command line. npm looks for a `.npmrc` here. */
  readonly cwd: string;
  /** Compare every service with this preset. */
  readonly preset?: string;
}

/** The standards that services are compared with. Each source is fetched only once. */
export class Standards {
  readonly #options: StandardsOptions;
  readonly #templates = new Map<string, Template>();
  /** Templates of services that are newer than this program. */
  readonly #newer = new Map<string, Promise<Template>>();
  readonly brought = new BroughtFiles();
  readonly #known = new Map<string, Promise<AuditStandard>>();

  constructor(options: StandardsOptions) {
    this.#options = options;
  }

  /**
   * The standard that an upgrade would lead to now: the newest of the service's source, and never a lower version than recorded.
   * @throws {UserError} of {@link loadPresets} and {@link makeStandard}, the same for every service with this source
   */
  async current(manifest: Manifest, root: string): Promise<AuditStandard> {
    const { cwd } = this.#options;
    const preset = findStack(manifest.answers).isWorkspace ? undefined : this.#options.preset;
    const { template, notes } = await this.#notLower(manifest);
    if (preset !== undefined) return withNotes(await this.#load(template, preset, cwd), notes);
    const from = presetSource(manifest, root, cwd);
    if (from === undefined)
      return withNotes(await this.#once(keyOf(template), async () => toAuditStandard(makeStandard(template))), notes);
    const found = await this.#load(template, from.source, from.cwd, true);
    const { presets = [] } = manifest;
    const pins = found.standard.presets.map(({ pin }) => pin);
    const [lower, top] = [await lowerPresets(presets, pins), pins.at(-1)];
    if (lower.length === 0 || !top) return withNotes(found, notes);
    const key = `${keyOf(template)} kept ${presets.map(({ integrity }) => integrity).join(' ')}`;
    const load = async () => toAuditStandard(makeStandard(template, await loadPinned(presets, root, cwd)));
    return withNotes(await this.#once(key, load), [...notes, ...stayNotes(lower, top)]);
  }

  /** The template of this program, or the recorded one if that is newer. */
  async #notLower(manifest: Manifest): Promise<{ template: Template; notes: string[] }> {
    const ours = this.#template(findStack(manifest.answers));
    const { version } = manifest.template;
    if (!(await isLower(ours.version, version))) return { template: ours, notes: [] };
    const why = `it was made by create-twelve-service ${version}, and this program is ${ours.version}`;
    try {
      return { template: await this.#recordedTemplate(manifest), notes: [why] };
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      const remedy = 'run npx create-twelve-service@latest audit';
      return { template: ours, notes: [`${why}, whose older templates it is compared with: ${remedy}`] };
    }
  }

  /** @throws {UserError} if the preset of the options cannot be loaded */
  async preset(): Promise<void> {
    const { cwd, preset } = this.#options;
    if (preset !== undefined) await this.#load(this.#template(DEFAULT_STACK), preset, cwd);
  }

  /** The standard that a service was made from, if it is available offline. Otherwise the reason why not. */
  async recorded(manifest: Manifest): Promise<AuditStandard | string> {
    const { template, presets = [] } = manifest;
    const stack = findStack(manifest.answers);
    const ours = this.#template(stack);
    if (template.integrity !== ours.integrity)
      return `edits are not compared: it was made from template ${template.version}, and this is ${ours.version}`;
    try {
      return await this.#once(`${stack.id} pinned ${presets.map(({ integrity }) => integrity).join(' ')}`, async () => {
        const loaded: LoadedPreset[] = [];
        for (const pin of presets) {
          const cached = await readCachedPreset(pin, process.env);
          if (!cached)
            throw new UserError(
              'SOURCE_NOT_FOUND',
              `edits are not compared: ${pin.name} ${pin.version} is not in the cache`,
              'Fetch it.',
            );
          loaded.push(await asRecorded(pin, cached));
        }
        return toAuditStandard(makeStandard(ours, loaded));
      });
    } catch (error) {
      if (error instanceof UserError) return error.message;
      throw error;
    }
  }

  /** @param isRecorded whether the source is that of a manifest, which may be pinned below what is released */
  #load(template: Template, source: string, cwd: string, isRecorded = false): Promise<AuditStandard> {
    const load = async () => {
      const presets = await loadPresets(source, cwd);
      const top = presets.at(-1);
      const standard = toAuditStandard(makeStandard(template, presets));
      return withNotes(standard, isRecorded && top ? await pinnedNotes(top.pin, cwd) : []);
    };
    return this.#once(`${keyOf(template)} ${source}`, load);
  }

  /** Failures are kept too. */
  #recordedTemplate(manifest: Manifest): Promise<Template> {
    const key = `${String(manifest.answers.stack)} ${manifest.template.version} ${manifest.template.integrity}`;
    const known = this.#newer.get(key) ?? recordedTemplates(manifest, this.#options.cwd).then(({ main }) => main);
    this.#newer.set(key, known);
    return known;
  }

  #template(stack: Stack): Template {
    const known = this.#templates.get(stack.id) ?? this.#options.templateOf(stack);
    this.#templates.set(stack.id, known);
    return known;
  }

  /** Failures are cached too, so that a registry that does not answer is not asked a thousand times. */
  #once(key: string, load: () => Promise<AuditStandard>): Promise<AuditStandard> {
    const known = this.#known.get(key) ?? load();
    this.#known.set(key, known);
    return known;
  }
}

/** The source of a service's newest preset, relative to `cwd` of the result. Nothing if the service has no preset. */
function presetSource(
  { presets }: Manifest,
  root: string,
  cwd: string,
): { readonly source: string; readonly cwd: string } | undefined {
  const source = presets?.at(-1)?.source;
  if (source === undefined) return undefined;
  const spec = parseSourceSpec(source);
  // Never in the folder of the service: npm would use settings from it.
  return spec.kind === 'folder' ? { source: resolve(root, spec.path), cwd } : { source, cwd };
}

const keyOf = ({ id, version }: Template): string => `${id} ${version}`;

function withNotes(standard: AuditStandard, notes: readonly string[]): AuditStandard {
  return notes.length === 0 ? standard : { ...standard, notes: [...standard.notes, ...notes] };
}

function toAuditStandard(standard: Standard): AuditStandard {
  const render = memoRenderer(standard.template);
  return {
    standard,
    notes: [],
    render: (answers, only) => {
      const complete = completeAnswers(standard, answers);
      return render(complete, standard.context(complete), only);
    },
  };
}

/** Adds defaults for questions that the recorded standard did not have. */
function completeAnswers({ questions }: Standard, answers: Manifest['answers']): CreateAnswers {
  const complete: Record<string, unknown> = { ...answers };
  for (const { name, default: initial } of questions) {
    if (Object.hasOwn(complete, name)) continue;
    complete[name] = typeof initial === 'function' ? initial(complete as CreateAnswers) : (initial ?? '');
  }
  return complete as CreateAnswers;
}
