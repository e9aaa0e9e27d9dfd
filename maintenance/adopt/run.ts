import { basename, resolve } from 'node:path';
import { UserError } from '../../engine/core/errors.ts';
import type { TeamTree } from '../../engine/core/merge/merged-file.ts';
import type { Plan } from '../../engine/core/plan.ts';
import type { RepoPath } from '../../engine/core/repo-path.ts';
import { createManifest, MANIFEST_PATH, type Manifest, serializeManifest } from '../../engine/core/service/manifest.ts';
import { applyPlan } from '../../engine/io/apply/apply.ts';
import { recoverTarget } from '../../engine/io/apply/undo.ts';
import { kindOf } from '../../engine/io/disk.ts';
import { type LoadedPreset, loadPresets } from '../../generators/load-presets.ts';
import { followLockfile, readerOf } from '../../generators/lockfile.ts';
import { findStack } from '../../stacks/index.ts';
import type { Stack } from '../../stacks/stack.ts';
import { bringParts, type Decision } from './bring-parts.ts';
import { type Candidate, type Match, rankCandidates } from './candidates.ts';
import { contractGaps, type Gap, hasCode } from './contract-gaps.ts';
import { type OfferedPart, offerParts } from './parts.ts';
import { readableTree, readOwnManifest } from './read-target.ts';
import { templateSets } from './template-sets.ts';

export interface Adoption {
  readonly target: string;
  readonly best: Match;
  /** False if next to nothing in the service is similar to a generated one. Without parts it gets no manifest then. */
  readonly isAlike: boolean;
  /** How many combinations were scored. */
  readonly tried: number;
  readonly gaps: readonly Gap[];
  /** Parts that can be brought. Empty if the service is alike. */
  readonly offered: readonly OfferedPart[];
  /** The parts that this run brings. */
  readonly parts: readonly string[];
  readonly plan: Plan;
  /** What a person has to check. If there is any, the exit code is 4. */
  readonly attention: readonly string[];
  readonly applied: boolean;
}

/** Below this score, most files are not from the template, so upgrades have little to merge. */
const MIN_SCORE = 0.5;
/** Below this score, a service was made by hand: a manifest of the whole standard would say that all is missing. */
const ALIKE_SCORE = 0.1;

interface AdoptRequest {
  readonly preset?: string;
  /** Answers that the user gave. */
  readonly answers: Readonly<Record<string, string>>;
  /** Names, paths or globs of the parts to bring. Without any, the whole standard is looked for. */
  readonly parts: readonly string[];
  /** `--trust`: names of presets that may bring what tools run unasked. */
  readonly trusted: readonly string[];
}

interface AdoptOptions {
  readonly cwd: string;
  readonly dir?: string;
  readonly planOnly: boolean;
  readonly beforeCommit?: () => Promise<void>;
}

/**
 * Writes a manifest for a service, with the most similar template version and answers. It changes no other file.
 * With parts, it brings those files too, and the manifest is of those files only.
 * @throws {UserError} NOT_POSSIBLE if there is a manifest or this is no service, MANIFEST_*, INPUT_INVALID, SOURCE_*,
 *   TARGET_UNUSABLE; then nothing was changed
 */
