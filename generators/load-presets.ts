import { resolve } from 'node:path';
import { UserError } from '../engine/core/errors.ts';
import type { PresetFiles } from '../engine/core/preset/apply-presets.ts';
import { parsePreset, presetError } from '../engine/core/preset/parse-preset.ts';
import { formatSourceSpec, parseSourceSpec, type SourceSpec } from '../engine/core/preset/source-spec.ts';
import type { PresetPin } from '../engine/core/service/manifest.ts';
import { fetchPreset } from '../engine/io/source/fetch-preset.ts';
import type { Fetched } from '../engine/io/source/fetch-source.ts';

/** A preset, and the files from which it is rendered. */
export interface LoadedPreset extends PresetFiles {
  readonly pin: PresetPin;
  readonly fetched: Fetched;
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
