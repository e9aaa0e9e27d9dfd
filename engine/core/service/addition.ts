import { UserError } from '../errors.ts';
import { diffTrees, type Plan } from '../plan.ts';
import type { AnswerValue } from '../question.ts';
import type { RepoPath } from '../repo-path.ts';
import type { RenderedFile, RenderedTree } from '../template/template.ts';
import { hashContent, sameFile, type Tree, type TreeFile } from '../tree.ts';
import { MANIFEST_PATH, type Manifest, parseManifest, recordFiles, writeManifest } from './manifest.ts';

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
  /** New files. A `managed` one is shared by all additions of its generator, and may already exist. */
  readonly files: RenderedTree;
  /** The new contents of existing files. Every old line is still in them, unchanged. */
  readonly edits?: Tree;
  /** Shown to the user with the plan. */
  readonly notes?: readonly string[];
  /** Commands that the user has to run next. */
  readonly next?: readonly string[];
}

/**
 * add = diff(service, service + addition). Adding the same again changes nothing (law 6).
 * @throws {UserError} ADDITION_DIFFERS if it exists with other answers, NAME_TAKEN if it would replace a file of the
 *   team
 */
export function planAddition(service: Service, addition: Addition): Plan {
  const { manifest, tree } = service;
  const key = additionKey(addition);
  const recorded = manifest.additions?.[key];
  if (recorded && Object.hasOwn(manifest.additions ?? {}, key)) {
    const differences = differingAnswers(recorded, addition.answers);
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
  }
  const after = new Map<RepoPath, TreeFile>([...added, ...(addition.edits ?? [])]);
  const updated: Manifest = {
    ...manifest,
    additions: { ...manifest.additions, [key]: addition.answers },
    files: { ...manifest.files, ...recordEdits(service, addition.edits), ...recordFiles(added) },
  };
  after.set(MANIFEST_PATH, writeManifest(tree.get(MANIFEST_PATH), updated));
  return { changes: diffTrees(tree, after), notes: addition.notes ?? [], next: addition.next ?? [] };
}

/** One plan for several additions, one after the other. */
export function planAdditions(service: Service, additions: readonly Addition[]): Plan {
  const notes: string[] = [];
  const next = new Set<string>();
  let grown = service;
  for (const addition of additions) {
    const plan = planAddition(grown, addition);
    notes.push(...plan.notes);
    for (const command of plan.next) next.add(command);
    grown = carryOut(grown, plan);
  }
  return { changes: diffTrees(service.tree, grown.tree), notes, next: [...next] };
}

/** The service after a plan. An addition never removes a file. */
function carryOut({ tree, manifest }: Service, { changes }: Plan): Service {
  if (changes.length === 0) return { tree, manifest };
  const after = new Map(tree);
  for (const change of changes) if ('after' in change) after.set(change.path, change.after);
  return {
    tree: after,
    manifest: parseManifest(Buffer.from(after.get(MANIFEST_PATH)?.content ?? []).toString('utf8')),
  };
}

/** Whether the file at a shared file's path is that shared file, edited or not. */
function isShared(manifest: Manifest, file: RenderedFile, found: TreeFile): boolean {
  return file.owner === 'managed' && (Object.hasOwn(manifest.files, file.path) || sameFile(file, found));
}

/** Whether the manifest already records an addition. */
export function isRecorded({ manifest }: Service, generator: string, name: string): boolean {
  return Object.hasOwn(manifest.additions ?? {}, additionKey({ generator, name }));
}

function additionKey({ generator, name }: Pick<Addition, 'generator' | 'name'>): string {
  return `${generator} ${name}`;
}

/** The new hashes of edited files. A file that the team had not edited still counts as unedited afterwards. */
function recordEdits({ manifest, tree }: Service, edits: Tree = new Map()): Manifest['files'] {
  return Object.fromEntries(
    [...edits].flatMap(([path, { content }]) => {
      const recorded = manifest.files[path];
      const before = tree.get(path);
      const isUntouched = recorded && before && recorded.hash === hashContent(before.content);
      return isUntouched ? [[path, { ...recorded, hash: hashContent(content) }]] : [];
    }),
  );
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

function nameTaken(path: RepoPath): UserError {
  return new UserError(
    'NAME_TAKEN',
    `${path} already exists, and this generator did not write it`,
    'Move it, or choose another name.',
  );
}
