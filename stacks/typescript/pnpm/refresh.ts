import type { LockRefresh, ReadText } from '../../lock.ts';
import { originOf } from '../lockfile/ranges.ts';
import { MANIFEST, NPMRC, parseObject, ranges } from '../lockfile/read.ts';
import { LOCAL_PATH, safeSettings } from '../lockfile/refresh.ts';
import { PNPM_LOCKFILE, PNPM_SETTINGS, parseYaml } from './read.ts';

/** Settings that say what a lockfile has. None of them runs a program or reads a file. */
const HARMLESS =
  /^(overrides|autoInstallPeers|dedupePeerDependents|excludeLinksFromLockfile|minimumReleaseAge\w*|packageExtensions|peerDependencyRules|savePrefix|strictPeerDependencies)$/;

/**
 * `pnpm install --lockfile-only` for the manifest, the lockfile and the harmless settings of a service. pnpm keeps every entry
 * that still fits.
 * @returns why it cannot be done elsewhere: other folders belong to it, or code would have to be fetched from git
 */
export async function refreshPnpmLockfile(read: ReadText, before: ReadText): Promise<LockRefresh | string> {
  const manifest = parseObject(read(MANIFEST));
  const locked = read(PNPM_LOCKFILE);
  if (manifest === undefined || locked === undefined) return 'there is nothing to go by';
  const settings = (await parseYaml(read(PNPM_SETTINGS))) ?? {};
  if (settings.packages !== undefined) return 'it is a workspace';
  const wanted = [manifest.dependencies, manifest.devDependencies, manifest.optionalDependencies].flatMap(ranges);
  const foreign = wanted.find(([, range]) => originOf(range) !== 'registry' || range.startsWith('catalog:'));
  if (foreign) return `${foreign[0]} comes from ${foreign[1]}`;
  const { stringify } = await import('yaml');
  const kept = Object.entries(settings).filter(([key]) => HARMLESS.test(key));
  const npmrc = safeSettings(read(NPMRC) ?? '', before(NPMRC) ?? '');
  return {
    files: {
      [MANIFEST]: JSON.stringify(manifest),
      [PNPM_LOCKFILE]: locked,
      // The pnpm that is there does it: none is fetched.
      [PNPM_SETTINGS]: stringify({ ...Object.fromEntries(kept), pmOnFail: 'ignore' }),
      ...(npmrc === '' ? {} : { [NPMRC]: npmrc }),
    },
    command: [
      'pnpm',
      'install',
      '--lockfile-only',
      '--no-frozen-lockfile',
      '--ignore-scripts',
      '--ignore-pnpmfile',
      '--reporter=append-only',
    ],
    reason: reasonOfPnpm,
  };
}

const WARNING = /^\s*(\[WARN\]|WARN\b)/;

/** pnpm's error without its frame, up to its help. */
function reasonOfPnpm(stderr: string): string {
  const lines = stderr.split(/\r?\n/).filter((line) => !WARNING.test(line));
  const start = lines.findIndex((line) => /^\s*(Error: |\[?ERR_PNPM)/.test(line));
  const error = lines.slice(Math.max(start, 0));
  const end = error.findIndex((line) => /^\s*help:/.test(line));
  const said = error.slice(0, end === -1 ? undefined : end).map((line) => line.replace(/[×│├╰─▶]/g, '').trim());
  return said
    .filter((line) => line !== '')
    .join(' ')
    .replace(/^Error: /, '')
    .replace(LOCAL_PATH, '(a file)');
}

/** What pnpm said of an installation. A file that it cannot write is an error of its own. */
export function installedByPnpm(stderr: string): { isWhole: boolean; reason: string; said: string } {
  const said = stderr.split(/\r?\n/).filter((line) => !WARNING.test(line));
  return { isWhole: true, reason: reasonOfPnpm(stderr), said: said.join('\n').trim() };
}
