import type inquirerModule from 'inquirer';

type Questions = Parameters<typeof inquirerModule.prompt>[0];

/** A prompt as plop's plopfiles have them: `input`, `list` or `confirm`. */
export interface Prompt {
  readonly type: 'input' | 'list' | 'confirm';
  readonly name: string;
  readonly message: string;
  readonly choices?: readonly PromptChoice[];
  readonly default?: unknown;
  /** Whether it is asked at all. */
  readonly when?: (answers: Record<string, unknown>) => boolean;
  /** `true`, or what is wrong with a value. */
  readonly validate?: (value: string) => string | true;
}

/** One choice of a list. */
export interface PromptChoice {
  readonly value: string;
  /** What the list shows. */
  readonly name: string;
  /** What is shown once it is chosen. */
  readonly short: string;
}

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
