import { basename, join, resolve } from 'node:path';
import { UserError } from '../../engine/core/errors.ts';
import { isOdd, type TeamTree } from '../../engine/core/merge/merged-file.ts';
import type { Plan } from '../../engine/core/plan.ts';
import { createManifest, MANIFEST_PATH, parseManifest, serializeManifest } from '../../engine/core/service/manifest.ts';
import { applyPlan } from '../../engine/io/apply/apply.ts';
import { recoverTarget } from '../../engine/io/apply/undo.ts';
import { fs, kindOf } from '../../engine/io/disk.ts';
import { readTeamTree } from '../../engine/io/git/team-tree.ts';
import { fetchTemplates, type TemplateSet } from '../../engine/io/source/template-version.ts';
import { loadPresets } from '../../generators/standard.ts';
import { findStack, STACKS } from '../../stacks/index.ts';
import type { Stack } from '../../stacks/stack.ts';
import { builtinTemplates } from '../upgrade/templates.ts';
import { type Match, rankCandidates } from './candidates.ts';
import { contractGaps, type Gap } from './contract-gaps.ts';
import { publishedVersions } from './published-versions.ts';

export interface Adoption {
  readonly target: string;
  readonly best: Match;
  /** How many combinations were scored. */
  readonly tried: number;
  readonly gaps: readonly Gap[];
  readonly plan: Plan;
  /** What a person has to check. If there is any, the exit code is 4. */
  readonly attention: readonly string[];
  readonly applied: boolean;
}

/** Below this score, most files are not from the template, so upgrades have little to merge. */
const MIN_SCORE = 0.5;

interface AdoptRequest {
  readonly preset?: string;
  /** Answers that the user gave. */
  readonly answers: Readonly<Record<string, string>>;
}

/**
 * Writes a manifest for a service, with the most similar template version and answers. It changes no other file.
 * @throws {UserError} NOT_POSSIBLE if there is a manifest or nothing is similar, MANIFEST_*, INPUT_INVALID, SOURCE_*;
 *   then nothing was changed
 */
export async function adoptService(
  request: AdoptRequest,
  options: { cwd: string; dir?: string; planOnly: boolean; beforeCommit?: () => Promise<void> },
): Promise<Adoption> {
  const target = resolve(options.cwd, options.dir ?? '.');
  if (kindOf(target) !== 'folder')
    throw new UserError('TARGET_UNUSABLE', `${target} is not a folder`, 'Name another folder with --dir.');
  recoverTarget(target, options.planOnly);
  refuseManifest(target);
  const tree = readableTree(target);
  const { versions, note } = await publishedVersions(target);
  const presets = request.preset === undefined ? [] : await loadPresets(request.preset, options.cwd);
  const sets: (TemplateSet & { stack: Stack })[] = [];
  for (const stack of request.answers.stack === undefined ? STACKS : [findStack(request.answers)]) {
    sets.push({ ...builtinTemplates(stack), stack });
    for (const version of versions) {
      const published = await publishedTemplates(version, stack, target);
      if (published) sets.push({ ...published, stack });
    }
  }
  const candidates = await rankCandidates(sets, presets, request.answers, tree, basename(target));
  const [best] = candidates;
  if (!best) throw new Error('no template was scored');
  if (best.score === 0)
    throw new UserError(
      'NOT_POSSIBLE',
      `no file in ${target} is similar to a file of the ${candidates.length} candidates`,
      'Run it in the root folder of a service, or make a new one: npm create twelve-service@latest.',
    );
  const manifest = createManifest(best.standard.template, best.answers, best.rendered, best.standard.pins(target));
  const after = { content: Buffer.from(serializeManifest(manifest)), mode: 0o644 } as const;
  const plan: Plan = {
    changes: [{ kind: 'create', path: MANIFEST_PATH, after }],
    notes: note === undefined ? [] : [note],
    next: ['npx create-twelve-service audit', 'npx create-twelve-service upgrade --plan'],
  };
  if (!options.planOnly) await applyPlan(target, plan, options.beforeCommit);
  const { standard: _standard, rendered: _rendered, ...match } = best;
  const attention =
    best.score < MIN_SCORE
      ? [`less than ${MIN_SCORE * 100}% alike: upgrades do not change files that are missing here`]
      : [];
  return {
    target,
    best: match,
    tried: candidates.length,
    gaps: contractGaps(tree),
    plan,
    attention,
    applied: !options.planOnly,
  };
}

/** @returns nothing for a version that did not have the stack yet */
async function publishedTemplates(version: string, stack: Stack, cwd: string): Promise<TemplateSet | undefined> {
  try {
    return await fetchTemplates(version, stack.id, cwd);
  } catch (error) {
    if (error instanceof UserError && error.code === 'SOURCE_NOT_FOUND') return undefined;
    throw error;
  }
}

/** @throws {UserError} NOT_POSSIBLE if there is a manifest, MANIFEST_* if there is a broken one */
function refuseManifest(target: string): void {
  const path = join(target, MANIFEST_PATH);
  const kind = kindOf(path);
  if (kind === 'missing') return;
  const remedy = `Restore ${MANIFEST_PATH} from git, or remove it and run adopt again.`;
  if (kind !== 'file')
    throw new UserError('MANIFEST_BROKEN', `${target} already has a ${MANIFEST_PATH}, which is not a file`, remedy);
  try {
    parseManifest(fs.readFileSync(path, 'utf8'));
  } catch (error) {
    if (!(error instanceof UserError) || error.code === 'MANIFEST_NEWER') throw error;
    throw new UserError(error.code, `the manifest of ${target} is broken: ${error.message}`, remedy, { cause: error });
  }
  throw new UserError(
    'NOT_POSSIBLE',
    `${target} already has a ${MANIFEST_PATH}`,
    'It needs no adopt: audit and upgrade work with it.',
  );
}

/** A larger file is not a source, and could fill the memory. */
const MAX_BYTES = 10 * 1024 * 1024;

/** Whatever the language may be. */
const IGNORED = {
  inRoot: STACKS.flatMap(({ places }) => places.ignored.inRoot),
  anywhere: STACKS.flatMap(({ places }) => places.ignored.anywhere),
};

/** The tree without the content of files that are too large. */
function readableTree(root: string): TeamTree {
  const empty = { content: new Uint8Array(), mode: 0o644 } as const;
  const isLarge = (path: string) => fs.lstatSync(join(root, path)).size > MAX_BYTES;
  return new Map(
    [...readTeamTree(root, IGNORED)].map(([path, file]) => [path, !isOdd(file) && isLarge(path) ? empty : file]),
  );
}
