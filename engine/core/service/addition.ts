import { UserError } from '../errors.ts';
import { diffTrees, type Plan } from '../plan.ts';
import type { AnswerValue } from '../question.ts';
import { type AdditionRecord, recordPath, serializeRecord } from '../record/addition-record.ts';
import { findAddition, sharedHashes, withAdditions } from '../record/additions.ts';
import type { RepoPath } from '../repo-path.ts';
import type { RenderedFile, RenderedTree } from '../template/template.ts';
import { hashContent, sameFile, type Tree, type TreeFile } from '../tree.ts';
import type { Manifest } from './manifest.ts';

/** A generated service as it is now. Its files may have been edited. */
export interface Service {
  readonly manifest: Manifest;
  /** Its sources, migrations, documents and the files of its root, without build output. */
  readonly tree: Tree;
}

/** What a generator wants to add to a service. */
export interface Addition {
  readonly generator: string;
  /** Unique among additions of its generator, e.g. `POST /orders/:orderId/items`. */
  readonly name: string;
  /** All answers that the rendered files depend on. */
  readonly answers: Readonly<Record<string, AnswerValue>>;
  /** New files. One that is not `seeded` is shared by all additions of its generator, and may already exist. */
  readonly files: RenderedTree;
  /** The new contents of existing files. Every old line is still in them, unchanged. */
  readonly edits?: Tree;
  /** Shown to the user with the plan. */
  readonly notes?: readonly string[];
  /** Commands that the user has to run next. */
  readonly next?: readonly string[];
}

/**
 * add = diff(service, service + addition). Adding the same again changes nothing (law 6). The manifest stays as it is: an
 * addition is recorded in a file of its own.
 * @throws {UserError} ADDITION_DIFFERS if it exists with other answers, NAME_TAKEN if it would replace a file of the
 *   team, NOT_POSSIBLE if a file that all of its kind share is of another version
 */
export function planAddition({ manifest, tree }: Service, addition: Addition): Plan {
  const recorded = findAddition(manifest, addition.generator, addition.name);
  if (recorded) {
    const differences = differingAnswers(recorded.answers, addition.answers);
    if (differences.length > 0)
      throw new UserError(
        'ADDITION_DIFFERS',
        `${addition.name} already exists with other answers: ${differences.join('; ')}`,
        'Edit its files by hand: added files belong to the service.',
      );
    return { changes: [], notes: [`${addition.name} already exists`], next: [] };
  }
  const added = new Map<RepoPath, RenderedFile>();
  for (const [path, file] of addition.files) {
    const found = tree.get(path);
    if (!found) added.set(path, file);
    else if (!isShared(manifest, file, found)) throw nameTaken(path);
    else if (isOfAnotherVersion(manifest, file, found)) throw ofAnotherVersion(path);
  }
  const record = recordOf(addition);
  const content = Buffer.from(serializeRecord(record));
  const after = new Map<RepoPath, TreeFile>([...added, ...(addition.edits ?? [])]);
  after.set(recordPath(record), { content, mode: 0o644 });
  return { changes: diffTrees(tree, after), notes: addition.notes ?? [], next: addition.next ?? [] };
}

/** What is recorded of an addition. It depends on the addition alone, so two branches record the same. */
function recordOf({ generator, name, answers, files }: Addition): AdditionRecord {
  const shared = [...files].filter(([, { owner }]) => owner !== 'seeded');
  const hashes = shared.map(([path, { hash, content }]) => [path, hash ?? hashContent(content)]);
  return { generator, name, answers, ...(shared.length > 0 ? { shared: Object.fromEntries(hashes) } : {}) };
}

/** One plan for several additions, one after the other. */
export function planAdditions(service: Service, additions: readonly Addition[]): Plan {
  const notes: string[] = [];
  const next = new Set<string>();
  let grown = service;
  for (const addition of additions) {
    const { plan, after } = growBy(grown, addition);
    notes.push(...plan.notes);
    for (const command of plan.next) next.add(command);
    grown = after;
  }
  return { changes: diffTrees(service.tree, grown.tree), notes, next: [...next] };
}

/**
 * The plan of an addition, and the service after it. What makes several additions makes each against the service that
 * the ones before it leave: so they are checked against each other.
 * @throws {UserError} as {@link planAddition} does
 */
export function growBy(service: Service, addition: Addition): { readonly plan: Plan; readonly after: Service } {
  const plan = planAddition(service, addition);
  return { plan, after: plan.changes.length > 0 ? carryOut(service, plan, addition) : service };
}

/** The service after the plan of an addition, which never removes a file. */
function carryOut({ tree, manifest }: Service, { changes }: Plan, addition: Addition): Service {
  const after = new Map(tree);
  for (const change of changes) if ('after' in change) after.set(change.path, change.after);
  return { tree: after, manifest: withAdditions(manifest, [recordOf(addition)]) };
}

/** Whether the file at a shared file's path is that shared file, edited or not. */
function isShared(manifest: Manifest, file: RenderedFile, found: TreeFile): boolean {
  const isKnown = Object.hasOwn(manifest.files, file.path) || sharedHashes(manifest).has(file.path);
  return file.owner !== 'seeded' && (isKnown || sameFile(file, found));
}

/** Whether a shared file is as another version of this program wrote it, so that what is added may need more of it. */
function isOfAnotherVersion(manifest: Manifest, file: RenderedFile, found: TreeFile): boolean {
  const hash = hashContent(found.content);
  if (hash === (file.hash ?? hashContent(file.content))) return false;
  return manifest.files[file.path]?.hash === hash || sharedHashes(manifest).get(file.path)?.has(hash) === true;
}

/** Whether the service already has an addition. */
export function isRecorded({ manifest }: Service, generator: string, name: string): boolean {
  return findAddition(manifest, generator, name) !== undefined;
}

function differingAnswers(
  recorded: Readonly<Record<string, AnswerValue>>,
  asked: Readonly<Record<string, AnswerValue>>,
): string[] {
  const names = new Set([...Object.keys(recorded), ...Object.keys(asked)]);
  return [...names].flatMap((name) => {
    const [was, is] = [recorded[name], asked[name]].map((value) => JSON.stringify(value) ?? 'nothing');
    return was === is ? [] : [`${name} is ${was}, not ${is}`];
  });
}

function ofAnotherVersion(path: RepoPath): UserError {
  return new UserError(
    'NOT_POSSIBLE',
    `${path} is as another version of this program wrote it, and what is added needs this version's`,
    'Upgrade the service first: npx create-twelve-service upgrade',
  );
}

function nameTaken(path: RepoPath): UserError {
  return new UserError(
    'NAME_TAKEN',
    `${path} already exists, and this generator did not write it`,
    'Move it, or choose another name.',
  );
}
