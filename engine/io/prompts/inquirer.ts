import type inquirerModule from 'inquirer';
import type { Prompt } from './prompt.ts';

type Questions = Parameters<typeof inquirerModule.prompt>[0];

/** Name in plop's version of inquirer -> name in this one. */
const TYPES: Readonly<Record<string, string>> = { list: 'select' };

/**
 * Asks one prompt after the other. Inquirer is loaded with the first one.
 * @returns answers by the names of the prompts
 */
export async function ask(prompts: readonly Prompt[]): Promise<Record<string, unknown>> {
  if (process.env.TERM === 'dumb') return (await import('./plain-prompts.ts')).askPlainly(prompts);
  const { default: inquirer } = await import('inquirer');
  const named = prompts.map((prompt) => ({ ...prompt, type: TYPES[prompt.type] ?? prompt.type }));
  // Prompts go to stderr: stdout is for what was asked for.
  return inquirer.createPromptModule({ output: process.stderr })(named as unknown as Questions);
}
