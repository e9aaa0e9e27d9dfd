import type { Expectations } from '../../contract/judge/judge.ts';
import { UserError } from '../../engine/core/errors.ts';
import { joinPolicies } from '../../engine/core/preset/preset.ts';
import { MANIFEST_PATH, type PresetPin } from '../../engine/core/service/manifest.ts';
import { ServiceFolder } from '../../engine/io/service/fingerprint.ts';
import { readManifest } from '../../engine/io/service/read-service.ts';
import { readWaivers } from '../../engine/io/service/read-waivers.ts';
import { type LoadedPreset, loadPinned, loadPresets } from '../../generators/load-presets.ts';

interface ExpectationsOptions {
  /** Absolute path of the working folder: what `preset` is relative to. */
  readonly cwd: string;
  /** Judge the service by the newest policy of this preset, instead of the one that it was made with. */
  readonly preset?: string;
}

type Said = Required<Pick<Expectations, 'waivers' | 'must' | 'notes'>>;

const NO_FOLDER =
  'no folder was named, so no waiver and no policy of the service was read: name the folder too to have them read (verify DIR ...)';

/**
 * What a service's team and organisation say: its waivers, and the policy of the presets that its manifest pins. The service
 * is held to the policy that it promised, not to a newer one. A preset that cannot be fetched (a private one, no network)
 * is a note, since the contract holds without it. A folder that was not generated may have waivers too.
 * @param root absolute path of the service's folder; without one there is only the policy of `preset`
 * @throws {UserError} MANIFEST_*; SOURCE_CHANGED, TEMPLATE_* for a pinned preset that is not what it was; for the preset of
 *   the options also that it cannot be had (INPUT_INVALID, SOURCE_*)
 */
export async function readExpectations(root: string | undefined, { cwd, preset }: ExpectationsOptions): Promise<Said> {
  const folder = root === undefined ? undefined : new ServiceFolder(root);
  const waivers = folder ? await readWaivers(folder) : { waivers: [], problems: [] };
  const notes = folder ? [] : [NO_FOLDER];
  if (preset !== undefined) return { waivers, must: mustOf(await loadPresets(preset, cwd)), notes };
  if (!folder || folder.read(MANIFEST_PATH, 0) === 'missing') return { waivers, must: [], notes };
  const pinned: LoadedPreset[] = [];
  for (const pin of readManifest(folder).presets ?? []) {
    const loaded = await loadPinned([pin], folder.root, cwd).catch((error) => notes.push(unread(pin, error)));
    if (typeof loaded === 'object') pinned.push(...loaded);
  }
  return { waivers, must: mustOf(pinned), notes };
}

function mustOf(presets: readonly LoadedPreset[]): readonly string[] {
  return joinPolicies(presets.map(({ preset: { policy } }) => policy)).must;
}

/** A note why a preset's policy was not read. @throws the error itself if the preset was fetched and is broken */
function unread({ name, version }: PresetPin, error: unknown): string {
  const isOutOfReach =
    error instanceof UserError && (error.exit === 5 || ['INPUT_INVALID', 'NOT_POSSIBLE'].includes(error.code));
  if (!isOutOfReach) throw error;
  return `the policy of ${name} ${version} was not read, so it is not asked for: ${error.message}`;
}
