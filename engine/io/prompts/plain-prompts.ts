import { createInterface } from 'node:readline';
import type { Prompt } from './prompt.ts';

/**
 * Asks line by line, for a terminal that can do no more than that (`TERM=dumb`): nothing is drawn anew, a choice is a word or a
 * number, and the terminal itself does what Backspace does.
 * @throws {Error} the one that inquirer throws for Ctrl-C, if the input ends
 */
export async function askPlainly(prompts: readonly Prompt[]): Promise<Record<string, unknown>> {
  const reader = createInterface({ input: process.stdin, terminal: false });
  const lines = reader[Symbol.asyncIterator]();
  const answers: Record<string, unknown> = {};
  try {
    for (const prompt of prompts)
      if (prompt.when?.(answers) !== false) answers[prompt.name] = await askOne(prompt, answers, lines);
  } finally {
    reader.close();
  }
  return answers;
}

async function askOne(
  { type, message, choices = [], default: given, validate }: Prompt,
  answers: Readonly<Record<string, unknown>>,
  lines: AsyncIterator<string>,
): Promise<unknown> {
  const initial: unknown = typeof given === 'function' ? given(answers) : given;
  const fallback = type === 'list' ? (initial ?? choices[0]?.value) : type === 'confirm' ? (initial ?? true) : initial;
  const shown = type === 'confirm' ? (fallback ? 'Y/n' : 'y/N') : String(fallback ?? '');
  const list = choices.map(({ name }, index) => `  ${index + 1}) ${name}\n`).join('');
  for (;;) {
    process.stderr.write(`? ${message}${shown === '' ? '' : ` (${shown})`}\n${list}> `);
    const { value: line, done } = await lines.next();
    if (done) throw Object.assign(new Error('the input ended'), { name: 'ExitPromptError' });
    const text = String(line);
    if (type === 'confirm' && /^(y|yes|n|no)?$/i.test(text.trim()))
      return text.trim() === '' ? fallback : /^y/i.test(text.trim());
    const value = text === '' ? (fallback ?? '') : type === 'list' ? chosen(choices, text.trim()) : text;
    const problem =
      type === 'confirm'
        ? 'answer y or n'
        : value === undefined
          ? 'choose a word or a number of the list'
          : check(value);
    if (problem === undefined) return value;
    process.stderr.write(`! ${problem}\n`);
  }

  function check(value: unknown): string | undefined {
    const result = validate?.(String(value)) ?? true;
    return result === true ? undefined : result;
  }
}

function chosen(choices: NonNullable<Prompt['choices']>, text: string): string | undefined {
  return (choices.find(({ value }) => value === text) ?? choices[Number(text) - 1])?.value;
}
