import { dirname, resolve } from 'node:path';
import { printable, UserError } from '../../core/errors.ts';
import { splitAnswer } from '../../core/text/split-answer.ts';
import { readGiven, readStandardInput } from '../given-file.ts';

/** A hundred thousand services. */
const MAX_BYTES = 16 * 1024 * 1024;

/** A folder as the user named it, for the report, and what that is relative to. */
export interface NamedFolder {
  readonly name: string;
  /** Absolute path. */
  readonly base: string;
  /** Answers for this service alone; they go before those for all. */
  readonly answers?: Readonly<Record<string, string>>;
}

/**
 * Reads a list of service folders, one per line. After the folder a line may have answers, each `NAME=VALUE` after a tab. A
 * line that starts with `#` is a comment.
 * @param from a file, whose lines are relative to its folder; or `-` for standard input, relative to `cwd`
 * @throws {UserError} INPUT_INVALID if it cannot be read, or has an answer that is no NAME=VALUE
 */
export function readServiceList(from: string, cwd: string): NamedFolder[] {
  const file = resolve(cwd, from);
  const base = from === '-' ? cwd : dirname(file);
  return readText(from, file)
    .split(/\r?\n/)
    .flatMap((line, index): NamedFolder[] => {
      const [name = '', ...answers] = line.trim().split(/[ \t]*\t[ \t]*/);
      if (name === '' || name.startsWith('#')) return [];
      const given = answers.map((text) => splitAnswer(text, `${printable(from)}:${index + 1}:`));
      return [{ name, base, answers: Object.fromEntries(given) }];
    });
}

function readText(from: string, file: string): string {
  try {
    return from === '-' ? readStandardInput() : readGiven(file, MAX_BYTES);
  } catch (error) {
    throw new UserError(
      'INPUT_INVALID',
      `the list of services ${printable(from)} cannot be read: ${(error as Error).message}`,
      'Name a file with one folder a line, or "-" for standard input.',
      { cause: error },
    );
  }
}
