import type inquirerModule from 'inquirer';

/**
 * The inquirer that plop is bundled with: the current one, loaded when the first question is asked and not before.
 * plop wants `registerPrompt` and `prompt` when it starts; nothing is registered, and `prompt` can wait.
 */
type Questions = Parameters<typeof inquirerModule.prompt>[0];

/** Old name -> name in this version. */
const PROMPT_TYPES: Readonly<Record<string, string>> = { list: 'select' };

async function prompt(questions: readonly Record<string, unknown>[]): Promise<Record<string, unknown>> {
  const { default: inquirer } = await import('inquirer');
  const named = questions.map((question) => ({
    ...question,
    type: PROMPT_TYPES[String(question.type)] ?? question.type,
  }));
  // Questions go to stderr: stdout is for what was asked for.
  return inquirer.createPromptModule({ output: process.stderr })(named as unknown as Questions);
}
prompt.prompts = {};

export default { prompt, registerPrompt: () => undefined };
