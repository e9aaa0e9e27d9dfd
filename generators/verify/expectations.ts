import type { Expectations } from '../../contract/judge.ts';
import { MANIFEST_PATH } from '../../engine/core/manifest.ts';
import { joinPolicies } from '../../engine/core/preset.ts';
import { ServiceFolder } from '../../engine/io/fingerprint.ts';
import { readManifest } from '../../engine/io/read-service.ts';
import { readWaivers } from '../../engine/io/read-waivers.ts';
import { presetSource } from '../audit/standards.ts';
import { loadPresets } from '../standard.ts';

export interface ExpectationsOptions {
  /** Absolute path of the working folder: what `preset` is relative to. */
  readonly cwd: string;
  /** Hold the service against this preset's policy, and not that of its own. */
  readonly preset?: string;
}

/**
 * What a service's team and organisation say: its waivers, and the policy of the newest preset that its manifest names. A
 * folder that nobody generated has waivers all the same.
 * @param root absolute path of the service's folder; without one there is only the policy of `preset`
 * @throws {UserError} MANIFEST_*, and those of a preset that cannot be had (SOURCE_*, TEMPLATE_*)
 */
export async function readExpectations(
  root: string | undefined,
  { cwd, preset }: ExpectationsOptions,
): Promise<Pick<Expectations, 'waivers' | 'must'>> {
  const folder = root === undefined ? undefined : new ServiceFolder(root);
  const waivers = folder ? await readWaivers(folder) : { waivers: [], problems: [] };
  const from = preset === undefined ? folder && sourceOf(folder, cwd) : { source: preset, cwd };
  if (!from) return { waivers, must: [] };
  const presets = await loadPresets(from.source, from.cwd);
  return { waivers, must: joinPolicies(presets.map(({ preset: { policy } }) => policy)).must };
}

function sourceOf(folder: ServiceFolder, cwd: string): ReturnType<typeof presetSource> {
  if (folder.read(MANIFEST_PATH, 0) === 'missing') return undefined;
  return presetSource(readManifest(folder), folder.root, cwd);
}
