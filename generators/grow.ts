import { resolve } from 'node:path';
import { type AnswerValue, parseAnswers, type Question, type RawAnswers } from '../engine/core/question.ts';
import { type Addition, planAdditions, type Service } from '../engine/core/service/addition.ts';
import type { Template, TemplateVariables } from '../engine/core/template/template.ts';
import { applyPlan } from '../engine/io/apply/apply.ts';
import { recoverTarget } from '../engine/io/apply/undo.ts';
import { findService, openService } from '../engine/io/service/service.ts';
import { loadBuiltin } from '../engine/io/source/builtin.ts';
import { findStack } from '../stacks/index.ts';
import type { StackCode } from '../stacks/stack.ts';
import type { Outcome, RunOptions } from './session.ts';

/** What a generator that grows a service has to say; the rest is the same for all. */
export interface Growth {
  readonly generator: string;
  readonly questions: readonly Question[];
  /** Below the stack's templates, e.g. `endpoint`. */
  readonly template: string;
  /** For compiling the template of a stack: the names that it may use. */
  readonly variables: (stack: StackCode) => TemplateVariables;
  /** A command that would do, for the remedy of a wrong one. */
  readonly example: string;
  readonly propose: (request: GrowthRequest) => Promise<Proposal>;
}

/** What shall be added to which service. */
export interface GrowthRequest {
  readonly service: Service;
  readonly answers: Readonly<Record<string, AnswerValue>>;
  readonly template: Template;
  /** The service's language. */
  readonly stack: StackCode;
  /** When the command was run, as `2026-11-21T09:50:24.000Z`. */
  readonly now: string;
}

/** What a generator would add. */
export interface Proposal {
  readonly additions: readonly Addition[];
  readonly notes?: readonly string[];
  /** What is left for a person: the run ends with exit code 4. */
  readonly attention?: readonly string[];
}

/**
 * service + answers -> addition -> plan -> apply
 * @throws {UserError} with the service as it was before
 */
export async function runGrowth(growth: Growth, raw: RawAnswers, options: RunOptions): Promise<Outcome> {
  const root = findService(resolve(options.cwd, options.dir ?? '.'));
  const recovered = recoverTarget(root, options.planOnly);
  const answers = parseAnswers(growth.questions, raw, growth.example);
  const service = openService(root);
  const { id, load } = findStack(service.manifest.answers);
  const stack = await load();
  const template = loadBuiltin(`${id}/${growth.template}`, () => growth.variables(stack));
  const proposal = await growth.propose({ service, answers, template, stack, now: new Date().toISOString() });
  const planned = planAdditions(service, proposal.additions);
  const plan = { ...planned, notes: [...planned.notes, ...(proposal.notes ?? [])] };
  const isApplied = !options.planOnly && plan.changes.length > 0;
  if (isApplied) await options.confirm?.(plan);
  const swept = isApplied ? (await applyPlan(root, plan, options.beforeCommit)).swept : [];
  return {
    generator: growth.generator,
    target: root,
    answers,
    plan,
    applied: !options.planOnly,
    attention: proposal.attention ?? [],
    recovered: [...recovered, ...swept.map((name) => `${name}, left by a killed run, was removed`)],
  };
}
