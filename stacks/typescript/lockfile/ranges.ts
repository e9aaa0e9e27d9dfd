import { type Package, ranges } from './read.ts';

type Semver = typeof import('semver');

/** What a package or the service itself depends on. */
export interface Dependency {
  readonly name: string;
  readonly range: string;
  readonly isPeer: boolean;
}

/** Where a dependency comes from: a registry, or another place by which a lockfile knows it. */
export type Origin = 'registry' | 'folder' | 'git' | 'url';

const FOLDER = /^(file|link|portal|workspace):|^(\.{1,2}|~)?\//;
const GIT = /^(git[+:@]|(github|gitlab|bitbucket|gist):|[\w.-]+\/[\w.-]+(#|$))/;

export function originOf(range: string): Origin {
  if (FOLDER.test(range)) return 'folder';
  if (/^https?:/.test(range)) return /\.git(#|$)/.test(range) ? 'git' : 'url';
  return GIT.test(range) ? 'git' : 'registry';
}

/** Whether a locked package is what somebody asked for. A tag, such as `latest`, takes any version, as for npm. */
export function isSatisfied(range: string, { version, resolved, link }: Package, semver: Semver): boolean {
  const from = typeof resolved === 'string' ? resolved : '';
  switch (originOf(range)) {
    case 'folder':
      return link === true || from.startsWith('file:');
    case 'git':
      return originOf(from) === 'git';
    case 'url':
      return from === range;
    case 'registry': {
      const [, wanted] = /^npm:@?[^@]+(?:@(.*))?$/.exec(range) ?? [undefined, range];
      const valid = semver.validRange(wanted ?? '', { loose: true });
      if (valid === null || valid === '*') return link !== true;
      return typeof version === 'string' && semver.satisfies(version, valid, { loose: true });
    }
  }
}

/**
 * The range that `overrides` gives a package wherever somebody depends on it; `any` where that depends on who does; nothing for
 * a package without an override.
 */
type Overridden = (name: string) => string | undefined;

export const ANY = 'any';

export function readOverrides({ overrides, ...manifest }: Package): Overridden {
  const direct = new Map(
    [manifest.devDependencies, manifest.optionalDependencies, manifest.dependencies].flatMap(ranges),
  );
  const found = new Map<string, string>();
  const add = (map: unknown, isTop: boolean): void => {
    for (const [key, value] of Object.entries(Object(map) as Record<string, unknown>)) {
      const name = /^(@?[^@]+)/.exec(key)?.[1] ?? key;
      const isPlain = isTop && name === key && typeof value === 'string';
      const range = isPlain && value.startsWith('$') ? direct.get(value.slice(1)) : value;
      found.set(name, isPlain && typeof range === 'string' && !found.has(name) ? range : ANY);
      if (typeof value === 'object') add(value, false);
    }
  };
  add(overrides, true);
  return (name) => found.get(name);
}
