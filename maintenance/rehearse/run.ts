import { join, resolve } from 'node:path';
import { UserError } from '../../engine/core/errors.ts';
import type { PreparedMerge } from '../../engine/core/merge/merge-trees.ts';
import type { MergedFile } from '../../engine/core/merge/merged-file.ts';
import type { SideNames } from '../../engine/core/merge/sides.ts';
import { MANIFEST_PATH } from '../../engine/core/service/manifest.ts';
import { kindOf } from '../../engine/io/disk.ts';
import { diskError } from '../../engine/io/failure.ts';
import { mergeWithGit } from '../../engine/io/git/git-merge.ts';
import { readTeamTree } from '../../engine/io/git/team-tree.ts';
import type { TemplateSet } from '../../engine/io/source/template-version.ts';
import { loadPresets, makeStandard, type Standard } from '../../generators/standard.ts';
import { findStack } from '../../stacks/index.ts';
import { mergeService } from '../upgrade/merge.ts';
import { readManifest } from '../upgrade/run.ts';
import { type Loaded, recordedSide, standardSide } from '../upgrade/sides.ts';

/** The standard that is rehearsed, and the services. */
interface RehearsalRequest {
  /** Folders of services. `name` is shown in the report and is relative to `base`. */
  readonly services: readonly { name: string; base: string }[];
  /** The source of a preset. If not set, each service keeps its own. */
  readonly preset?: string;
  readonly templates: TemplateSet;
  readonly answers: Readonly<Record<string, string>>;
  /** Absolute path; sources are relative to it. */
  readonly cwd: string;
}

/** The result for one service. */
export type Rehearsed =
  | {
      readonly service: string;
      readonly result: 'clean' | 'unchanged' | 'conflict';
      readonly files: readonly MergedFile[];
    }
  | {
      readonly service: string;
      readonly result: 'unreadable' | 'other preset';
      readonly code: string;
      readonly reason: string;
    };

export interface Rehearsal {
  readonly services: readonly Rehearsed[];
}

/** How many services share one temporary git repository, and are in memory at the same time. */
const BATCH = 50;

/**
 * Merges an unreleased standard into every service, in memory. No code of a service runs, and nothing is written.
 * @throws {UserError} for the standard itself; a service's own problems are in its result
 */
export async function rehearse(request: RehearsalRequest): Promise<Rehearsal> {
  const { preset, templates, cwd } = request;
  const loaded: Loaded = new Map();
  const given = preset === undefined ? undefined : makeStandard(templates.main, await loadPresets(preset, cwd));
  const services: Rehearsed[] = [];
  for (let start = 0; start < request.services.length; start += BATCH) {
    const batch = request.services.slice(start, start + BATCH);
    const prepared = await Promise.all(
      batch.map(async ({ name, base }) => ({
        name,
        outcome: await prepare(resolve(base, name), request, given, loaded),
      })),
    );
    services.push(...(await mergeBatch(prepared)));
  }
  return { services };
}

interface Prepared {
  readonly merge: PreparedMerge;
  readonly names: SideNames;
}

type Failed = { readonly result: 'unreadable' | 'other preset'; readonly code: string; readonly reason: string };

async function mergeBatch(prepared: readonly { name: string; outcome: Prepared | Failed }[]): Promise<Rehearsed[]> {
  const open = prepared.flatMap(({ outcome }) =>
    'merge' in outcome && outcome.merge.lines ? [outcome.merge.lines] : [],
  );
  const names = prepared.map(({ outcome }) => ('names' in outcome ? outcome.names : undefined)).find(Boolean);
  const merged = names ? await mergeWithGit(open, names) : [];
  const finish = async ({ name: service, outcome }: (typeof prepared)[number]): Promise<Rehearsed> => {
    if (!('merge' in outcome)) return { service, ...outcome };
    const files = await outcome.merge.finish(outcome.merge.lines ? merged.shift() : undefined);
    const changed = files.filter((file) => file.after !== undefined || file.beside || file.from);
    const isConflict = files.some((file) => file.outcome === 'conflict');
    return { service, files, result: isConflict ? 'conflict' : changed.length > 0 ? 'clean' : 'unchanged' };
  };
  return Promise.all(prepared.map(finish));
}

/** @param given the rehearsed preset; if not set, the service's own preset is used with the rehearsed template */
async function prepare(
  root: string,
  { templates, answers, cwd }: RehearsalRequest,
  given: Standard | undefined,
  loaded: Loaded,
): Promise<Prepared | Failed> {
  try {
    const kind = kindOf(join(root, MANIFEST_PATH));
    if (kind === 'missing')
      return { result: 'unreadable', code: 'SERVICE_NOT_FOUND', reason: `there is no ${MANIFEST_PATH}` };
    if (kind !== 'file') {
      const what = { folder: 'a folder', link: 'a link', other: 'no file' }[kind];
      return { result: 'unreadable', code: 'MANIFEST_UNSAFE', reason: `${MANIFEST_PATH} is ${what}` };
    }
    const manifest = readManifest(root);
    if (manifest.pending)
      return { result: 'unreadable', code: 'UPGRADE_PENDING', reason: 'an upgrade of it is pending' };
    const own = manifest.presets?.at(-1)?.name;
    const wanted = given?.presets.at(-1)?.pin.name;
    if (wanted !== undefined && own !== wanted)
      return {
        result: 'other preset',
        code: 'OTHER_PRESET',
        reason: own === undefined ? 'has no preset' : `has ${own}`,
      };
    const old = await recordedSide(manifest, root, loaded, cwd);
    const standard = given ?? makeStandard(templates.main, old.standard.presets);
    const next = await standardSide(manifest, standard, templates, answers);
    const { prepared, names } = await mergeService(
      { manifest, ours: readTeamTree(root, findStack(manifest.answers).places.ignored), root },
      old,
      next,
    );
    return { merge: prepared, names };
  } catch (error) {
    const failure = error instanceof UserError ? error : diskError(error, root);
    if (!(failure instanceof UserError)) throw error;
    return { result: 'unreadable', code: failure.code, reason: failure.message };
  }
}
