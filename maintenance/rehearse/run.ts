import { resolve } from 'node:path';
import type { MergedFile } from '../../engine/core/merge/merged-file.ts';
import { changesOf } from '../../engine/core/merge/place/changes.ts';
import type { FileChange } from '../../engine/core/plan.ts';
import type { Manifest } from '../../engine/core/service/manifest.ts';
import { mergeWithGit } from '../../engine/io/git/git-merge.ts';
import type { NamedFolder } from '../../engine/io/service/service-list.ts';
import type { TemplateSet } from '../../engine/io/source/template-version.ts';
import { loadPresets } from '../../generators/load-presets.ts';
import { makeStandard } from '../../generators/standard.ts';
import { findStack } from '../../stacks/index.ts';
import { deriveFiles } from '../upgrade/derived.ts';
import { isLower } from '../upgrade/never-lower.ts';
import { type NotMerged, type Prepared, prepareService, type RehearsalJob } from './prepare.ts';

/** The standard that is rehearsed, and the services. */
interface RehearsalRequest {
  readonly services: readonly NamedFolder[];
  /** The source of a preset. If not set, each service keeps its own. */
  readonly preset?: string;
  readonly templates: TemplateSet;
  readonly answers: Readonly<Record<string, string>>;
  /** `--trust`: names of presets that may bring what tools run unasked. */
  readonly trusted: readonly string[];
  /** Absolute path; sources are relative to it. */
  readonly cwd: string;
  /** Collects the names of the questions that presets ask. */
  readonly asked?: Set<string>;
  /** Collects the names of all questions that a service may answer. */
  readonly known?: Set<string>;
}

/** What the merge of one service gave. It holds the contents of files: keep only what a report needs. */
interface Merged {
  readonly result: 'clean' | 'unchanged' | 'conflict';
  readonly files: readonly MergedFile[];
  /** The changes that an upgrade would make, computed when it is called. */
  readonly changes: () => readonly FileChange[];
  readonly manifest: Manifest;
}

/** The result for one service. */
export type Rehearsed = { readonly service: string; readonly root: string } & (Merged | NotMerged);

/** How many services share one temporary git repository, and are in memory at the same time. */
const BATCH = 12;

/**
 * Merges an unreleased standard into every service, in memory. No code of a service runs, and nothing is written.
 * @returns a result for each service, in their order
 * @throws {UserError} for the standard itself; a service's own problems are in its result
 */
export async function* rehearse(request: RehearsalRequest): AsyncGenerator<Rehearsed> {
  const { preset, templates, answers, trusted, cwd, asked, known, services } = request;
  const given = preset === undefined ? undefined : makeStandard(templates.main, await loadPresets(preset, cwd));
  for (const one of given?.presets ?? []) for (const { name } of one.preset.questions) asked?.add(name);
  for (const { name } of given?.questions ?? []) known?.add(name);
  const onlyPreset = given?.presets.at(-1)?.pin.name;
  yield* rehearseServices(services, {
    next: async (_manifest, _root, old) => {
      // As in an upgrade: a program that is older than the service takes no template back.
      const isOlder = await isLower(templates.main.version, old.templates.main.version);
      if (given && !isOlder) return { standard: given, templates };
      const kept = isOlder ? old.templates : templates;
      return { standard: makeStandard(kept.main, given?.presets ?? old.standard.presets), templates: kept };
    },
    answers,
    trusted,
    cwd,
    loaded: new Map(),
    ...(asked ? { asked } : {}),
    ...(known ? { known } : {}),
    ...(onlyPreset === undefined ? {} : { onlyPreset }),
  });
}

/** Merges into each service the standard that the job gives for it. */
export async function* rehearseServices(
  services: readonly NamedFolder[],
  job: RehearsalJob,
): AsyncGenerator<Rehearsed> {
  for (let start = 0; start < services.length; start += BATCH) {
    const batch = services.slice(start, start + BATCH);
    const prepared = await Promise.all(
      batch.map(async ({ name, base, answers }) => {
        const root = resolve(base, name);
        return {
          service: name,
          root,
          outcome: await prepareService(root, { ...job, answers: { ...job.answers, ...answers } }),
        };
      }),
    );
    yield* mergeBatch(prepared);
  }
}

interface Waiting {
  readonly service: string;
  readonly root: string;
  readonly outcome: Prepared | NotMerged;
}

async function* mergeBatch(prepared: readonly Waiting[]): AsyncGenerator<Rehearsed> {
  const open = prepared.flatMap(({ outcome }) =>
    'merge' in outcome && outcome.merge.lines ? [{ lines: outcome.merge.lines, names: outcome.names }] : [],
  );
  const merged = await mergeWithGit(
    open.map(({ lines }) => lines),
    open.map(({ names }) => names),
  );
  for (const { service, root, outcome } of prepared) {
    if (!('merge' in outcome)) {
      yield { service, root, ...outcome };
      continue;
    }
    const { merge, ours, manifest, isNew } = outcome;
    const finished = await merge.finish(merge.lines ? merged.shift() : undefined);
    const isChanged = finished.some((file) => file.after !== undefined || file.beside || file.from);
    const derive = isChanged || isNew ? 'foretell' : 'leave';
    const { files } = await deriveFiles(ours, finished, findStack(manifest.answers), derive, { folder: root });
    const isConflict = files.some((file) => file.outcome === 'conflict' || file.attention !== undefined);
    yield {
      service,
      root,
      result: isConflict ? 'conflict' : isChanged ? 'clean' : 'unchanged',
      files,
      changes: () => changesOf(ours, files),
      manifest,
    };
  }
}
