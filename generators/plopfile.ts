import { resolve } from 'node:path';
import type { ActionType, NodePlopAPI } from 'node-plop';
import { count } from '../engine/core/count.ts';
import { answerProblem, type Question, type RawAnswers } from '../engine/core/question.ts';
import { createVariables } from './create/questions.ts';
import { GENERATORS, type Generator } from './generators.ts';
import type { Outcome, RunOptions } from './session.ts';

/** The one action: plan in memory, then apply all or nothing. */
export const PLAN_AND_APPLY = 'plan-and-apply';

/** What the command line adds to what plop knows: answers it already has, options, and a place for the result. */
export interface PlopSession {
  options: RunOptions;
  readonly given: RawAnswers;
  /** As presets change them. */
  readonly generators?: readonly Generator[];
  /** Set by the action: plop itself keeps of an error nothing but its text. */
  result?: { readonly outcome: Outcome } | { readonly error: unknown };
}

/** The second argument of `plop.load('create-twelve-service', { template: './our-template' })`, or the command line's. */
export interface PlopConfig {
  /** A template folder to use instead of the built-in one, relative to where plop writes. */
  readonly template?: string;
  readonly session?: PlopSession;
}

/**
 * A plopfile and a plop pack in one: `npx plop --plopfile ...`, and `plop.load('create-twelve-service')` elsewhere.
 * With a session (the command line) it asks only what is not given yet.
 */
export default function plopfile(plop: NodePlopAPI, config: PlopConfig = {}): void {
  const { session } = config;
  const { given = {}, generators = GENERATORS } = session ?? {};
  plop.setActionType(PLAN_AND_APPLY, async (answers, action) => {
    const generator = generators.find(({ name }) => name === (action as { generator?: string }).generator);
    if (!generator) throw new Error(`no generator ${JSON.stringify(action)}`);
    const options = session?.options ?? (await packOptions(plop.getDestBasePath(), config.template));
    const raw = { ...given, ...pickAnswers(generator.questions, answers) };
    try {
      const outcome = await generator.run(raw, options);
      if (session) session.result = { outcome };
      return `${count(outcome.plan.changes.length, 'file')} in ${outcome.target}`;
    } catch (error) {
      if (session) session.result = { error };
      throw error;
    }
  });
  for (const { name, description, questions, isComplete } of generators) {
    plop.setGenerator(name, {
      description,
      prompts: questions
        .filter((question) => question.asked && given[question.name] === undefined && !isComplete?.(given))
        .flatMap((question) => toPrompts(question, given)),
      actions: [{ type: PLAN_AND_APPLY, generator: name } as ActionType],
    });
  }
  plop.setDefaultInclude({ generators: true, actionTypes: true });
}

/** A template from elsewhere is compiled when it is used; what compiles it is loaded only then. */
async function packOptions(cwd: string, folder: string | undefined): Promise<RunOptions> {
  const options = { cwd, overwrite: false, planOnly: false };
  if (folder === undefined) return options;
  const { loadTemplateFolder } = await import('../engine/io/source/source.ts');
  const about = { source: folder, version: '0.0.0', variables: createVariables() };
  return { ...options, template: loadTemplateFolder(resolve(cwd, folder), about) };
}

function pickAnswers(questions: readonly Question[], answers: object): RawAnswers {
  const all = answers as Record<string, unknown>;
  return Object.fromEntries(
    questions.flatMap(({ name, schema }) => {
      if (schema.type !== 'array') return Object.hasOwn(all, name) ? [[name, all[name]]] : [];
      const values = listNames(name).flatMap((one) => (all[one] ? [all[one]] : []));
      return values.length > 0 ? [[name, values]] : [];
    }),
  );
}

/** The most values of one list that are asked for; flags take any number. */
const MAX_ASKED = 20;

/** A list is asked value by value, until one is empty. */
const listNames = (name: string): string[] => Array.from({ length: MAX_ASKED }, (_, index) => `${name}-${index + 1}`);

/** A question as plop (and so inquirer) asks it. */
function toPrompts(question: Question, given: RawAnswers): object[] {
  const { name, message, schema } = question;
  if (schema.type !== 'array') return [toPrompt(question, given)];
  return listNames(name).map((one, index, all) => ({
    type: 'input' as const,
    name: one,
    message: index === 0 ? `${message} (empty for none)` : 'and another (empty for no more)',
    when: (answers: Record<string, unknown>) => index === 0 || Boolean(answers[all[index - 1] ?? '']),
    validate: (value: string) => value === '' || (answerProblem(question, [value]) ?? true),
  }));
}

function toPrompt(question: Question, given: RawAnswers) {
  const { name, message, schema, default: initial } = question;
  return {
    name,
    message,
    ...(schema.type === 'string' && schema.enum
      ? { type: 'list' as const, choices: [...schema.enum] }
      : { type: 'input' as const }),
    default: typeof initial === 'function' ? (answers: object) => initial({ ...given, ...answers } as never) : initial,
    validate: (value: unknown) => answerProblem(question, value) ?? true,
  };
}
