import { join } from 'node:path';
import { printable, UserError } from '../../engine/core/errors.ts';
import { BESIDE, besideFile } from '../../engine/core/merge/merge-file.ts';
import { type TeamTree, teamFile } from '../../engine/core/merge/merged-file.ts';
import type { FileChange } from '../../engine/core/plan.ts';
import { onlyParts, PARTS } from '../../engine/core/record/parts.ts';
import type { RepoPath } from '../../engine/core/repo-path.ts';
import { createManifest, MANIFEST_PATH, type Manifest, recordFiles } from '../../engine/core/service/manifest.ts';
import { recordChanges } from '../../engine/core/service/record-changes.ts';
import type { RenderedTree } from '../../engine/core/template/template.ts';
import { kindOf, obstacleAt, readTreeFile } from '../../engine/io/disk.ts';
import { ServiceFolder } from '../../engine/io/service/fingerprint.ts';
import { readAdditions } from '../../engine/io/service/read-service.ts';
import { isMadeFrom, type Standard } from '../../generators/standard.ts';
import type { Stack } from '../../stacks/stack.ts';
import type { Candidate } from './candidates.ts';
import { filesOf, namedParts } from './parts.ts';
import { unmetNeeds } from './unmet-needs.ts';

/** What a run changes, and what is left for a person. */
export interface Decision {
  readonly changes: readonly FileChange[];
  readonly attention: readonly string[];
  readonly next: readonly string[];
}

/** The service, as it is. */
interface PartTarget {
  readonly target: string;
  readonly tree: TeamTree;
  readonly stack: Stack;
  readonly isLanguageOurs: boolean;
  /** Of a service that has parts already. */
  readonly manifest: Manifest | undefined;
  /** `--trust`: names of presets that may bring what tools run unasked. */
  readonly trusted: readonly string[];
}

/** The files of parts, and a manifest of exactly these files. */
export async function bringParts(
  wanted: readonly string[],
  { standard, answers, rendered }: Candidate,
  { target, tree, stack, isLanguageOurs, manifest, trusted }: PartTarget,
): Promise<Decision> {
  const known = await namedParts(stack);
  const globs = wanted.flatMap((name) => {
    const part = Object.hasOwn(known, name) ? known[name] : undefined;
    if (part && !part.isNeutral && !isLanguageOurs)
      throw new UserError(
        'NOT_POSSIBLE',
        `the part ${name} is written for ${stack.title}, and there is no ${stack.places.manifest} here`,
        'Choose a part that is the same for every language.',
      );
    if (onlyParts(rendered, part?.globs ?? [name]).size === 0)
      throw new UserError(
        'INPUT_INVALID',
        `--part: the standard has no files for "${printable(name)}"`,
        `Choose one of ${Object.keys(known).join(', ')}, or a path or glob of the standard's files.`,
      );
    // A manifest names a part of the language by its files.
    return part && !Object.hasOwn(PARTS, name) ? part.globs : [name];
  });
  requireSameStandard(manifest, standard);
  const brought = onlyParts(rendered, globs);
  await standard.refuseUnasked(answers, brought, { before: [(path) => teamFile(tree, path)], trusted });
  const { changes, differing } = planParts(target, brought, tree);
  const parts = [...new Set([...(manifest?.parts ?? []), ...globs])].sort();
  const made = manifest ?? createManifest(standard.template, answers, new Map(), standard.pins(target));
  const files = { ...made.files, ...recordFiles(brought) };
  const before = manifest ? readTreeFile(join(target, MANIFEST_PATH)) : undefined;
  const records = readAdditions(new ServiceFolder(target));
  return {
    changes: [...changes, ...recordChanges(before, { ...made, parts, files }, records)],
    attention: [
      ...differing.map(
        (path) =>
          `${path} is yours; the standard's is beside it, as ${path}${BESIDE}: take from it what you want, then delete it`,
      ),
      ...(await unmetNeeds(brought, differing, { tree, stack })),
    ],
    next: ['npx create-twelve-service audit'],
  };
}

/** A manifest has one version for all its files. */
function requireSameStandard(manifest: Manifest | undefined, standard: Standard): void {
  if (!manifest) return;
  if (isMadeFrom(manifest, standard)) return;
  throw new UserError(
    'NOT_POSSIBLE',
    'the parts that are here are of another version of the standard',
    'Run npx create-twelve-service upgrade first.',
  );
}

/**
 * The changes that bring parts into a service. A file that the service has in another form stays, and the standard's is
 * written beside it.
 * @throws {UserError} TARGET_UNUSABLE if something is in the way of a file
 */
function planParts(root: string, part: RenderedTree, tree: TeamTree): { changes: FileChange[]; differing: string[] } {
  const changes: FileChange[] = [];
  const differing: string[] = [];
  const blocked: string[] = [];
  for (const { path, state } of filesOf(part, tree)) {
    if (state === 'same') continue;
    const file = part.get(path as RepoPath);
    if (!file) continue;
    const target = state === 'new' ? { path: file.path, file } : besideFile(file.path, file);
    const obstacle =
      obstacleAt(root, target.path) ?? (kindOf(join(root, target.path)) === 'missing' ? undefined : target.path);
    if (obstacle !== undefined) blocked.push(obstacle);
    if (state === 'differs') differing.push(path);
    const { content, mode } = target.file;
    changes.push({ kind: 'create', path: target.path, after: { content, mode } });
  }
  if (blocked.length > 0)
    throw new UserError(
      'TARGET_UNUSABLE',
      `${[...new Set(blocked)].join(', ')} is in the way`,
      'Move it away or remove it, then run adopt again.',
    );
  return { changes, differing };
}