export async function adoptService(request: AdoptRequest, options: AdoptOptions): Promise<Adoption> {
  const target = resolve(options.cwd, options.dir ?? '.');
  if (kindOf(target) !== 'folder')
    throw new UserError('TARGET_UNUSABLE', `${target} is not a folder`, 'Name another folder with --dir.');
  recoverTarget(target, options.planOnly);
  const manifest = readOwnManifest(target);
  if (manifest) requireParts(manifest, request, target);
  const tree = readableTree(target);
  const known = { ...manifestAnswers(manifest), ...request.answers };
  const { sets, notes } = await templateSets(known, tree, target, request.parts.length > 0);
  const presets = await wantedPresets(request, manifest, target, options.cwd);
  const { best, plain, tried } = await rankCandidates(sets, presets, known, tree, basename(target));
  const isAlike = best.score >= ALIKE_SCORE;
  const stack = findStack(best.answers);
  const isLanguageOurs = tree.has(stack.places.manifest as RepoPath);
  if (best.score === 0 && !hasCode(tree))
    throw new UserError(
      'NOT_POSSIBLE',
      `no file in ${target} is similar to a file of the ${tried} candidates`,
      'Run it in the root folder of a service, or make a new one: npm create twelve-service@latest.',
    );
  const chosen = isAlike && request.parts.length === 0 ? best : plain;
  const { standard: _standard, rendered: _rendered, ...match } = isAlike ? best : { ...best, answers: plain.answers };
  const found = {
    target,
    best: match,
    isAlike,
    tried,
    gaps: [...(isLanguageOurs ? await lockfileGap(tree, stack, target) : []), ...contractGaps(tree)],
    offered: isAlike ? [] : await offerParts(plain.rendered, { tree, stack, isLanguageOurs }),
    parts: request.parts,
  };
  const { changes, attention, next } = await (request.parts.length > 0
    ? bringParts(request.parts, chosen, { target, tree, stack, isLanguageOurs, manifest, trusted: request.trusted })
    : adoptWhole(chosen, isAlike, target));
  const plan: Plan = { changes, notes, next };
  const applied = !options.planOnly && changes.length > 0;
  if (applied) await applyPlan(target, plan, options.beforeCommit, { record: 'replaced' });
  return { ...found, plan, attention, applied };
}

/** That a lockfile is there is not enough. */
async function lockfileGap(tree: TeamTree, stack: Stack, target: string): Promise<Gap[]> {
  const read = readerOf(tree);
  const followed = await followLockfile(stack, read, read, 'leave', target);
  return followed.kind === 'left' ? [{ rules: ['II-1'], what: `a lockfile that fits: ${followed.text}` }] : [];
}

/** A manifest of the whole standard, or none if next to nothing is alike. */
function adoptWhole({ standard, answers, rendered, score }: Candidate, isAlike: boolean, target: string): Decision {
  if (!isAlike)
    return {
      changes: [],
      attention: [
        `less than ${ALIKE_SCORE * 100}% alike: this service was not generated, and gets no manifest of the whole standard`,
      ],
      next: ['npx create-twelve-service adopt --part NAME --plan'],
    };
  const manifest = createManifest(standard.template, answers, rendered, standard.pins(target));
  const after = { content: Buffer.from(serializeManifest(manifest)), mode: 0o644 } as const;
  return {
    changes: [{ kind: 'create', path: MANIFEST_PATH, after }],
    attention:
      score < MIN_SCORE
        ? [`less than ${MIN_SCORE * 100}% alike: upgrades do not change files that are missing here`]
        : [],
    next: ['npx create-twelve-service audit', 'npx create-twelve-service upgrade --plan'],
  };
}

/** The presets of the request, or those of the parts that are there. */
async function wantedPresets(
  { preset }: AdoptRequest,
  manifest: Manifest | undefined,
  target: string,
  cwd: string,
): Promise<LoadedPreset[]> {
  if (preset !== undefined) return loadPresets(preset, cwd);
  const recorded = manifest?.presets?.at(-1)?.source;
  return recorded === undefined ? [] : loadPresets(recorded, target);
}

function manifestAnswers(manifest: Manifest | undefined): Record<string, string> {
  return Object.fromEntries(Object.entries(manifest?.answers ?? {}).map(([name, value]) => [name, String(value)]));
}

/** A service with a manifest can only take more parts. Its answers are changed by an upgrade. */
function requireParts(manifest: Manifest, { parts, answers, preset }: AdoptRequest, target: string): void {
  if (parts.length === 0 || !manifest.parts)
    throw new UserError(
      'NOT_POSSIBLE',
      `${target} already has a ${MANIFEST_PATH}`,
      'It needs no adopt: audit and upgrade work with it.',
    );
  if (preset !== undefined || Object.keys(answers).length > 0)
    throw new UserError(
      'INPUT_INVALID',
      `${target} already has parts, with answers and a preset of their own`,
      'Leave --set and --preset out; upgrade takes both.',
    );
}
