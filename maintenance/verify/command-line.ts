import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { findProgram } from '../../contract/harness/process/programs.ts';
import { ofAll, programFolders, runtimeOf } from '../../contract/runtimes/index.ts';
import { printable, UserError } from '../../engine/core/errors.ts';

/** Characters that mean something to a shell, besides spaces and quotes. */
const SHELL = /[;&|<>$`()*?~\\\n]|^\s*\w+=/;
/** A command line with more than one program, or with a command of the shell itself. */
const SEVERAL = /[;&|()\n]|^(exec|command|eval|cd|\.)\s/;
const QUOTED = /"([^"]*)"|'([^']*)'/g;
const WORD = /(?:"[^"]*"|'[^']*'|[^\s"'])+/g;
const VERB = '{verb}';

/** The command that serves, and whether it takes verbs. */
interface ServeCommand {
  /** Program and arguments. The verb, where it takes one, is added at the end. */
  readonly words: readonly string[];
  readonly takesVerb: boolean;
  /** As a person wrote it. */
  readonly text: string;
}

/**
 * Splits a command, as it is written at a prompt, into words. Quotes keep words together. A command that needs a shell is
 * given to one.
 * @throws {UserError} INPUT_INVALID
 */
export function parseCommand(text: string): ServeCommand {
  const takesVerb = text.trimEnd().endsWith(VERB);
  const command = takesVerb ? text.trimEnd().slice(0, -VERB.length).trim() : text.trim();
  if (command === '' || command.includes(VERB))
    throw new UserError(
      'INPUT_INVALID',
      `"${printable(text)}" is not a command${command === '' ? '' : `: ${VERB} stands at its end, or nowhere`}`,
      `E.g. --cmd "./server", or --cmd "./server ${VERB}" for a service with the verbs of the contract.`,
    );
  if (SHELL.test(command)) {
    // The verb becomes an argument of the shell, which gives it to its last command.
    const line = takesVerb ? `${command} "$@"` : command;
    // With exec a single program takes the place of the shell, so that it gets the signals. `env` reads the variables before it.
    const words = ['/bin/sh', '-c', SEVERAL.test(command) ? line : `exec env ${line}`];
    return { words: takesVerb ? [...words, 'sh'] : words, takesVerb, text };
  }
  if (/["']/.test(command.replaceAll(QUOTED, '')))
    throw new UserError('INPUT_INVALID', `"${printable(text)}" has a quote that is not closed`, 'Close the quote.');
  const words = [...command.matchAll(WORD)].map(([word]) =>
    word.replaceAll(QUOTED, (_, double?: string, single?: string) => double ?? single ?? ''),
  );
  return { words, takesVerb, text };
}

/**
 * How the folder itself says that its service is started. A command that ends with the verb `web` knows the others too.
 * @throws {UserError} INPUT_MISSING where it says nothing, INPUT_INVALID for a manifest that cannot be read
 */
export function commandOf(folder: string): ServeCommand {
  requireManifest(folder);
  const text = runtimeOf(folder)?.startCommand?.(folder);
  if (text === undefined)
    throw new UserError(
      'INPUT_MISSING',
      `nothing in ${printable(basename(folder))} says how the service is started`,
      `Say it with --cmd "PROGRAM ARGUMENTS"${ofAll(({ startPlace }) => (startPlace ? [`, or ${startPlace}`] : [])).join('')}.`,
    );
  return parseCommand(text.replace(/\sweb$/, ` ${VERB}`));
}

/** @throws {UserError} INPUT_INVALID for a manifest with which nothing can be done */
export function requireManifest(folder: string): void {
  const problem = runtimeOf(folder)?.problem?.(folder);
  if (problem !== undefined) throw new UserError('INPUT_INVALID', printable(problem), 'Mend it first.');
}

/**
 * A command with the absolute path of its program, which is below the folder, in its installed packages, or on this machine.
 * Arguments that name program files of the folder become absolute too, so that they can be changed to those of a copy.
 * @throws {UserError} NOT_POSSIBLE where there is no such program
 */
export function resolveCommand({ words, text }: ServeCommand, folder: string): string[] {
  const [name = '', ...args] = words;
  const file = name.includes('/') ? resolve(folder, name) : findProgram(name, programFolders(folder));
  if (file === undefined || !existsSync(file))
    throw new UserError(
      'NOT_POSSIBLE',
      `there is no program ${printable(name)} to run "${printable(text)}" with`,
      'Install it, or name it by its path.',
    );
  if (!canRun(file))
    throw new UserError(
      'NOT_POSSIBLE',
      `${printable(name)}, of "${printable(text)}", is not a program that can be run`,
      'Name the program that runs it, or make it executable (chmod +x).',
    );
  return [file, ...args.map((arg) => (isProgramFile(arg) && existsSync(join(folder, arg)) ? join(folder, arg) : arg))];
}

function canRun(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

const isProgramFile = (name: string): boolean =>
  ofAll(({ programFiles }) => (programFiles ? [programFiles] : [])).some((one) => one.test(name));
