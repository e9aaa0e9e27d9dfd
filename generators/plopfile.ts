import { resolve } from 'node:path';
import type { ActionType, NodePlopAPI } from 'node-plop';
import { answerProblem, type Question, type RawAnswers } from '../engine/core/question.ts';
import { createVariables } from './create/questions.ts';
import { GENERATORS } from './generators.ts';
import type { Outcome, RunOptions } from './session.ts';

/** The one action: plan in memory, then apply all or nothing. */
export const PLAN_AND_APPLY = 'plan-and-apply';

/** What the command line adds to what plop knows: answers it already has, options, and a place for the result. */
export interface PlopSession {
  readonly options: RunOptions;
  readonly given: RawAnswers;
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
  const given = session?.given ?? {};
  plop.setActionType(PLAN_AND_APPLY, async (answers, action) => {
    const generator = GENERATORS.find(({ name }) => name === (action as { generator?: string }).generator);
    if (!generator) throw new Error(`no generator ${JSON.stringify(action)}`);
    const options = session?.options ?? (await packOptions(plop.getDestBasePath(), config.template));
    const raw = { ...given, ...pickAnswers(generator.questions, answers) };
    try {
      const outcome = await generator.run(raw, options);
      if (session) session.result = { outcome };
      return `${outcome.plan.changes.length} files in ${outcome.target}`;
    } catch (error) {
      if (session) session.result = { error };
      throw error;
    }
  });
  for (const { name, description, questions } of GENERATORS) {
    plop.setGenerator(name, {
      description,
      prompts: questions
        .filter((question) => question.asked && given[question.name] === undefined)
        .map((question) => toPrompt(question, given)),
      actions: [{ type: PLAN_AND_APPLY, generator: name } as ActionType],
    });
  }
  plop.setDefaultInclude({ generators: true, actionTypes: true });
}

/** A template from elsewhere is compiled when it is used; what compiles it is loaded only then. */
async function packOptions(cwd: string, folder: string | undefined): Promise<RunOptions> {
  const options = { cwd, overwrite: false, planOnly: false };
  if (folder === undefined) return options;
  const { loadTemplateFolder } = await import('../engine/io/source.ts');
  const about = { source: folder, version: '0.0.0', variables: createVariables() };
  return { ...options, template: loadTemplateFolder(resolve(cwd, folder), about) };
}

function pickAnswers(questions: readonly Question[], answers: object): RawAnswers {
  const names = new Set(questions.map(({ name }) => name));
  return Object.fromEntries(Object.entries(answers).filter(([name]) => names.has(name)));
}

/** One question as plop (and so inquirer) asks it. */
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
