import { delimiter, resolve, sep } from 'node:path';
import { printable, UserError } from '../../engine/core/errors.ts';
import { parseServiceName } from '../../engine/core/names.ts';
import type { Plan } from '../../engine/core/plan.ts';
import type { RawAnswers } from '../../engine/core/question.ts';
import type { RepoPath } from '../../engine/core/repo-path.ts';
import { sameFile, type Tree } from '../../engine/core/tree.ts';
import { applyPlan } from '../../engine/io/apply/apply.ts';
import { isHeld } from '../../engine/io/apply/journal.ts';
import { recoverTarget } from '../../engine/io/apply/undo.ts';
import { kindOf, readTarget } from '../../engine/io/disk.ts';
import { loadBuiltin } from '../../engine/io/source/builtin.ts';
import type { Outcome, RunOptions } from '../outcome.ts';
import { backups, planCreate, refuseStrangers, renderService, type Target } from './plan.ts';
import { type CreateAnswers, createVariables, parseCreateAnswers } from './questions.ts';

/**
 * raw answers -> answers -> service tree -> plan -> apply
 * @throws {UserError} with the target as it was before
 */
export async function runCreate(raw: RawAnswers, options: RunOptions): Promise<Outcome> {
  const answers = parseCreateAnswers(raw, options.standard?.questions);
  const standard = options.standard?.ofStack?.(answers.stack) ?? options.standard;
  const target = targetOf(answers, options);
  const template = options.template ?? standard?.template ?? loadBuiltin(answers.stack, createVariables);
  const service = await renderService(
    template,
    answers,
    standard && { context: standard.context(answers), presets: standard.pins(target) },
  );
  await standard?.refuseUnasked(answers, service, { trusted: options.trusted ?? [] });
  const brought = await standard?.describeUnreviewed(answers, service);
  const recovered = recoverTarget(target, options.planOnly);
  const found = readService(target, service);
  const planned = planCreate(service, found, options);
  const plan = brought ? { ...planned, notes: [...planned.notes, brought] } : planned;
  const cleaned = options.planOnly ? [] : await applyPlan(target, plan, options.beforeCommit);
  return {
    generator: 'create',
    target,
    answers,
    plan,
    made: madeBy(plan, service, found.tree),
    applied: !options.planOnly,
    recovered: [...recovered, ...cleaned],
  };
}

/** The files of the service that are there once the plan is carried out. Those that a person had are not among them. */
function madeBy({ changes }: Plan, service: Tree, before: Tree): RepoPath[] {
  const changed = new Set(changes.map(({ path }) => path));
  return [...service].flatMap(([path, file]) => {
    const was = before.get(path);
    return changed.has(path) || (was !== undefined && sameFile(was, file)) ? [path] : [];
  });
}

/** What stands at the paths of the service, and at those of the backups that replacing it would make. */
function readService(target: string, service: Tree): Target {
  const found = readTarget(target, service.keys());
  const saved = backups(service, found.tree);
  return saved.size === 0 ? found : readTarget(target, [...service.keys(), ...saved.keys()]);
}

/**
 * Refuses a target that is not empty, as {@link runCreate} will: before a person has answered what comes after the name.
 * @param name of the service, if it is known
 * @throws {UserError} TARGET_NOT_EMPTY, TARGET_UNUSABLE
 */
export function refuseOccupied(name: string | undefined, options: RunOptions): void {
  const isKnown = options.dir !== undefined || (name !== undefined && isServiceName(name));
  if (!isKnown) return;
  const target = targetOf({ name: name ?? '' }, options);
  // What a killed run left there is taken away first, by the run itself.
  const isLeft = kindOf(target) === 'folder' && isHeld(target);
  if (!isLeft) refuseStrangers(readTarget(target, []), options);
}

function isServiceName(name: string): boolean {
  try {
    parseServiceName(name);
    return true;
  } catch {
    return false; // What is wrong with it is said with the other answers.
  }
}

/** @throws {UserError} TARGET_UNUSABLE for a path under which no service can be built */
function targetOf(answers: Pick<CreateAnswers, 'name'>, { cwd, dir }: RunOptions): string {
  const target = resolve(cwd, dir ?? parseServiceName(answers.name).name);
  // The tools of a service are found through PATH, whose folders this character divides.
  const wrong = [delimiter, ...(sep === '/' ? ['\\'] : [])].find((char) => target.includes(char));
  if (wrong !== undefined)
    throw new UserError(
      'TARGET_UNUSABLE',
      `${printable(target)} has a "${wrong}", and no tool can build a service in such a folder`,
      'Choose another folder with --dir.',
    );
  return target;
}
