import type inquirerModule from 'inquirer';

/**
 * Takes the place of plop's own inquirer in the bundle. It loads the current inquirer only when the first question is
 * asked. plop needs `registerPrompt` and `prompt` when it starts: `registerPrompt` does nothing, `prompt` loads late.
 */
type Questions = Parameters<typeof inquirerModule.prompt>[0];

/** Names of prompt types in plop's inquirer -> their names in the current one. */
const PROMPT_TYPES: Readonly<Record<string, string>> = { list: 'select' };

async function prompt(questions: readonly Record<string, unknown>[]): Promise<Record<string, unknown>> {
  const { default: inquirer } = await import('inquirer');
  const named = questions.map((question) => ({
    ...question,
    type: PROMPT_TYPES[String(question.type)] ?? question.type,
  }));
  // Questions go to stderr: stdout is for the result.
  return inquirer.createPromptModule({ output: process.stderr })(named as unknown as Questions);
}
prompt.prompts = {};

export default { prompt, registerPrompt: () => undefined };
