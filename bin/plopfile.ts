import { resolve } from 'node:path';
import type { ActionType, NodePlopAPI } from 'node-plop';
import { count } from '../engine/core/text/count.ts';
import { createVariables } from '../generators/create/questions.ts';
import { GENERATORS } from '../generators/generators.ts';
import type { RunOptions } from '../generators/outcome.ts';
import { answersFrom, promptsOf } from '../generators/prompts.ts';
import { addAnswer } from './add-answer.ts';

/** The one action: plan in memory, then apply all or nothing. */
const PLAN_AND_APPLY = 'plan-and-apply';

/** The second argument of `plop.load('create-twelve-service', { template: './our-template' })`. */
interface PlopConfig {
  /** A template folder to use instead of the built-in one, relative to where plop writes. */
  readonly template?: string;
}

/**
 * A plopfile and a plop pack in one: for `npx plop --plopfile ...`, and for `plop.load('create-twelve-service')` in
 * somebody's own plopfile. The command line does without plop: it asks the same questions, and runs the same generators.
 */
export default function plopfile(plop: NodePlopAPI, config: PlopConfig = {}): void {
  plop.setActionType(PLAN_AND_APPLY, async (answers, action) => {
    const generator = GENERATORS.find(({ name }) => name === (action as { generator?: string }).generator);
    if (!generator) throw new Error(`no generator ${JSON.stringify(action)}`);
    const options = await runOptions(plop.getDestBasePath(), config.template);
    const { plan, target } = await generator.run(answersFrom(generator.questions, answers), options);
    return `${count(plan.changes.length, 'file')} in ${target}`;
  });
  for (const generator of GENERATORS) {
    const { name, description } = generator;
    plop.setGenerator(name, {
      description,
      prompts: promptsOf(generator),
      actions: [{ type: PLAN_AND_APPLY, generator: name } as ActionType],
    });
  }
  plop.setDefaultInclude({ generators: true, actionTypes: true });
}

/** A template from elsewhere is compiled when it is used; what compiles it is loaded only then. */
async function runOptions(cwd: string, folder: string | undefined): Promise<RunOptions> {
  const options = { cwd, overwrite: false, planOnly: false, addAnswer };
  if (folder === undefined) return options;
  const { loadTemplateFolder } = await import('../engine/io/source/source.ts');
  const about = { source: folder, version: '0.0.0', variables: createVariables() };
  return { ...options, template: loadTemplateFolder(resolve(cwd, folder), about) };
}
