import { versionOption } from '../../engine/core/preset/source-range.ts';
import type { PresetPin } from '../../engine/core/service/manifest.ts';

/** A preset that its source gives in a lower version than the service has. */
interface Lower {
  readonly name: string;
  readonly recorded: string;
  readonly found: string;
  /** As the manifest has it. */
  readonly source: string;
}

/** Whether a version is lower than the recorded one. A text that is no version, such as `unreleased`, is not. */
export async function isLower(found: string, recorded: string): Promise<boolean> {
  const { default: semver } = await import('semver');
  return semver.valid(found) !== null && semver.valid(recorded) !== null && semver.lt(found, recorded);
}

/** The presets, bases too, that were found in a lower version than recorded. */
export async function lowerPresets(recorded: readonly PresetPin[], found: readonly PresetPin[]): Promise<Lower[]> {
  const lower: Lower[] = [];
  for (const { name, version, source } of recorded) {
    const now = found.find((pin) => pin.name === name);
    if (now && (await isLower(now.version, version)))
      lower.push({ name, source, recorded: version, found: now.version });
  }
  return lower;
}

/**
 * Why a service stays on the presets that it has, and how to go down on purpose.
 * @param top the requested preset, as its source gives it now
 */
export function stayNotes(lower: readonly Lower[], top: PresetPin): string[] {
  return lower.map(
    ({ name, source, recorded, found }) =>
      `nothing newer than ${name} ${recorded}: ${source} gives ${found}; to go down on purpose, name it: ${versionOption(top)}`,
  );
}
