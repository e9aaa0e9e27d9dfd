import { join } from 'node:path';
import { runCommand } from '../../engine/io/command.ts';
import { kindOf } from '../../engine/io/disk.ts';
import { packageVersion } from '../../engine/io/version.ts';

/** How many of the newest other versions are tried. */
const MOST = 10;

/**
 * The published versions of this program, newest first, without the one that runs.
 * @returns a note for the user if the registry could not be asked; then fewer versions are tried
 */
export async function publishedVersions(cwd: string): Promise<{ versions: string[]; note?: string }> {
  const { default: semver } = await import('semver');
  const ours = packageVersion();
  const without = (reason: string) => ({
    versions: [],
    note: `only version ${ours} was tried: ${reason}`,
  });
  // npm reads these files. If one is a pipe, npm would wait for ever.
  const device = ['.npmrc', 'package.json'].find((name) => kindOf(join(cwd, name)) === 'other');
  if (device !== undefined) return without(`${device} is not a file`);
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
