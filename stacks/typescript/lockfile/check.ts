import type { LockState, ReadText, WorkspaceRoot } from '../../lock.ts';
import { ANY, type Dependency, isSatisfied, readOverrides } from './ranges.ts';
import { findLockfile, isLockedByAnother, isOn, MANIFEST, NPMRC, type Package, parseObject, ranges } from './read.ts';

/**
 * Whether `npm ci` accepts a lockfile: every package that is reached from package.json is in it, in a version that whoever
 * depends on it takes. Like npm it ignores what nothing depends on, and what the lockfile says of the root itself.
 */
export async function checkLockfile(read: ReadText, workspace?: WorkspaceRoot): Promise<LockState> {
  const text = read(MANIFEST);
  if (text === undefined) return { kind: 'none' };
  const shared = workspace && findLockfile(workspace.read);
  const member = workspace && shared?.text.includes(JSON.stringify(workspace.location)) ? workspace : undefined;
  const root = member ?? { read, location: '' };
  const lockfile = findLockfile(root.read);
  if (lockfile === undefined) return { kind: isLockedByAnother(read) ? 'none' : 'unlocked' };
  const manifest: Package | undefined = parseObject(text);
  if (manifest === undefined) return { kind: 'unreadable' };
  const { overrides } = (member ? parseObject(member.read(MANIFEST)) : manifest) ?? {};
  const reasons = await misfits({
    manifest: { ...manifest, overrides },
    locked: lockfile.text,
    location: root.location,
    hasPeers: !isOn(root.read(NPMRC), 'legacy-peer-deps'),
  });
  const { path } = lockfile;
  return reasons.length === 0
    ? { kind: 'fits', path }
    : { kind: 'misfit', path, reasons, isShared: member !== undefined };
}

interface Judged {
  readonly manifest: Package;
  /** The text of the lockfile. */
  readonly locked: string;
  /** Where the manifest is, seen from the lockfile. */
  readonly location: string;
  readonly hasPeers: boolean;
}

/** What was judged last. Services of one standard differ only in their names, and a fleet is a thousand of them. */
const judged = new Map<string, Promise<string[]>>();
const MAX_JUDGED = 20;

function misfits(one: Judged): Promise<string[]> {
  const {
    name,
    dependencies,
    devDependencies,
    optionalDependencies,
    peerDependencies,
    peerDependenciesMeta,
    overrides,
  } = one.manifest as Package & { name?: unknown };
  const lists = [
    dependencies,
    devDependencies,
    optionalDependencies,
    peerDependencies,
    peerDependenciesMeta,
    overrides,
  ];
  const text = one.locked.replaceAll(`"name": ${JSON.stringify(name)}`, '');
  const key = JSON.stringify([lists, one.location, one.hasPeers, text]);
  const found = judged.get(key) ?? findMisfits(one);
  if (judged.size >= MAX_JUDGED) judged.clear();
  judged.set(key, found);
  return found;
}

async function findMisfits({ manifest, locked: text, location: start, hasPeers }: Judged): Promise<string[]> {
  const locked = parseObject(text);
  if (locked === undefined) return ['it is not a JSON object'];
  const { default: semver } = await import('semver');
  const packages = packagesOf(locked);
  const overridden = readOverrides(manifest);
  const reasons = new Set<string>();
  const seen = new Set<string>([start]);
  // A lockfile of the first version says nothing of what packages need.
  const isOld = locked.packages === undefined;
  for (const location of seen) {
    const isStart = location === start;
    const from = isStart ? manifest : packages.get(location);
    for (const dependency of from ? dependenciesOf(from, isStart, hasPeers) : []) {
      const at = locate(packages, location, dependency);
      const found = at === undefined ? undefined : packages.get(at);
      const asked = overridden(dependency.name) ?? dependency.range;
      const isRight = found && (asked === ANY || found.inBundle === true || isSatisfied(asked, found, semver));
      const by = isStart ? '' : ` (of ${nameAt(location)})`;
      if (!isRight) reasons.add(`${dependency.name}@${asked}${describe(found)}${by}`);
      if (at === undefined || isOld) continue;
      const { link, resolved } = packages.get(at) ?? {};
      seen.add(link === true && typeof resolved === 'string' ? resolved : at);
    }
  }
  return [...reasons];
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
