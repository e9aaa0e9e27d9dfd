import { existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { findProgram } from '../../contract/harness/process/programs.ts';
import { ofAll, programFolders, runtimeOf } from '../../contract/runtimes/index.ts';
import { printable, UserError } from '../../engine/core/errors.ts';

/** What a shell would do more with than to split it into words. */
const SHELL = /[;&|<>$`()*?~\\\n]|^\s*\w+=/;
/** More than one program, or a shell's own command. */
const SEVERAL = /[;&|()\n]|^(exec|command|eval|cd|\.)\s/;
const QUOTED = /"([^"]*)"|'([^']*)'/g;
const WORD = /(?:"[^"]*"|'[^']*'|[^\s"'])+/g;
const VERB = '{verb}';

/** What serves, and whether it is one verb of several. */
export interface ServeCommand {
  /** Program and arguments. The verb, where it takes one, is added at the end. */
  readonly words: readonly string[];
  readonly takesVerb: boolean;
  /** As a person wrote it. */
  readonly text: string;
}

/**
 * A command as it is written at a prompt -> words. Quotes keep words together; what needs a shell gets one.
 * @throws {UserError} INPUT_INVALID
 */
export function parseCommand(text: string): ServeCommand {
  const takesVerb = text.trimEnd().endsWith(VERB);
  const command = takesVerb ? text.trimEnd().slice(0, -VERB.length).trim() : text.trim();
  if (command === '' || command.includes(VERB))
    throw new UserError(
      'INPUT_INVALID',
      `"${printable(text)}" is no command${command === '' ? '' : `: ${VERB} stands at its end, or nowhere`}`,
      `E.g. --cmd "./server", or --cmd "./server ${VERB}" for a service with the verbs of the contract.`,
    );
  if (SHELL.test(command)) {
    // The verb becomes the shell's argument, and its last command's.
    const line = takesVerb ? `${command} "$@"` : command;
    // The shell makes way for a single program, which gets the signals; `env` takes the variables before its name.
    const words = ['/bin/sh', '-c', SEVERAL.test(command) ? line : `exec env ${line}`];
    return { words: takesVerb ? [...words, 'sh'] : words, takesVerb, text };
  }
  if (/["']/.test(command.replaceAll(QUOTED, '')))
    throw new UserError('INPUT_INVALID', `"${printable(text)}" has a quote without its other one`, 'Close the quote.');
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
 * The program of a command as an absolute path: below the folder, of its installed packages, or of this machine; and
 * arguments that are files of the folder as absolute paths too, so that a copy of the folder can stand for it.
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
  return [file, ...args.map((arg) => (isProgramFile(arg) && existsSync(join(folder, arg)) ? join(folder, arg) : arg))];
}

const isProgramFile = (name: string): boolean =>
  ofAll(({ programFiles }) => (programFiles ? [programFiles] : [])).some((one) => one.test(name));
