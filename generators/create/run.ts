import { delimiter, resolve, sep } from 'node:path';
import { printable, UserError } from '../../engine/core/errors.ts';
import { parseNewName, parseServiceName } from '../../engine/core/names.ts';
import type { RawAnswers } from '../../engine/core/question.ts';
import { isHeld } from '../../engine/io/apply/journal.ts';
import { kindOf, readTarget, realPath } from '../../engine/io/disk.ts';
import { loadBuiltin } from '../../engine/io/source/builtin.ts';
import type { Outcome, RunOptions } from '../outcome.ts';
import { findWorkspace, workspaceAround } from '../workspace/find-workspace.ts';
import { joining } from '../workspace/join.ts';
import { makeNew } from './make-new.ts';
import { refuseStrangers, renderService } from './plan.ts';
import { CREATE_QUESTIONS, type CreateAnswers, createVariables, forNew, parseCreateAnswers } from './questions.ts';

/**
 * raw answers -> answers -> service tree -> plan -> apply
 * @throws {UserError} with the target as it was before
 */
export async function runCreate(raw: RawAnswers, options: RunOptions): Promise<Outcome> {
  const { answers, workspace, wished, isLocked } = parseInPlace(raw, options);
  const standard = options.standard?.ofStack?.(answers.stack) ?? options.standard;
  const target = placeOf(answers, options);
  const template = options.template ?? standard?.template ?? loadBuiltin(answers.stack, createVariables);
  const service = await renderService(
    template,
    answers,
    standard && { context: standard.context(answers), presets: standard.pins(target) },
  );
  await standard?.refuseUnasked(answers, service, { trusted: options.trusted ?? [] });
  const brought = await standard?.describeUnreviewed(answers, service);
  const notes = brought ? [brought] : [];
  const around = workspace === undefined ? undefined : joining(workspace, target, answers, { wished, isLocked });
  return {
    generator: 'create',
    answers,
    ...(await makeNew(target, service, options, { notes, ...(around ? { around } : {}) })),
  };
}

/**
 * The answers, and the workspace around the service. In one, pipelines are in its root, and the service has none of its own.
 * @throws {UserError} with every missing or wrong answer
 */
function parseInPlace(
  raw: RawAnswers,
  options: RunOptions,
): {
  readonly answers: CreateAnswers;
  readonly workspace?: string | undefined;
  /** The pipeline that somebody asked for, in so many words. */
  readonly wished?: string | undefined;
  readonly isLocked: boolean;
} {
  const questions = options.standard?.questions ?? CREATE_QUESTIONS;
  const asked = parseCreateAnswers(raw, forNew(questions));
  const target = placeOf(asked, options);
  refuseRoot(target);
  const workspace = workspaceAround(target);
  const ci = questions.find(({ name }) => name === 'ci');
  const isLocked = workspace !== undefined && ci?.lockedBy !== undefined;
  const isWish = raw.ci !== undefined || ci?.default !== CREATE_QUESTIONS.find(({ name }) => name === 'ci')?.default;
  const answers = workspace === undefined || isLocked ? asked : { ...asked, ci: 'none' };
  return { answers, workspace, isLocked, ...(isWish ? { wished: asked.ci } : {}) };
}

/**
 * The folder of the service. Where a link leads into a workspace, it is the folder that the link leads to.
 * @throws {UserError} as {@link targetOf} does
 */
function placeOf(answers: Pick<CreateAnswers, 'name'>, options: RunOptions): string {
  const target = targetOf(answers, options);
  const real = realPath(target);
  return real !== target && findWorkspace(real) !== undefined ? real : target;
}

/** @throws {UserError} NOT_POSSIBLE for the root of a workspace: it would be no workspace any more */
function refuseRoot(target: string): void {
  if (findWorkspace(target) !== target) return;
  throw new UserError(
    'NOT_POSSIBLE',
    `${printable(target)} is a workspace, and a service in it has a folder of its own`,
    'Choose one with --dir, or leave --dir out.',
  );
}

/**
 * Refuses a target that is not empty, as {@link runCreate} will: before a person has answered what comes after the name.
 * @param name of the service, if it is known
 * @throws {UserError} TARGET_NOT_EMPTY, TARGET_UNUSABLE, NOT_POSSIBLE
 */
export function refuseOccupied(name: string | undefined, options: RunOptions): void {
  const isKnown = options.dir !== undefined || (name !== undefined && isServiceName(name));
  if (!isKnown) return;
  const target = placeOf({ name: name ?? '' }, options);
  refuseRoot(target);
  // What a killed run left there is taken away first, by the run itself.
  const isLeft = kindOf(target) === 'folder' && isHeld(target);
  if (!isLeft) refuseStrangers(readTarget(target, []), options);
}

function isServiceName(name: string): boolean {
  try {
    parseNewName(name);
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
