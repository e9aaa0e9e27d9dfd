import { UserError } from '../../engine/core/errors.ts';
import { parseSourceSpec } from '../../engine/core/preset/source-spec.ts';
import type { PresetPin } from '../../engine/core/service/manifest.ts';
import { newerRelease } from '../../engine/io/source/newest-release.ts';

/**
 * Says that a newer version is released than the one that a source names exactly. Without this the service would look current for ever.
 * @param pin the requested preset, with the source that the manifest records
 * @param cwd where package managers look for settings
 */
export async function pinnedNotes({ name, version, source }: PresetPin, cwd: string): Promise<string[]> {
  try {
    const newer = await newerRelease(parseSourceSpec(source), version, cwd);
    if (!newer) return [];
    const { pinned, newest } = newer;
    return [
      `${name} is pinned to ${pinned} by its source, and ${newest} is released; take it with upgrade --to ${name}@${newest}`,
    ];
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return [
      `${name} is pinned by its source ${source}, and whether there is a newer version could not be asked: ${error.message}`,
    ];
  }
}
