import { parseSourceSpec, type SourceSpec } from './source-spec.ts';

/** What a source was resolved to, as a manifest records it. */
interface Resolved {
  readonly name: string;
  readonly version: string;
  readonly source: string;
  readonly resolved: string;
}

/** A tag or branch that is named after a version, maybe with words before it: `v1`, `1.2.0`, `preset-v1.0.0`. */
const VERSION_REF = /^(?:.*[/@_-])?v?(?<version>\d+(?:\.\d+){0,2}(?:-[0-9A-Za-z.-]+)?)$/;
const COMMIT = /^[0-9a-f]{40}$/;

/**
 * The version or commit that a source names exactly, so that it can never give a newer one. Nothing for a range, a tag of npm, a
 * branch, and for `v1`, which moves.
 */
export function exactVersion(spec: SourceSpec): string | undefined {
  if (spec.kind === 'folder') return undefined;
  if (spec.kind === 'npm') return /^(?:= ?)?v?(\d+\.\d+\.\d+(?:[-+][^ ]*)?)$/.exec(spec.range)?.[1];
  if (COMMIT.test(spec.ref)) return spec.ref;
  const version = VERSION_REF.exec(spec.ref)?.groups?.version;
  return version !== undefined && /^\d+\.\d+\.\d/.test(version) ? version : undefined;
}

/**
 * The version that a tag names, if it belongs to the same series as a ref: `preset-v1.2.0` to `preset-v1.0.0`. To a commit belong `1.2.0` and
 * `v1.2.0`.
 */
export function versionInTag(tag: string, ref: string): string | undefined {
  const version = VERSION_REF.exec(tag)?.groups?.version;
  if (version === undefined) return undefined;
  const prefix = tag.slice(0, -version.length);
  const own = ref.replace(/^refs\/tags\//, '');
  const isSame = COMMIT.test(ref)
    ? /^v?$/.test(prefix)
    : own.startsWith(prefix) && /^\d/.test(own.slice(prefix.length));
  return isSame ? version : undefined;
}

/**
 * Other names that the tag of a version may have, the likeliest first: `v2.0.0` for `2.0.0`, and `preset-v2.0.0` where the recorded
 * ref is `preset-v1.0.0`. None if the name is no version.
 */
export function tagNames(named: string, recordedRef: string): string[] {
  const version = /^v?(\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?)$/.exec(named)?.[1];
  if (version === undefined) return [];
  const recorded = VERSION_REF.exec(recordedRef)?.groups?.version;
  const own = recorded === undefined ? [] : [`${recordedRef.slice(0, -recorded.length)}${version}`];
  return [...new Set([...own, `v${version}`, version])].filter((tag) => tag !== named);
}

/**
 * The source to record after a person chose a version. It has to allow that version, or the next upgrade could not keep it.
 * @param recorded the source so far; it is given back if it allows the version, or if its tag or branch may move there
 * @param taken the source that the person named, with that version
 * @param version the version that came out
 */
export async function allowVersion(recorded: SourceSpec, taken: SourceSpec, version: string): Promise<SourceSpec> {
  const { default: semver } = await import('semver');
  if (recorded.kind === 'npm') {
    const { range } = recorded;
    if (range === '' || semver.validRange(range) === null || semver.satisfies(version, range)) return recorded;
    const sign = exactVersion(recorded) !== undefined ? '' : range.startsWith('~') ? '~' : '^';
    return { ...recorded, range: `${sign}${version}` };
  }
  if (recorded.kind !== 'git' || taken.kind !== 'git') return recorded;
  if (exactVersion(recorded) !== undefined) return taken;
  const named = VERSION_REF.exec(recorded.ref)?.groups?.version;
  return named === undefined || `${version}.`.startsWith(`${named}.`) ? recorded : taken;
}

/** The version that a range is compared with: that of the package, or else that of the preset. */
export function packageVersionOf({ resolved, version }: Resolved): string {
  const exact = parseSourceSpec(resolved);
  return exact.kind === 'npm' ? exact.range : version;
}

/** The option of the command line that takes an upgrade to a version. A folder or a repository names none by its number. */
export function versionOption({ name, version, source }: Resolved): string {
  return parseSourceSpec(source).kind === 'npm' ? `--to ${name}@${version}` : `--preset ${source}`;
}
