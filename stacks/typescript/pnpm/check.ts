import type { LockState, ReadText } from '../../lock.ts';
import { isLockedByAnother, MANIFEST, parseObject, ranges } from '../lockfile/read.ts';
import { mapOf, PNPM_LOCKFILE, PNPM_SETTINGS, parseYaml } from './read.ts';

const GROUPS = ['dependencies', 'devDependencies', 'optionalDependencies'] as const;

/**
 * Whether `pnpm install --frozen-lockfile` accepts a lockfile: it says of each group of package.json what that says, and of the
 * overrides what the settings say.
 */
export async function checkPnpmLockfile(read: ReadText): Promise<LockState> {
  const text = read(MANIFEST);
  if (text === undefined) return { kind: 'none' };
  const lockfile = read(PNPM_LOCKFILE);
  if (lockfile === undefined) return { kind: isLockedByAnother(read, PNPM_LOCKFILE) ? 'none' : 'unlocked' };
  const manifest = parseObject(text);
  if (manifest === undefined) return { kind: 'unreadable' };
  const locked = await parseYaml(lockfile);
  const importer = mapOf(mapOf(locked?.importers)?.['.']);
  const settings = await parseYaml(read(PNPM_SETTINGS));
  const overrides = settings?.overrides ?? mapOf(manifest.pnpm)?.overrides;
  const reasons =
    locked === undefined
      ? ['it is not a YAML map']
      : [
          ...GROUPS.flatMap((group) => misfits(ranges(manifest[group]), specifiers(importer?.[group]))),
          ...misfits(ranges(overrides), ranges(locked.overrides)).map((reason) => `override ${reason}`),
        ];
  return reasons.length === 0
    ? { kind: 'fits', path: PNPM_LOCKFILE }
    : { kind: 'misfit', path: PNPM_LOCKFILE, reasons, isShared: false };
}

type Named = readonly (readonly [name: string, range: string])[];

function specifiers(group: unknown): Named {
  return Object.entries(mapOf(group) ?? {}).map(([name, entry]) => [name, String(mapOf(entry)?.specifier)]);
}

function misfits(asked: Named, locked: Named): string[] {
  const has = new Map(locked);
  const wanted = new Map(asked);
  const wrong = asked.flatMap(([name, range]) => {
    const found = has.get(name);
    if (found === range) return [];
    return [`${name}@${range}${found === undefined ? ' is missing' : `: it has ${found}`}`];
  });
  return [...wrong, ...locked.flatMap(([name]) => (wanted.has(name) ? [] : [`${name} is not asked for`]))];
}
