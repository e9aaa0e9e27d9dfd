import { join } from 'node:path';
import { UserError } from '../../engine/core/errors.ts';
import type { PreparedMerge } from '../../engine/core/merge/merge-trees.ts';
import type { TeamTree } from '../../engine/core/merge/merged-file.ts';
import type { SideNames } from '../../engine/core/merge/sides.ts';
import { MANIFEST_PATH, type Manifest } from '../../engine/core/service/manifest.ts';
import { kindOf } from '../../engine/io/disk.ts';
import { diskError } from '../../engine/io/failure.ts';
import { readTeamTree } from '../../engine/io/git/team-tree.ts';
import { ServiceFolder } from '../../engine/io/service/fingerprint.ts';
import { readManifest } from '../../engine/io/service/read-service.ts';
import type { TemplateSet } from '../../engine/io/source/template-version.ts';
import type { Standard } from '../../generators/standard.ts';
import { findStack } from '../../stacks/index.ts';
import { mergeService, versionChanges } from '../upgrade/merge.ts';
import { type OpenQuestion, wrongAnswers } from '../upgrade/open-questions.ts';
import { type Loaded, recordedSide, type Side, standardSide, unanswered } from '../upgrade/sides.ts';

/** What all services of one rehearsal share. */
export interface RehearsalJob {
  /** The name of the preset that a service has to have. Without it, any or none. */
  readonly onlyPreset?: string;
  /** The standard to merge into a service. `old` is what the service was made from. */
  readonly next: (
    manifest: Manifest,
    root: string,
    old: Side,
  ) => Promise<{ standard: Standard; templates: TemplateSet }>;
  /** Changed answers: name -> value. */
  readonly answers: Readonly<Record<string, string>>;
  /** Absolute path; package managers look for their settings here. */
  readonly cwd: string;
  readonly loaded: Loaded;
  /** Collects the names of the questions that presets ask. */
  readonly asked?: Set<string>;
  /** Collects the names of all questions that a service may answer. */
  readonly known?: Set<string>;
  /** `--trust`: names of presets that may bring what tools run unasked. */
  readonly trusted?: readonly string[];
}

/** A service whose merge is ready, except for the lines that git merges. */
export interface Prepared {
  readonly manifest: Manifest;
  readonly ours: TeamTree;
  readonly merge: PreparedMerge;
  readonly names: SideNames;
  /** Whether its manifest will have another version or other answers, even if no file changes. */
  readonly isNew: boolean;
}

/** Why a service was not merged. */
export interface NotMerged {
  readonly result: 'unreadable' | 'other preset' | 'answer missing' | 'answer wrong';
  readonly code: string;
  readonly reason: string;
  /** Set if the result is `answer missing`. */
  readonly questions?: readonly OpenQuestion[];
  /** Not set if it could not be read. */
  readonly manifest?: Manifest;
}

/** Reads a service and renders both standards. A service's own problems are in the result. */
export async function prepareService(root: string, job: RehearsalJob): Promise<Prepared | NotMerged> {
  let manifest: Manifest | undefined;
  const not = (result: NotMerged['result'], code: string, reason: string): NotMerged => ({
    result,
    code,
    reason,
    ...(manifest ? { manifest } : {}),
  });
  try {
    const kind = kindOf(join(root, MANIFEST_PATH));
    if (kind === 'missing') return not('unreadable', 'SERVICE_NOT_FOUND', `there is no ${MANIFEST_PATH}`);
    if (kind !== 'file') {
      const what = { folder: 'a folder', link: 'a link', other: 'no file' }[kind];
      return not('unreadable', 'MANIFEST_UNSAFE', `${MANIFEST_PATH} is ${what}`);
    }
    manifest = readManifest(new ServiceFolder(root));
    if (manifest.pending) return not('unreadable', 'UPGRADE_PENDING', 'an upgrade of it is pending');
    const own = manifest.presets?.at(-1)?.name;
    if (job.onlyPreset !== undefined && own !== job.onlyPreset)
      return not('other preset', 'OTHER_PRESET', own === undefined ? 'has no preset' : `has ${own}`);
    const old = await recordedSide(manifest, root, job.loaded, job.cwd);
    const { standard, templates } = await job.next(manifest, root, old);
    for (const { preset } of standard.presets) for (const { name } of preset.questions) job.asked?.add(name);
    for (const { name } of standard.questions) job.known?.add(name);
    const wrong = wrongAnswers(standard.questions, job.answers);
    if (wrong.length > 0) return not('answer wrong', 'INPUT_INVALID', wrong.join('; '));
    const questions = unanswered(manifest, standard, job.answers);
    if (questions.length > 0) {
      const reason = questions.map(({ name, reason: why }) => `${name} ${why}`).join('; ');
      return { ...not('answer missing', 'INPUT_MISSING', reason), questions };
    }
    const next = await standardSide(manifest, standard, templates, job.answers, () => 'rehearse');
    const written = [...old.tree.keys(), ...next.tree.keys()];
    const ours = readTeamTree(root, findStack(manifest.answers).places.ignored, { written });
    // Each service has a preset of its own, and a name may be that of another's.
    const trusted = job.trusted?.filter((name) => standard.presets.some(({ preset }) => preset.name === name)) ?? [];
    const { prepared, names } = await mergeService({ manifest, ours, root, trusted }, old, next);
    const isNew =
      versionChanges(old.standard, standard).length > 0 ||
      JSON.stringify(next.answers) !== JSON.stringify(manifest.answers);
    return { manifest, ours, merge: prepared, names, isNew };
  } catch (error) {
    const failure = error instanceof UserError ? error : diskError(error, root);
    if (!(failure instanceof UserError)) throw error;
    return not('unreadable', failure.code, failure.message);
  }
}
