import { exactVersion, versionInTag } from '../../core/preset/source-range.ts';
import type { SourceSpec } from '../../core/preset/source-spec.ts';
import { listTags } from './fetch-git.ts';
import { latestVersion } from './fetch-npm.ts';

const TIMEOUT_MS = 30_000;

/** A release that a source names too exactly to ever reach. */
interface NewerRelease {
  /** As the source names the version that it is pinned to: `v1.0.0`, a commit. */
  readonly pinned: string;
  /** As `--to` names the newer version: `v1.2.0`. */
  readonly newest: string;
}

/**
 * The newest release of a source, if the source names an older version exactly. Its server is asked only then.
 * @param version the version that the source gives
 * @param cwd where npm looks for settings
 * @throws {UserError} SOURCE_* if the server cannot be asked
 */
export async function newerRelease(spec: SourceSpec, version: string, cwd: string): Promise<NewerRelease | undefined> {
  if (spec.kind === 'folder' || exactVersion(spec) === undefined) return undefined;
  const { default: semver } = await import('semver');
  const tool = { cwd, env: process.env, deadline: AbortSignal.timeout(TIMEOUT_MS) };
  const isNewer = (other: string | undefined): other is string =>
    other !== undefined && semver.valid(other) !== null && semver.valid(version) !== null && semver.gt(other, version);
  if (spec.kind === 'npm') {
    const latest = await latestVersion(spec, tool);
    return isNewer(latest) ? { pinned: version, newest: latest } : undefined;
  }
  const tags = (await listTags(spec, tool)).map((tag) => ({ tag, version: versionInTag(tag, spec.ref) }));
  const [newest] = tags
    .flatMap(({ tag, version: found }) => (isNewer(found) && !semver.prerelease(found) ? [{ tag, found }] : []))
    .sort((a, b) => semver.rcompare(a.found, b.found));
  return newest && { pinned: spec.ref, newest: newest.tag };
}
