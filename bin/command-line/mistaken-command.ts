import { clientOf, createCommand } from '../../engine/core/client.ts';
import { printable, UserError } from '../../engine/core/errors.ts';
import { parseNewName } from '../../engine/core/names.ts';
import { slips } from '../../engine/core/text/nearest.ts';
import type { Command } from './command.ts';
import type { Token } from './tokens.ts';

/**
 * Words that read as a command of some tool, by what is meant here. Words that are usual names of services are not among
 * them: checkout, search, notify.
 */
export const MEANINGS: Readonly<Record<string, readonly string[]>> = {
  'create NAME': ['init', 'new', 'generate', 'gen', 'g', 'scaffold', 'make', 'bootstrap', 'setup'],
  '--help': ['man', 'docs', 'commands', 'list', 'ls', 'rename', 'login', 'logout'],
  version: ['v'],
  upgrade: ['update', 'bump', 'migrate', 'rebase', 'merge', 'pull'],
  audit: ['status', 'lint', 'drift', 'outdated'],
  'audit or verify': ['doctor', 'check', 'inspect', 'diagnose'],
  verify: ['test', 'validate', 'prove', 'certify'],
  explain: ['why', 'blame', 'show'],
  describe: ['info', 'config', 'configure'],
  undo: ['remove', 'rm', 'delete', 'destroy', 'revert', 'rollback', 'uninstall', 'clean'],
  adopt: ['import', 'attach'],
  '--plan': ['plan', 'diff', 'dry-run'],
  completion: ['completions', 'autocomplete'],
};

/** Words that read as a command of a service. */
export const SERVICE_WORDS: readonly string[] = [
  ...['install', 'i', 'ci', 'run', 'start', 'stop', 'exec', 'dev', 'serve', 'watch', 'format'],
  ...['build', 'compile', 'pack', 'deploy', 'publish', 'release', 'ship'],
];

/** From this length on, two slips are a slip of the hand and not another word. */
const LONG_NAME = 6;
/** A shorter word of the lists above is one slip away from too many names. */
const LONG_WORD = 5;

/** What is known of a run beside its words. */
interface Around {
  readonly env: NodeJS.ProcessEnv;
  /** Whether only help is wanted: then an unknown word does no harm. */
  readonly isForHelp: boolean;
  /** The folder of the service that this run is in, if it is in one. */
  readonly serviceAround?: () => string | undefined;
}

/**
 * Refuses to make a service named after what was meant as a command: `upgrad`, `update`; and inside a service of any word,
 * since whoever is there rarely wants another one. `--name upgrad` makes it, and so does `create upgrad`. The error offers
 * `--name` only for a word that may be a name.
 * @param tokens of a command line that names no command
 * @throws {UserError} INPUT_INVALID with the command that was probably meant
 */
export function refuseMistakenCommand(tokens: readonly Token[], commands: readonly Command[], around: Around): void {
  const first = tokens.find(({ kind }) => kind === 'positional' || kind === 'option-terminator');
  if (first === undefined && !around.isForHelp) refuseNameless(tokens, around);
  // What stands behind "--" is a name.
  if (first?.kind !== 'positional') return;
  const word = first.value.toLowerCase();
  const isCommand = commands.some(({ name }) => name === first.value);
  if (around.isForHelp && (isCommand || word === 'add')) return;
  const reason = isCommand ? 'is a command, and stands first' : mistake(word, commands);
  if (reason !== undefined) throw refusal(first.value, reason, around.env);
  if (around.isForHelp) return;
  if (/^add(-|$)/.test(word)) {
    const [, kind] = tokens.flatMap((token) => (token.kind === 'positional' ? [token.value] : []));
    throw addWhat(commands, word === 'add' ? kind : word.slice('add-'.length));
  }
  // A place is told by a path: `.`, and `--dir` says where.
  const isPlaced = word === '.' || tokens.some((token) => token.kind === 'option' && token.name === 'dir');
  const service = isPlaced ? undefined : around.serviceAround?.();
  if (service !== undefined) throw insideService(first.value, service, commands, around.env);
}

