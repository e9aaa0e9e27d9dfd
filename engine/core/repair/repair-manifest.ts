import { UserError } from '../errors.ts';
import { isMap } from '../record/parse-record.ts';
import { isSafe } from '../repo-path.ts';
import { MANIFEST_PATH, type Manifest, parseManifest } from '../service/manifest.ts';
import { OWNERS } from '../template/template.ts';
import { fillGaps } from './fill-gaps.ts';
import { choices, own, settle, settleMap } from './settle.ts';
import type { Sides } from './sides.ts';

/** What could be derived of a manifest. */
export interface ManifestRepair {
  /** Not set if something is left for a person. Its hashes are those that the sides have. */
  readonly manifest?: Manifest;
  /** Files whose hash has to be derived, because the sides differ or have none. */
  readonly unsure: ReadonlySet<string>;
  /** What was derived, in words. */
  readonly notes: readonly string[];
  /** What could not be derived, in words. */
  readonly open: readonly string[];
}

/** Compares two versions. @returns a negative number if `a` is the lower one, `undefined` if one is no version */
type CompareVersions = (a: string, b: string) => number | undefined;

/**
 * Derives a manifest. The template and the presets belong together: where both sides moved them, the side counts that is
 * nowhere lower and somewhere higher. Answers have to agree, or only one side may have changed one.
 * @param last the manifest of the last commit, for what the text no longer has
 */
export function repairManifest(read: Sides, last: unknown, compare: CompareVersions): ManifestRepair {
  const { base, damage } = read;
  const { sides, ...filled } = fillGaps(read, last);
  const notes: string[] = [...(damage === undefined ? [] : [`${MANIFEST_PATH} ${damage}`]), ...filled.notes];
  const open: string[] = [...filled.open];
  const before = base === undefined ? undefined : { base };
  const valuesOf = (key: string) => sides.map((side) => own(side, key));
  const beforeOf = (key: string) => before && { base: own(before.base, key) };
  const head = settleHead(sides, base, compare);
  notes.push(...head.notes);
  open.push(...head.open);
  const answers = settleMap(valuesOf('answers'), beforeOf('answers'));
  for (const [name, values] of Object.entries(answers.open)) open.push(`the answer ${name} is ${choices(values)}`);
  if (open.length === 0 && own(answers.map, 'name') === undefined) open.push('the answer name is missing');

  const additions = settleMap(valuesOf('additions'), beforeOf('additions'));
  for (const [key, values] of Object.entries(additions.open)) open.push(`the answers of ${key} are ${choices(values)}`);
  const parts = sides.flatMap((side) => own(side, 'parts') ?? []);
  const pending = settle(valuesOf('pending'), beforeOf('pending'));
  if ('open' in pending) open.push('both sides have a pending upgrade: finish it on one of them first');

  // Keys that this version does not know are somebody's.
  const others = settleMap(sides.map(othersOf), before && { base: othersOf(before.base) });
  for (const [key, values] of Object.entries(others.open)) open.push(`${key} is ${choices(values)}`);

  const files = settleMap(valuesOf('files').map(soundFiles), beforeOf('files'));
  const unsure = new Set(Object.keys(files.open));
  for (const [path, [value]] of Object.entries(files.open)) files.map[path] = value;
  const result = {
    ...others.map,
    schema: sides.some((side) => own(side, 'schema') === 1) ? 1 : 2,
    template: head.template,
    ...(head.presets === undefined ? {} : { presets: head.presets }),
    answers: answers.map,
    ...(Object.keys(additions.map).length > 0 ? { additions: additions.map } : {}),
    files: files.map,
    ...(parts.length > 0 ? { parts: [...new Set(parts)].sort() } : {}),
    ...('value' in pending && pending.value !== undefined ? { pending: pending.value } : {}),
  };
  if (open.length > 0) return { unsure, notes, open };
  try {
    return { manifest: parseManifest(JSON.stringify(result)), unsure, notes, open };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { unsure, notes, open: [error.message] };
  }
}

const KNOWN = new Set(['schema', 'template', 'presets', 'answers', 'additions', 'files', 'parts', 'pending']);

function othersOf(side: unknown): unknown {
  return isMap(side) ? Object.fromEntries(Object.entries(side).filter(([key]) => !KNOWN.has(key))) : undefined;
}

/** The template and the presets, which belong together. */
function settleHead(
  sides: Sides['sides'],
  base: unknown,
  compare: CompareVersions,
): { template?: unknown; presets?: unknown; notes: string[]; open: string[] } {
  const [template, presets] = ['template', 'presets'].map((key) =>
    settle(
      sides.map((side) => own(side, key)),
      base === undefined ? undefined : { base: own(base, key) },
    ),
  );
  if (template && presets && 'value' in template && 'value' in presets)
    return { template: template.value, presets: presets.value, notes: [], open: [] };
  const [one, other] = sides;
  const newer = isNewer(one, other, compare) ? one : isNewer(other, one, compare) ? other : undefined;
  if (newer !== undefined) {
    const words = versionsOf(newer).map(([name, version]) => `${name} ${version}`);
    const notes = [`both sides moved the version, and the higher one counts: ${words.join(', ')}`];
    return { template: own(newer, 'template'), presets: own(newer, 'presets'), notes, open: [] };
  }
  return {
    notes: [],
    open: [
      `the version is ${sides
        .map((side) =>
          versionsOf(side)
            .map((pair) => pair.join(' '))
            .join(', '),
        )
        .join(', or ')}`,
    ],
  };
}

/** The template's and each preset's name and version. */
function versionsOf(side: unknown): [name: string, version: string][] {
  const presets = own(side, 'presets');
  const pins = Array.isArray(presets) ? presets : [];
  return [
    ['template', String(own(own(side, 'template'), 'version'))],
    ...pins.map((pin): [string, string] => [String(own(pin, 'name')), String(own(pin, 'version'))]),
  ];
}

/** Whether a side is nowhere lower than the other, with the same presets from the same sources, and somewhere higher. */
function isNewer(one: unknown, other: unknown, compare: CompareVersions): boolean {
  const [a, b] = [versionsOf(one), versionsOf(other)];
  const sources = ([one, other] as const).map((side) => {
    const presets = own(side, 'presets');
    return JSON.stringify((Array.isArray(presets) ? presets : []).map((pin) => [own(pin, 'name'), own(pin, 'source')]));
  });
  if (a.length !== b.length || sources[0] !== sources[1]) return false;
  const orders = a.map(([, version], at) => compare(version, b[at]?.[1] ?? ''));
  return (
    orders.every((order) => order !== undefined && order >= 0) &&
    orders.some((order) => order !== undefined && order > 0)
  );
}

/** Only entries that a manifest may have: the others are derived anew. */
function soundFiles(files: unknown): unknown {
  if (!isMap(files)) return {};
  return Object.fromEntries(
    Object.entries(files).filter(([path, file]) => {
      const owner = own(file, 'owner');
      return typeof own(file, 'hash') === 'string' && OWNERS.some((one) => one === owner) && isSafe(path);
    }),
  );
}
