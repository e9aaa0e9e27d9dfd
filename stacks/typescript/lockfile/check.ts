import type { LockState, ReadText } from '../../lock.ts';
import { ANY, type Dependency, isSatisfied, readOverrides } from './ranges.ts';
import { findLockfile, isLockedByAnother, isOn, MANIFEST, NPMRC, type Package, parseObject, ranges } from './read.ts';

/**
 * Whether `npm ci` accepts a lockfile: every package that is reached from package.json is in it, in a version that whoever
 * depends on it takes. Like npm it ignores what nothing depends on, and what the lockfile says of the root itself.
 */
export async function checkLockfile(read: ReadText): Promise<LockState> {
  const text = read(MANIFEST);
  const lockfile = findLockfile(read);
  if (text === undefined) return { kind: 'none' };
  if (lockfile === undefined) return { kind: isLockedByAnother(read) ? 'none' : 'unlocked' };
  const manifest: Package | undefined = parseObject(text);
  if (manifest === undefined) return { kind: 'unreadable' };
  const { path } = lockfile;
  const locked = parseObject(lockfile.text);
  if (locked === undefined) return { kind: 'misfit', path, reasons: ['it is no JSON object'] };
  const { default: semver } = await import('semver');
  const packages = packagesOf(locked);
  const overridden = readOverrides(manifest);
  const hasPeers = !isOn(read(NPMRC), 'legacy-peer-deps');
  const reasons = new Set<string>();
  const seen = new Set<string>(['']);
  // A lockfile of the first version says nothing of what packages need.
  const isOld = locked.packages === undefined;
  for (const location of seen) {
    const from = location === '' ? manifest : packages.get(location);
    for (const dependency of from ? dependenciesOf(from, location === '', hasPeers) : []) {
      const at = locate(packages, location, dependency);
      const found = at === undefined ? undefined : packages.get(at);
      const asked = overridden(dependency.name) ?? dependency.range;
      const isRight = found && (asked === ANY || found.inBundle === true || isSatisfied(asked, found, semver));
      if (!isRight)
        reasons.add(
          `${dependency.name}@${asked}${describe(found)}${location === '' ? '' : ` (of ${nameAt(location)})`}`,
        );
      if (at === undefined || isOld) continue;
      const { link, resolved } = packages.get(at) ?? {};
      seen.add(link === true && typeof resolved === 'string' ? resolved : at);
    }
  }
  return reasons.size === 0 ? { kind: 'fits', path } : { kind: 'misfit', path, reasons: [...reasons] };
}

function packagesOf({ packages, dependencies }: Readonly<Record<string, unknown>>): ReadonlyMap<string, Package> {
  const listed = Object.entries(Object(packages ?? dependencies) as Record<string, unknown>);
  const where = (key: string) => (packages === undefined ? `node_modules/${key}` : key);
  return new Map(listed.map(([key, value]) => [where(key), Object(value) as Package]));
}

/** Of several lists with one name in them, the last counts, as in npm. */
function dependenciesOf(from: Package, isRoot: boolean, hasPeers: boolean): Iterable<Dependency> {
  const found = new Map<string, Dependency>();
  const bundled = isRoot ? [] : from.bundleDependencies === true ? ranges(from.dependencies).map(([name]) => name) : [];
  const skipped = new Set([
    ...bundled,
    ...(Array.isArray(from.bundleDependencies) && !isRoot ? from.bundleDependencies : []),
  ]);
  const add = (map: unknown, isPeer = false) => {
    for (const [name, range] of ranges(map)) if (!skipped.has(name)) found.set(name, { name, range, isPeer });
  };
  if (hasPeers) add(from.peerDependencies, true);
  for (const [name, meta] of Object.entries(Object(from.peerDependenciesMeta) as Record<string, unknown>))
    if ((Object(meta) as { optional?: unknown }).optional === true) found.delete(name);
  add(from.dependencies);
  add(from.optionalDependencies);
  if (isRoot) add(from.devDependencies);
  return found.values();
}

/** Where Node would find a package, seen from the one at `location`. A peer is not looked for in the package itself. */
function locate(
  packages: ReadonlyMap<string, Package>,
  location: string,
  { name, isPeer }: Dependency,
): string | undefined {
  let folder = isPeer && location !== '' ? parentOf(location) : location;
  for (;;) {
    const at = folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`;
    if (packages.has(at)) return at;
    if (folder === '') return undefined;
    folder = parentOf(folder);
  }
}

/** `node_modules/a/node_modules/b` -> `node_modules/a` -> the root. A package of a workspace is right below the root. */
function parentOf(location: string): string {
  return location.slice(0, Math.max(0, `/${location}`.lastIndexOf('/node_modules/') - 1));
}

function nameAt(location: string): string {
  return location.split('node_modules/').at(-1) ?? location;
}

function describe(found: Package | undefined): string {
  if (found === undefined) return ' is missing';
  return typeof found.version === 'string' ? `: it has ${found.version}` : ': it has another';
}
