import { UserError } from '../../engine/core/errors.ts';
import { allowVersion, packageVersionOf } from '../../engine/core/preset/source-range.ts';
import { formatSourceSpec, parseSourceSpec } from '../../engine/core/preset/source-spec.ts';
import type { Manifest, PresetPin } from '../../engine/core/service/manifest.ts';
import type { TemplateSet } from '../../engine/io/source/template-version.ts';
import { type LoadedPreset, loadPresets } from '../../generators/load-presets.ts';
import { makeStandard, type Standard } from '../../generators/standard.ts';
import { isLower, lowerPresets, stayNotes } from './never-lower.ts';
import { pinnedNotes } from './pinned.ts';
import type { Side } from './sides.ts';
import type { Wanted } from './wanted.ts';

/** A standard to merge, and what the user has to know of it. */
export interface WantedStandard {
  readonly standard: Standard;
  readonly templates: TemplateSet;
  readonly notes: readonly string[];
  /** The source that the manifest records, if it is not the one that was fetched. */
  readonly recordAs?: string;
}

/**
 * The standard that the user asks for. What the user did not name is never lower than what the service has: a tag `latest`, a
 * branch, a folder or this program itself may have gone back.
 */
export async function wantedStandard(
  wanted: Wanted,
  old: Side,
  { presets: pins = [] }: Manifest,
  root: string,
): Promise<WantedStandard> {
  const notes: string[] = [];
  let { templates } = wanted;
  const [was, is] = [old.templates.main.version, templates.main.version];
  if (await isLower(is, was)) {
    if (wanted.names.template) notes.push(`create-twelve-service goes down from ${was} to ${is}`);
    else {
      templates = old.templates;
      notes.push(
        `nothing newer than the templates of create-twelve-service ${was}: this program has ${is}; run npx create-twelve-service@latest upgrade, or name a version with --to`,
      );
    }
  }
  if (wanted.preset === undefined) return { standard: makeStandard(templates.main), templates, notes };
  const presets = await loadFirst([wanted.preset, ...(wanted.instead ?? [])], root);
  const lower = await lowerPresets(
    pins,
    presets.map(({ pin }) => pin),
  );
  const top = presets.at(-1)?.pin as PresetPin;
  if (lower.length > 0 && !wanted.names.preset) {
    notes.push(...stayNotes(lower, top));
    return { standard: makeStandard(templates.main, old.standard.presets), templates, notes };
  }
  notes.push(...lower.map(({ name, recorded, found }) => `${name} goes down from ${recorded} to ${found}`));
  const source = wanted.keep === undefined ? undefined : await keepSource(wanted.keep, top, lower.length > 0);
  notes.push(...(source?.notes ?? []));
  if (!wanted.names.preset) notes.push(...(await pinnedNotes(top, root)));
  return {
    standard: makeStandard(templates.main, presets),
    templates,
    notes,
    ...(source ? { recordAs: source.text } : {}),
  };
}

/**
 * The presets of the first source that is there.
 * @throws {UserError} of the first source if none is; of any source whose failure is another
 */
async function loadFirst([source = '', ...others]: readonly string[], root: string): Promise<LoadedPreset[]> {
  try {
    return await loadPresets(source, root);
  } catch (error) {
    if (!(error instanceof UserError) || error.code !== 'SOURCE_NOT_FOUND' || others.length === 0) throw error;
    return loadFirst(others, root).catch((other: unknown) => {
      throw other instanceof UserError && other.code === 'SOURCE_NOT_FOUND' ? error : other;
    });
  }
}

/** The source to record after `--to`. It changes if it does not allow the version that was named. */
async function keepSource(
  recorded: string,
  pin: PresetPin,
  isDown: boolean,
): Promise<{ text: string; notes: string[] }> {
  const { source } = pin;
  const found = packageVersionOf(pin);
  const text = formatSourceSpec(await allowVersion(parseSourceSpec(recorded), parseSourceSpec(source), found));
  if (text !== recorded)
    return { text, notes: [`the source is ${text} now, because ${recorded} does not allow ${found}`] };
  const again = `the source stays ${text}, so the next upgrade takes the newest version that it allows; to stay, name --preset ${source}`;
  return { text, notes: isDown ? [again] : [] };
}
