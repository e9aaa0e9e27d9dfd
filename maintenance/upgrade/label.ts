import type { Manifest } from '../../engine/core/service/manifest.ts';

/** The name of the team's side in conflict markers. */
export const OURS = 'yours';

/**
 * The name of a standard, also in conflict markers: `create-twelve-service 0.2.0`, or the preset's name and version.
 */
export function labelOfManifest({ template, presets = [] }: Pick<Manifest, 'template' | 'presets'>): string {
  const own = `create-twelve-service ${template.version}`;
  const preset = presets.at(-1);
  return preset ? `${preset.name} ${preset.version} on ${own}` : own;
}
