import { resolve } from 'node:path';
import { printable, UserError } from '../engine/core/errors.ts';
import type { FileChange } from '../engine/core/plan.ts';
import { parseAnswers, type RawAnswers } from '../engine/core/question.ts';
import { planAdditions } from '../engine/core/service/addition.ts';
import type { Manifest } from '../engine/core/service/manifest.ts';
import { dueMigrations } from '../engine/core/template/migration.ts';
import type { Template } from '../engine/core/template/template.ts';
import type { Tree } from '../engine/core/tree.ts';
import { applyPlan } from '../engine/io/apply/apply.ts';
import { recoverTarget } from '../engine/io/apply/undo.ts';
import { ignoredAttention } from '../engine/io/git/unshared.ts';
import { openService } from '../engine/io/service/service.ts';
import { loadBuiltin } from '../engine/io/source/builtin.ts';
import { findStack } from '../stacks/index.ts';
import type { Stack } from '../stacks/stack.ts';
import { createVariables } from './create/questions.ts';
import type { AdditionKind, Generator } from './generator.ts';
import { followLockfile, readerOf } from './lockfile.ts';
import { refuseClash } from './name-clash.ts';
import type { Outcome, RunOptions } from './outcome.ts';
import { findGrown } from './workspace/find-grown.ts';

/**
 * service + answers -> additions -> plan -> apply
 * @throws {UserError} with the service as it was before
 */
export async function growService(
  { name, questions, examples, addition }: Omit<Generator, 'run'> & { readonly addition: AdditionKind },
  raw: RawAnswers,
  options: RunOptions,
): Promise<Outcome> {
  const { variables, questionsFor, make } = await addition.load();
  const left = questionsFor?.(raw) ?? questions;
  const root = findGrown(resolve(options.cwd, options.dir ?? '.'), name);
  const recovered = recoverTarget(root, options.planOnly);
  const service = openService(root, (made) => findStack(made).places.sources);
  requireWhole(service.manifest, name);
  const stack = findStack(service.manifest.answers);
  await requireLayout(service.manifest, loadBuiltin(stack.id, createVariables), name);
  const code = await stack.load();
  const answers = parseAnswers(left, raw, `npx create-twelve-service ${examples[0]}`, (word) =>
    code.nameProblem(word, name),
  );
  const template = loadBuiltin(`${stack.id}/${addition.template}`, () => variables(code));
  const now = new Date().toISOString();
  const made = await make({ service, answers, template, stack: { ...stack, ...code }, cwd: options.cwd, now });
  const planned = planAdditions(service, made.additions);
  const plan = { ...planned, notes: [...planned.notes, ...(made.notes ?? [])] };
  refuseClash(
    code,
    service.tree,
    new Map(plan.changes.flatMap((one) => ('after' in one ? [[one.path, one.after]] : []))),
  );
  const misfit = await newMisfit(stack, service.tree, plan.changes, root);
  const ignored = ignoredAttention(
    root,
    plan.changes.flatMap((change) => ('after' in change ? [change.path] : [])),
  );
  const isApplied = !options.planOnly && plan.changes.length > 0;
  if (isApplied) await options.confirm?.(plan);
  const cleaned = isApplied ? await applyPlan(root, plan, options.beforeCommit) : [];
  return {
    generator: name,
    target: root,
    answers,
    plan,
    applied: !options.planOnly,
    attention: [...(made.attention ?? []), ...misfit, ...ignored],
    recovered: [...recovered, ...cleaned],
  };
}

/**
 * What generators add builds on the whole standard.
 * @throws {UserError} NOT_POSSIBLE
 */
export function requireWhole({ parts }: Manifest, generator: string): void {
  if (!parts) return;
  throw new UserError(
    'NOT_POSSIBLE',
    `${generator} needs a whole generated service, and this one has only parts of the standard: ${printable(parts.join(', '))}`,
    'Write it by hand.',
  );
}

/**
 * What generators add is for the layout of this version: in one from before a move, its files would lie where nothing looks for them.
 * @throws {UserError} NOT_POSSIBLE
 */
export async function requireLayout(
  { template: recorded }: Manifest,
  { version, migrations = [] }: Template,
  generator: string,
): Promise<void> {
  if (recorded.version === version) return;
  const due = await dueMigrations(migrations, recorded.version, version);
  if (!due.some(({ move }) => move)) return;
  throw new UserError(
    'NOT_POSSIBLE',
    `the service has the layout of create-twelve-service ${printable(recorded.version)}, and what ${generator} adds has that of ${version}`,
    `Upgrade the service first: npx create-twelve-service upgrade. Or add with its version: npx create-twelve-service@${printable(recorded.version)} ${generator} ...`,
  );
}

/** What an addition of packages makes unfit: what the service has already may be too old for them. */
async function newMisfit(
  stack: Stack,
  tree: Tree,
  changes: readonly FileChange[],
  root: string,
): Promise<readonly string[]> {
  const { manifest, lockfile } = stack.places;
  if (!changes.some(({ path }) => path === manifest || path === lockfile)) return [];
  const before = readerOf(tree);
  const young = new Map(changes.flatMap((change) => ('after' in change ? [[change.path, change.after] as const] : [])));
  const after = readerOf(new Map([...tree, ...young]));
  const [was, is] = [
    await followLockfile(stack, before, before, 'leave', root),
    await followLockfile(stack, after, before, 'leave', root),
  ];
  return is.kind === 'left' && was.kind !== 'left' ? [is.text] : [];
}
