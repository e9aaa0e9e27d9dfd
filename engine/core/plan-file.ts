import { printable, UserError } from './errors.ts';
import { describeChange, type FileChange, type Plan } from './plan.ts';
import type { AnswerValue } from './question.ts';
import { parseRepoPath, type RepoPath } from './repo-path.ts';
import { hashContent, type TreeFile } from './tree.ts';

/** A plan as it is kept in a file: what shall be, and the hashes of what it was planned on. */
export interface PlanFile {
  readonly schema: 1;
  readonly program: 'create-twelve-service';
  readonly generator: string;
  /** Relative to the folder in which the plan was made. */
  readonly target: string;
  readonly answers: Readonly<Record<string, AnswerValue>>;
  readonly changes: readonly PlannedChange[];
  readonly notes: readonly string[];
  readonly next: readonly string[];
}

export interface PlannedChange {
  readonly kind: FileChange['kind'];
  readonly path: RepoPath;
  readonly before?: { readonly hash: string };
  readonly after?: { readonly mode: string; readonly content: string };
}

type Head = Pick<PlanFile, 'generator' | 'target' | 'answers'>;

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
 * Reads a kept plan as untrusted input: its paths are checked like a template's.
 * @throws {UserError} INPUT_INVALID
 */
export function parsePlan(text: string): PlanFile {
  try {
    const file = JSON.parse(text) as PlanFile;
    if (file?.schema !== 1 || file.program !== 'create-twelve-service')
      throw new RangeError('it is no plan of this program');
    if (typeof file.target !== 'string' || !Array.isArray(file.changes) || typeof file.answers !== 'object')
      throw new RangeError('it has no target, answers or changes');
    for (const change of file.changes) checkChange(change);
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

function checkChange({ kind, path, before, after }: PlannedChange): void {
  parseRepoPath(path);
  if (OWN_NAME.test(path)) throw new RangeError(`${path} is this program's own`);
  const hasSides = { create: !before && after, update: before && after, delete: before && !after }[kind];
  if (!hasSides) throw new RangeError(`${path} has the wrong sides for "${kind}"`);
  if (after && (typeof after.content !== 'string' || !/^0(644|755)$/.test(after.mode)))
    throw new RangeError(`${path} has no content, or a mode other than 0644 and 0755`);
}

/**
 * A kept plan on the files that are there now.
 * @param read what stands at a path
 * @throws {UserError} PLAN_OUTDATED, listing what is not as it was planned on
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
      `not as the plan was made on: ${outdated.slice(0, 12).join(', ')}${outdated.length > 12 ? ` and ${outdated.length - 12} more` : ''}`,
      'Make the plan again.',
    );
  return { changes, notes: file.notes ?? [], next: file.next ?? [] };
}
