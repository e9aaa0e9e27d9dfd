import { tooYoungIn, tooYoungText } from '../../../engine/core/too-young.ts';
import type { LockRefresh, ReadText } from '../../lock.ts';
import { originOf } from './ranges.ts';
import { findLockfile, MANIFEST, NPMRC, type Package, parseObject, ranges } from './read.ts';

/**
 * Settings of an `.npmrc` that anybody may give: they say what a lockfile looks like and which registry has a package. None of
 * them runs a program, reads a file or sends what the environment has.
 */
const HARMLESS =
  /^(@[\w.-]+:registry|registry|omit-lockfile-registry-resolved|legacy-peer-deps|strict-peer-deps|lockfile-version|install-strategy|min-release-age)$/;

/** Settings that count only as the team has them: where a proxy or a login is. */
const OF_THE_TEAM = /^(\/\/\S+|ca|cafile|proxy|https-proxy|noproxy|strict-ssl)$/;

/** Flags on the command line win over every `.npmrc` and over the variables of an npm that runs this program. */
const REFRESH_FLAGS = [
  '--package-lock-only',
  '--ignore-scripts',
  '--package-lock=true',
  '--save=true',
  '--global=false',
  '--dry-run=false',
  '--offline=false',
  '--no-audit',
  '--no-fund',
  '--loglevel=error',
  '--update-notifier=false',
  '--fetch-retries=1',
  '--fetch-retry-mintimeout=500',
];

/**
 * `npm install --package-lock-only` for the manifest, the lockfile and the harmless settings of a service. npm keeps every
 * entry that still fits.
 * @returns why it cannot be done elsewhere: other folders belong to it, or code would have to be fetched from git
 */
export async function refreshLockfile(read: ReadText, before: ReadText): Promise<LockRefresh | string> {
  const text = read(MANIFEST);
  const lockfile = findLockfile(read);
  const manifest: Package | undefined = parseObject(text);
  if (text === undefined || lockfile === undefined || manifest === undefined) return 'there is nothing to go by';
  const locked = parseObject(lockfile.text);
  if (locked === undefined) return `${lockfile.path} is not a JSON object`;
  if (manifest.workspaces !== undefined) return 'it is a workspace';
  for (const [name, range] of [
    ...ranges(manifest.dependencies),
    ...ranges(manifest.devDependencies),
    ...ranges(manifest.optionalDependencies),
    ...ranges(manifest.peerDependencies),
  ])
    if (originOf(range) !== 'registry') return `${name} comes from ${range}`;
  const npmrc = safeSettings(read(NPMRC) ?? '', before(NPMRC) ?? '');
  return {
    files: { [MANIFEST]: text, [lockfile.path]: lockfile.text, ...(npmrc === '' ? {} : { [NPMRC]: npmrc }) },
    command: ['npm', 'install', ...REFRESH_FLAGS],
    reason: reasonOf,
  };
}

/** The lines of an `.npmrc` that are safe to use. One that names a variable of the environment has to be the team's. */
export function safeSettings(npmrc: string, before: string): string {
  const known = new Set(before.split(/\r?\n/).map((line) => line.trim()));
  const kept = npmrc.split(/\r?\n/).flatMap((line) => {
    const key = line.split('=')[0]?.trim() ?? '';
    const isKnown = known.has(line.trim());
    const isHarmless = HARMLESS.test(key) && (isKnown || !line.includes('${'));
    return isHarmless || (isKnown && OF_THE_TEAM.test(key)) ? [`${line.trim()}\n`] : [];
  });
  return kept.join('');
}

/** Lines of npm's error that repeat others or are about npm itself, and those of its stack trace with the fields of the error. */
const NOT_TELLING =
  /^(?:(?:code|syscall|errno|network|path|dest|A complete log|Log files|Fix the upstream)\b|at\s|\w+: (?:['"[{]|-?\d)|[[\]{}]+,?$)/;

/** A path of this machine: it tells a reader elsewhere nothing. A slash in a URL or in the name of a package starts none. */
export const LOCAL_PATH = /file:\/\/[^\s'"]+|(?<![\w\]/:.@~-])\/[^\s'":;,)]+|\b[A-Za-z]:\\[^\s'"]+/g;

/** The first three lines of npm's error that say something; what holds young versions back is said as what it is. */
export function reasonOf(stderr: string): string {
  const young = tooYoungIn(stderr);
  if (young !== undefined) return tooYoungText(young);
  const said = stderr.split('\n').flatMap((line) => /^npm (?:error|ERR!)\s+(.*\S)/.exec(line)?.[1] ?? []);
  const telling = said.filter((line) => !NOT_TELLING.test(line)).slice(0, 3);
  return telling.map((line) => line.replace(LOCAL_PATH, '(a file)')).join('; ');
}
