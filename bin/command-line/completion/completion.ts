import { printable, UserError } from '../../../engine/core/errors.ts';
import { flagOf } from '../../../engine/core/question.ts';
import { COMMON_OPTIONS, type Command, type Option } from '../command.ts';
import { SHELLS } from '../options.ts';
import { bashCompletion } from './bash.ts';
import { fishCompletion } from './fish.ts';
import type { CompletedCommand, CompletedOption, Values } from './model.ts';
import { powershellCompletion } from './powershell.ts';
import { zshCompletion } from './zsh.ts';

type Shell = (typeof SHELLS)[number];

const SCRIPTS: Readonly<Record<Shell, (commands: readonly CompletedCommand[]) => string>> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
  powershell: powershellCompletion,
};

/**
 * What a shell reads to complete the program. It is data: completing runs nothing of this program.
 * @throws {UserError} INPUT_INVALID for a shell that is not known, INPUT_MISSING for none
 */
export function completionScript(shell: string | undefined, commands: readonly Command[]): string {
  const known = SHELLS.find((one) => one === shell);
  if (known) return SCRIPTS[known](commands.map((command) => completedCommand(command, commands)));
  const shells = SHELLS.join(', ');
  const remedy = 'E.g. for bash: source <(create-twelve-service completion bash)';
  if (shell === undefined) throw new UserError('INPUT_MISSING', `completion for which shell? ${shells}`, remedy);
  throw new UserError(
    'INPUT_INVALID',
    `there is no completion for "${printable(shell)}"; there is for ${shells}`,
    remedy,
  );
}

function completedCommand(command: Command, commands: readonly Command[]): CompletedCommand {
  const { name, summary, usage, words, options, formats, generator } = command;
  const questions = generator?.questions.filter((question) => question.name !== generator.positional) ?? [];
  const own = Object.entries<Option>({ ...options, ...COMMON_OPTIONS }).map(([flag, option]): CompletedOption => {
    const { aliases = [], description, isOptional = false } = option;
    const values = flag === 'format' ? formats : pathOf(option);
    return { flags: [flag, ...aliases], description, isOptional, ...(values ? { values } : {}) };
  });
  const argument = /\bDIR\b/.test(usage) ? 'folder' : /\bFILE\b/.test(usage) ? 'file' : 'text';
  return {
    name,
    summary,
    options: [
      ...questions.map((question): CompletedOption => {
        const { schema, message } = question;
        const values = schema.type === 'string' && schema.enum ? schema.enum.filter(Boolean) : 'text';
        return {
          flags: [flagOf(question).slice(2)],
          description: message,
          isOptional: false,
          values: question.value === 'FILE' ? 'file' : values,
        };
      }),
      ...own,
    ],
    first: name === 'help' ? commands.map((one) => one.name) : (words ?? argument),
    others: argument,
  };
}

/** A SOURCE may be a folder, and a folder can be completed. */
function pathOf({ type, value, isOptional }: Option): Values | undefined {
  if (type === 'boolean' && !isOptional) return undefined;
  if (value === 'FILE') return 'file';
  return value === 'DIR' || value === 'SOURCE' ? 'folder' : 'text';
}
