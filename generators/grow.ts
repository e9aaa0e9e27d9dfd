import { resolve } from 'node:path';
import { type Addition, planAddition, type Service } from '../engine/core/addition.ts';
import { type AnswerValue, parseAnswers, type Question, type RawAnswers } from '../engine/core/question.ts';
import type { Template } from '../engine/core/template.ts';
import { applyPlan } from '../engine/io/apply.ts';
import { loadBuiltin } from '../engine/io/builtin.ts';
import { findService, readService } from '../engine/io/service.ts';
import { recoverTarget } from '../engine/io/undo.ts';
import type { Outcome, RunOptions } from './session.ts';

/** What a generator that grows a service has to say; the rest is the same for all. */
export interface Growth {
  readonly generator: string;
  readonly questions: readonly Question[];
  /** Below the stack's templates, e.g. `endpoint`. */
  readonly template: string;
  /** For compiling the template: the names it may use. */
  readonly variables: () => ReadonlySet<string>;
  /** A command that would do, for the remedy of a wrong one. */
  readonly example: string;
  readonly add: (
    service: Service,
    answers: Readonly<Record<string, AnswerValue>>,
    template: Template,
    now: Date,
  ) => Promise<Addition>;
}

/**
 * service + answers -> addition -> plan -> apply
 * @throws {UserError} with the service as it was before
 */
export async function runGrowth(growth: Growth, raw: RawAnswers, options: RunOptions): Promise<Outcome> {
  const root = findService(resolve(options.cwd, options.dir ?? '.'));
  const recovered = recoverTarget(root, options.planOnly);
  const answers = parseAnswers(growth.questions, raw, growth.example);
  const service = readService(root);
  const stack = String(service.manifest.answers.stack ?? 'typescript');
  const template = loadBuiltin(`${stack}/${growth.template}`, growth.variables);
  const plan = planAddition(service, await growth.add(service, answers, template, new Date()));
  const isApplied = !options.planOnly && plan.changes.length > 0;
  if (isApplied) await options.confirm?.(plan);
  const swept = isApplied ? (await applyPlan(root, plan, options.beforeCommit)).swept : [];
  return {
    generator: growth.generator,
    target: root,
    answers,
    plan,
    applied: !options.planOnly,
    recovered: [...recovered, ...swept.map((name) => `${name}, left by a killed run, was removed`)],
  };
}