/** Nobody is asked for the name of a new service inside of one. */
function refuseNameless(tokens: readonly Token[], { env, serviceAround }: Around): void {
  const isMeant = tokens.some((token) => token.kind === 'option' && ['name', 'answers', 'dir'].includes(token.name));
  const service = isMeant ? undefined : serviceAround?.();
  if (service === undefined) return;
  throw new UserError(
    'INPUT_MISSING',
    `${printable(service)} is a service: say what to do in it`,
    `--help lists the commands, such as add, upgrade and audit. For a new service inside it: ${programFor(env)} --name NAME.`,
  );
}

function refusal(word: string, reason: string, env: NodeJS.ProcessEnv): UserError {
  const subject = `"${printable(word)}"`;
  const name = word.toLowerCase();
  return new UserError(
    'INPUT_INVALID',
    `${subject} ${reason}`,
    `Correct the command; --help lists them.${isName(name) ? ` For a service of that name: ${programFor(env)} --name ${name}` : ''}`,
    { problems: [{ subject, reason }] },
  );
}

/** The command that makes a service, as whoever is there started this program. */
function programFor(env: NodeJS.ProcessEnv): string {
  return clientOf(env) === undefined ? 'npx create-twelve-service' : createCommand(env);
}

function insideService(word: string, service: string, commands: readonly Command[], env: NodeJS.ProcessEnv): UserError {
  const subject = `"${printable(word)}"`;
  const name = word.toLowerCase();
  const [meant] = commands
    .map((command) => ({
      command,
      slips: Math.min(...[command.name, command.name.replace(/^add-/, '')].map((one) => slips(name, one))),
    }))
    .filter(({ slips: count }) => count <= Math.min(3, Math.floor(name.length / 3)))
    .sort((one, other) => one.slips - other.slips);
  const near = meant ? `; did you mean ${meant.command.name}?` : '';
  const reason = `is not a command, and a new service would be inside the service ${printable(service)}${near}`;
  const remedy = isName(name)
    ? `For a service inside it: ${programFor(env)} --name ${name}. For one beside it add --dir ../${name}.`
    : '--help lists the commands.';
  return new UserError('INPUT_INVALID', `${subject} ${reason}`, remedy, { problems: [{ subject, reason }] });
}

function addWhat(commands: readonly Command[], kind = ''): UserError {
  const kinds = commands.flatMap(({ name }) => (name.startsWith('add-') ? [name.slice('add-'.length)] : []));
  const near = kinds.find((one) => isSlip(kind.toLowerCase(), one));
  const meant = near === undefined ? '' : `; "${printable(kind)}" is not one of them; did you mean ${near}?`;
  const example = 'E.g. npx create-twelve-service add endpoint "GET /orders".';
  return new UserError('INPUT_INVALID', `add what? ${kinds.join(', ')}${meant}`, example);
}

function isName(word: string): boolean {
  try {
    parseNewName(word);
    return true;
  } catch {
    return false;
  }
}

function mistake(word: string, commands: readonly Command[]): string | undefined {
  const meant = (isMeant: (known: string) => boolean): string | undefined => {
    const found = Object.entries(MEANINGS).find(([, words]) => words.some(isMeant));
    if (found) return `is not a command; did you mean ${found[0]}?`;
    return SERVICE_WORDS.some(isMeant) ? 'looks like a command of a service; its README lists them' : undefined;
  };
  const near = commands.find(({ name }) => isSlip(word, name));
  return (
    meant((known) => known === word) ??
    (near && `is not a command; did you mean ${near.name}?`) ??
    meant((known) => isSlipOfWord(word, known))
  );
}

/** One slip of the hand; or two in a long name that begins alike. A plural is another word: `versions`. */
function isSlip(word: string, name: string): boolean {
  if (word === `${name}s` || Math.abs(word.length - name.length) > 2) return false;
  const count = slips(word, name);
  return count <= 1 || (count === 2 && name.length >= LONG_NAME && word[0] === name[0]);
}

/** One slip in a word that begins alike: `match` is not `watch`. A plural is another word: `releases`. */
function isSlipOfWord(word: string, known: string): boolean {
  return known.length >= LONG_WORD && word[0] === known[0] && word !== `${known}s` && slips(word, known) === 1;
}
