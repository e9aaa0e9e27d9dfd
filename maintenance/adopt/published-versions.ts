import { join } from 'node:path';
import { runCommand } from '../../engine/io/command.ts';
import { kindOf } from '../../engine/io/disk.ts';
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
  const without = (reason: string) => ({
    versions: [],
    note: `only version ${ours} was tried: ${reason}`,
  });
  // npm reads them, and would wait for ever for what a pipe never says.
  const device = ['.npmrc', 'package.json'].find((name) => kindOf(join(cwd, name)) === 'other');
  if (device !== undefined) return without(`${device} is no file`);
  const result = runCommand(
    'npm',
    ['view', 'create-twelve-service', 'versions', '--json', '--fetch-retries=0', '--fetch-timeout=10000'],
    cwd,
  );
  if (!result.ok) return without('the registry could not be asked for others');
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
