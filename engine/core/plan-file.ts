import { printable, UserError } from './errors.ts';
import { describeChange, type FileChange, type Plan } from './plan.ts';
import type { AnswerValue } from './question.ts';
import { parseRepoPath, type RepoPath } from './repo-path.ts';
import { withoutMark } from './text/byte-order-mark.ts';
import { collidingPaths, hashContent, type TreeFile } from './tree.ts';

/** A plan in a file: the new content of each file, and the hash of the content that it replaces. */
interface PlanFile {
  readonly schema: 1;
  readonly program: 'create-twelve-service';
  readonly generator: string;
  /** The target folder, relative to the folder in which the plan was made. */
  readonly target: string;
  /** The folder of a new service in it, where that is a part of the target only. */
  readonly folder?: RepoPath;
  readonly answers: Readonly<Record<string, AnswerValue>>;
  readonly changes: readonly PlannedChange[];
  readonly notes: readonly string[];
  readonly next: readonly string[];
}

interface PlannedChange {
  readonly kind: FileChange['kind'];
  readonly path: RepoPath;
  readonly before?: { readonly hash: string };
  readonly after?: { readonly mode: string; readonly hash: string; readonly content: string };
}

type Head = Pick<PlanFile, 'generator' | 'target' | 'folder' | 'answers'>;

export function serializePlan(head: Head, plan: Plan): string {
  const changes = plan.changes.map((change) => {
    const { after, ...rest } = describeChange(change) as { after?: object };
    return 'after' in change
      ? { ...rest, after: { ...after, content: Buffer.from(change.after.content).toString('base64') } }
      : rest;
  });
  const file = { schema: 1, program: 'create-twelve-service', ...head, changes, notes: plan.notes, next: plan.next };
  return `${JSON.stringify(file, null, 2)}\n`;
}

/**
 * Reads a plan file. It is not trusted: its paths are checked like those of a template.
 * @throws {UserError} INPUT_INVALID
 */
export function parsePlan(text: string): PlanFile {
  try {
    const file = JSON.parse(withoutMark(text)) as PlanFile;
    if (file?.schema !== 1 || file.program !== 'create-twelve-service')
      throw new RangeError('it is not a plan of this program');
    const { target, generator, answers, changes, notes, next } = file as unknown as Record<string, unknown>;
    if (typeof target !== 'string' || typeof generator !== 'string' || !Array.isArray(changes) || !isMap(answers))
      throw new RangeError('it has no target, generator, answers or changes');
    if (![notes, next].every(isTexts)) throw new RangeError('its notes or commands are not texts');
    if (file.folder !== undefined) parseRepoPath(file.folder);
    for (const change of file.changes) checkChange(change);
    checkTogether(file.changes);
    return file;
  } catch (error) {
    if (!(error instanceof SyntaxError) && !(error instanceof RangeError) && !(error instanceof TypeError)) throw error;
    throw new UserError(
      'INPUT_INVALID',
      `the plan cannot be read: ${printable(error.message)}`,
      'Make it again with --plan=FILE.',
      {
        cause: error,
      },
    );
  }
}

const OWN_NAME = /^\.twelve-(stage|undo)(\/|$)|^\.[^/]*\.twelve-stage-/i;

const SIDES: ReadonlyMap<string, string> = new Map([
  ['create', 'after'],
  ['update', 'before after'],
  ['delete', 'before'],
]);

function isMap(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

/** Refuses a plan that has one path twice, or a file below another file. */
function checkTogether(changes: readonly PlannedChange[]): void {
  const twice = changes.find(({ path }, index) => changes.findIndex((other) => other.path === path) !== index);
  if (twice) throw new RangeError(`${twice.path} is in it twice`);
  const [collision] = collidingPaths(changes.filter(({ kind }) => kind !== 'delete').map(({ path }) => path));
  if (collision) throw new RangeError(`${collision[0]} and ${collision[1]} cannot both exist`);
}

function checkChange({ kind, path, before, after }: PlannedChange): void {
  parseRepoPath(path);
  if (OWN_NAME.test(path)) throw new RangeError(`${path} is this program's own`);
  const sides = `${before ? 'before ' : ''}${after ? 'after' : ''}`.trim();
  if (SIDES.get(kind) !== sides) throw new RangeError(`${path} has the wrong sides for "${kind}"`);
  if (after && (typeof after.content !== 'string' || !/^0(644|755)$/.test(after.mode)))
    throw new RangeError(`${path} has no content, or a mode other than 0644 and 0755`);
  if (after && after.hash !== hashContent(Buffer.from(after.content, 'base64')))
    throw new RangeError(`${path} has content that does not match its hash`);
}

/**
 * Makes a plan from a plan file and the files that are on disk now.
 * @param read returns the file at a path, if there is one
 * @throws {UserError} PLAN_OUTDATED, listing the files that changed since the plan was made
 */
export function replan(file: PlanFile, read: (path: RepoPath) => TreeFile | undefined): Plan {
  const outdated: string[] = [];
  const changes = file.changes.map(({ kind, path, before, after }): FileChange => {
    const found = read(path);
    if ((found && hashContent(found.content)) !== before?.hash) outdated.push(path);
    const wanted: TreeFile = {
      content: Buffer.from(after?.content ?? '', 'base64'),
      mode: after?.mode === '0755' ? 0o755 : 0o644,
    };
    if (kind === 'create' || !found) return { kind: 'create', path, after: wanted };
    return kind === 'update' ? { kind, path, before: found, after: wanted } : { kind, path, before: found };
  });
  if (outdated.length > 0)
    throw new UserError(
      'PLAN_OUTDATED',
      `changed since the plan was made: ${outdated.slice(0, 12).join(', ')}${outdated.length > 12 ? ` and ${outdated.length - 12} more` : ''}`,
      'Make the plan again.',
    );
  return { changes, notes: file.notes, next: file.next };
}
