import type { Manifest } from '../../engine/core/service/manifest.ts';

/** How the side of the team is called in conflict markers. */
export const OURS = 'yours';

/** How a standard is called, also in conflict markers: `create-twelve-service 0.2.0`, or the preset that a person chose. */
export function labelOfManifest({ template, presets = [] }: Pick<Manifest, 'template' | 'presets'>): string {
  const own = `create-twelve-service ${template.version}`;
  const preset = presets.at(-1);
  return preset ? `${preset.name} ${preset.version} on ${own}` : own;
}
