import { runCommand } from '../../engine/io/command.ts';
import { packageVersion } from '../../engine/io/version.ts';

/** The newest versions that are tried besides our own. */
const MOST = 10;

/**
 * The published versions of this program, newest first, without the one that runs.
 * @returns a note where the registry could not be asked: fewer versions are tried then, and the user is told
 */
export async function publishedVersions(cwd: string): Promise<{ versions: string[]; note?: string }> {
  const { default: semver } = await import('semver');
  const ours = packageVersion();
  const result = runCommand(
    'npm',
    ['view', 'create-twelve-service', 'versions', '--json', '--fetch-retries=0', '--fetch-timeout=10000'],
    cwd,
  );
  if (!result.ok)
    return { versions: [], note: `only version ${ours} was tried: the registry could not be asked for others` };
  const listed: unknown = JSON.parse(result.stdout || '[]');
  const versions = [listed]
    .flat()
    .filter((one): one is string => typeof one === 'string' && semver.valid(one) !== null);
  return {
    versions: versions
      .filter((one) => semver.lt(one, ours))
      .sort(semver.rcompare)
      .slice(0, MOST),
  };
}
