import { UserError } from '../../engine/core/errors.ts';
import { type PreparedMerge, prepareMerge } from '../../engine/core/merge/merge-trees.ts';
import { type MergedFile, type TeamTree, teamFile } from '../../engine/core/merge/merged-file.ts';
import { migrateSides } from '../../engine/core/merge/migrate-sides.ts';
import { nextManifest } from '../../engine/core/merge/next-manifest.ts';
import { changesOf } from '../../engine/core/merge/place/changes.ts';
import type { SideNames } from '../../engine/core/merge/sides.ts';
import type { FileChange } from '../../engine/core/plan.ts';
import type { RepoPath } from '../../engine/core/repo-path.ts';
import type { Manifest } from '../../engine/core/service/manifest.ts';
import { dueMigrations, fillMigration, type Migration } from '../../engine/core/template/migration.ts';
import { fillTokens } from '../../engine/core/template/render.ts';
import type { Standard } from '../../generators/standard.ts';
import { deployAdditions, deployedBase } from './deployed-additions.ts';
import { labelOfManifest, OURS } from './label.ts';
import { sharedBase } from './shared-files.ts';
import type { Side } from './sides.ts';

/** The merge of one service, before its lines are merged. */
interface Merging {
  readonly prepared: PreparedMerge;
  readonly names: SideNames;
  /** @param files the merged files */
  readonly result: (files: readonly MergedFile[]) => MergeResult;
}

interface MergeResult {
  readonly files: readonly MergedFile[];
  readonly changes: readonly FileChange[];
  /** The new manifest. It has a pending upgrade if there is a conflict. */
  readonly manifest: Manifest;
}

/**
 * Merges the old standard, the service and the new standard, except for lines that git has to merge. Writes nothing.
 * @param root in the new manifest, folders of presets are relative to this folder
 * @throws {UserError} SOURCE_CHANGED if a version has other content than before; TEMPLATE_UNSAFE if presets bring something new that
 *   tools run unasked, and are not trusted
 */
export async function mergeService(
  {
    manifest,
    ours,
    root,
    trusted = [],
  }: { manifest: Manifest; ours: TeamTree; root: string; trusted?: readonly string[] },
  old: Side,
  next: Side,
  recordAs?: string,
): Promise<Merging> {
  refuseRepublished(old.standard, next.standard);
  const { default: semver } = await import('semver');
  const context = next.standard.context(next.answers);
  const due = await allDue(old.standard, next.standard);
  const migrations = due.map((migration) => fillMigration(migration, (path) => fillTokens(path, context)));
  const recorded = (path: string) => (Object.hasOwn(manifest.files, path) ? manifest.files[path] : undefined);
  const known = await deployedBase({ manifest, ours, old, next }, sharedBase(manifest, old, ours));
  const sides = { base: known, theirs: next.tree, ours };
  const { base, theirs, moves, left, wishes } = await migrateSides(sides, migrations, recorded);
  const before = [(path: RepoPath) => base.get(path), (path: RepoPath) => teamFile(ours, path)];
  await next.standard.refuseUnasked(next.answers, theirs, { before, trusted });
  const names = { ours: OURS, base: labelOf(old.standard), theirs: labelOf(next.standard) };
  const isNewer = (one: string, other: string) => {
    const [a, b] = [one, other].map((range) => (semver.validRange(range) ? semver.minVersion(range) : null));
    return a !== null && b !== null && a !== undefined && b !== undefined && semver.gte(a, b);
  };
  const { sortedMaps = [], sortedLines = [], groups = [] } = next.standard.template;
  const prepared = await prepareMerge(
    { base, ours, theirs, moves, left, wishes, names },
    { isNewer, sortedMaps, sortedLines, groups },
  );
  return {
    prepared: {
      ...prepared,
      finish: async (merged) => deployAdditions({ manifest, ours, next }, await prepared.finish(merged)),
    },
    names,
    result: (files) => {
      const pins = next.standard.pins(root);
      const last = pins.at(-1);
      const presets = recordAs !== undefined && last ? [...pins.slice(0, -1), { ...last, source: recordAs }] : pins;
      const { source, version, integrity } = next.standard.template;
      const head = { template: { source, version, integrity }, presets, answers: next.answers };
      return {
        files,
        changes: changesOf(ours, files),
        manifest: nextManifest(manifest, head, { base, theirs, shared: next.shared }, files),
      };
    },
  };
}

/** {@link labelOfManifest} for a standard. */
export function labelOf({ template, presets }: Standard): string {
  return labelOfManifest({ template, presets: presets.map(({ pin }) => pin) });
}

/** The old and new version of the template or of a preset. One is not set if the preset was added or removed. */
export interface VersionChange {
  readonly name: string;
  readonly from?: string;
  readonly to?: string;
}

/** The template and presets whose version or content changed. */
export function versionChanges(old: Standard, next: Standard): VersionChange[] {
  const template = (standard: Standard) => ({ ...standard.template, name: 'create-twelve-service' });
  const all = (standard: Standard) => [template(standard), ...standard.presets.map(({ pin }) => pin)];
  const names = new Set([...all(old), ...all(next)].map(({ name }) => name));
  return [...names].flatMap((name): VersionChange[] => {
    const [before, after] = [old, next].map((standard) => all(standard).find((one) => one.name === name));
    if (before?.integrity === after?.integrity) return [];
    return [{ name, ...(before ? { from: before.version } : {}), ...(after ? { to: after.version } : {}) }];
  });
}

/**
 * Refuses a version whose content changed: a version must always mean the same content.
 * @throws {UserError} SOURCE_CHANGED
 */
function refuseRepublished(old: Standard, next: Standard): void {
  const known = new Map(old.presets.map(({ pin }) => [`${pin.name} ${pin.version}`, pin.integrity]));
  for (const { pin } of next.presets) {
    const before = known.get(`${pin.name} ${pin.version}`);
    if (before === undefined || before === pin.integrity) continue;
    throw new UserError(
      'SOURCE_CHANGED',
      `${pin.resolved} has other content than before under the same version, ${pin.name} ${pin.version}`,
      'Give the new content a new version in preset.yaml.',
    );
  }
}

/** Each template's and preset's migrations between its two versions. */
async function allDue(old: Standard, next: Standard): Promise<Migration[]> {
  const { template, presets } = next;
  const own = dueMigrations(template.migrations ?? [], old.template.version, template.version);
  const ofPresets = presets.map(({ preset }) => {
    const before = old.presets.find(({ preset: { name } }) => name === preset.name);
    return dueMigrations(preset.migrations, before?.preset.version, preset.version);
  });
  return (await Promise.all([own, ...ofPresets])).flat();
}
