import { createCommand, isThroughNpm } from '../../engine/core/client.ts';
import { type Problem, printable, UserError } from '../../engine/core/errors.ts';
import { nearest } from '../../engine/core/text/nearest.ts';
import type { COMMON_OPTIONS, Command, Flags, Invocation, Option } from './command.ts';
import { refuseMistakenCommand } from './mistaken-command.ts';
import { recoverNpmFlags } from './npm-flags.ts';
import { withoutSeparator } from './separator.ts';
import { COMMANDS, CREATE } from './table.ts';
import { type Spec, specOf, type Token, tokenize } from './tokens.ts';

/**
 * argv ──read──> command line ──parse──> invocation
 *
 * Reading says which command it is, and how its errors are to be printed; it cannot fail. Parsing judges.
 */
export interface CommandLine {
  readonly command: Command;
  /** Whether a word names the command: `orders` alone is `create orders`. */
  readonly isNamed: boolean;
  /** What stands behind the command's word. */
  readonly words: readonly string[];
  readonly spec: Spec;
  readonly tokens: readonly Token[];
  /** Whether results and errors are JSON. */
  readonly json: boolean;
  readonly debug: boolean;
}

/** What parsing needs to know of where it runs. */
interface ParseContext {
  readonly env: NodeJS.ProcessEnv;
  readonly warn: (text: string) => void;
  /** The folder of the service that this run is in, if it is in one. */
  readonly serviceAround?: () => string | undefined;
}

/** Short options, by what they are short for. */
const SHORT: Readonly<Record<string, string>> = { '-h': 'help', '-v': 'version', '-V': 'version' };

/** argv -> command line: `upgrade ...`, `add endpoint ...` as `add-endpoint ...`, anything else as `create ...` */
export function readCommandLine(typed: readonly string[]): CommandLine {
  const argv = withoutSeparator(typed);
  const [first, second] = argv;
  const named = (word: string | undefined) => COMMANDS.find(({ name }) => name === word);
  const added = first === 'add' ? named(`add-${second}`) : undefined;
  const command = added ?? named(first);
  const words = argv.slice(added ? 2 : command ? 1 : 0);
  const spec = specOf(command ?? CREATE);
  const tokens = tokenize(words, spec);
  const flags = tokens.filter((token) => token.kind === 'option');
  return {
    command: command ?? CREATE,
    isNamed: command !== undefined,
    words,
    spec,
    tokens,
    json: flags.some(({ name, value }) => name === 'format' && value === 'json'),
    debug: flags.some(({ name }) => name === 'debug'),
  };
}

/**
 * command line -> invocation, with the options that npm has taken, and with the questions of the preset that it names
 * @throws {UserError} FLAG_UNKNOWN with the nearest flag, INPUT_INVALID with every problem, or what is wrong with the preset
 */
export async function parse(line: CommandLine, context: ParseContext): Promise<Invocation> {
  const { command } = line;
  const read = (spec: Spec) => {
    const { words, warning } = recoverNpmFlags(line, context.env, spec);
    return { spec, warning, tokens: words === line.words && spec === line.spec ? line.tokens : tokenize(words, spec) };
  };
  let found = read(line.spec);
  if (!line.isNamed && !asksFor(found.tokens, 'version'))
    refuseMistakenCommand(found.tokens, COMMANDS, { ...context, isForHelp: asksFor(found.tokens, 'help') });
  const given = (name: string) =>
    found.tokens.flatMap((token) => (token.kind === 'option' && token.name === name ? (token.value ?? []) : []))[0];
  const source = given('preset');
  const standard = source ? await command.loadStandard?.(source, given('stack')) : undefined;
  // npm may have taken what only the preset asks.
  if (standard) found = read(specOf(command, standard.questions));
  const { spec, tokens, warning } = found;
  if (warning) context.warn(warning);
  const questions = [...spec.questions.values()];
  return { ...judge(line, tokens, spec, context.env), questions, ...(standard ? { standard } : {}) };
}

/** Whether help or the version is printed: then no argument is the name of a service. */
function asksFor(tokens: readonly Token[], what: 'help' | 'version'): boolean {
  return tokens.some(
    (token) => token.kind === 'option' && (token.rawName === `--${what}` || SHORT[token.rawName] === what),
  );
}

type Judged = Pick<Invocation, 'positionals' | 'flags' | 'format' | 'answers'>;

function judge(
  { command, isNamed }: CommandLine,
  tokens: readonly Token[],
  spec: Spec,
  env: ParseContext['env'],
): Judged {
  const flags = unsaid(spec);
  const answers: Record<string, unknown> = {};
  const said = new Set<string>();
  const problems: Problem[] = [];
  const unknown: string[] = [];
  const positionals: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value);
    if (token.kind !== 'option') continue;
    const name = SHORT[token.rawName] ?? token.name;
    const question = spec.questions.get(name);
    const { flag, option } = spec.options.get(name) ?? {};
    const key = question?.name ?? flag;
    const target = question ? answers : flags;
    const isList = question ? question.schema.type === 'array' : option?.isList;
    const problem = (reason: string) => problems.push({ subject: token.rawName, reason });
    if (key === undefined) unknown.push(token.rawName);
    else if (said.has(key) && !isList) problem('is given twice');
    else if (option && !question && token.value === '') problem('needs a value');
    else if (option && !question && (option.type === 'boolean' || option.isOptional)) {
      if (token.value !== undefined && !option.isOptional) problem('takes no value');
      else target[key] = token.value ?? true;
    } else if (token.value === undefined) problem('needs a value');
    else target[key] = isList ? [...((target[key] as string[] | undefined) ?? []), token.value] : token.value;
    if (key !== undefined) said.add(key);
  }
  if (unknown.length > 0) throw unknownFlags(unknown, spec, command, isNamed);
  const isOfNpm = command.generator !== undefined && isThroughNpm(env);
  const npm = isOfNpm ? `; did npm take an option? Put "--" before them: ${createCommand(env)} NAME --OPTION` : '';
  const tooMany = asksFor(tokens, 'help') || asksFor(tokens, 'version') ? [] : positionals.slice(command.most);
  for (const text of tooMany)
    problems.push({ subject: `"${printable(text)}"`, reason: `is one argument too many${npm}` });
  const format = String(flags.format ?? command.formats[0]);
  if (!command.formats.includes(format))
    problems.push({ subject: '--format', reason: `must be ${command.formats.join(', ')}, not ${printable(format)}` });
  if (problems.length > 0) throw invalid('INPUT_INVALID', problems, command, isNamed);
  return { positionals, flags: flags as Flags<typeof COMMON_OPTIONS>, format, answers };
}

/** Every flag of a command line that gives none. */
function unsaid({ options }: Spec): Record<string, unknown> {
  const empty = ({ type, isList, isOptional }: Option) =>
    isList ? [] : type === 'boolean' && !isOptional ? false : undefined;
  return Object.fromEntries([...options.values()].map(({ flag, option }) => [flag, empty(option)]));
}

function unknownFlags(unknown: readonly string[], spec: Spec, command: Command, isNamed: boolean): UserError {
  const known = [...spec.options.keys(), ...spec.questions.keys()];
  const problems = unknown.map((flag) => {
    const name = flag.replace(/^-+/, '');
    const meant = nearestFlag(name, known);
    const owners = COMMANDS.filter((other) => specOf(other).options.has(name)).map((other) => other.name);
    const reason =
      owners.length > 0
        ? `is an option of ${owners.length > 3 ? 'other commands' : owners.join(', ')}, not of ${command.name}`
        : `is not an option${meant === undefined ? '' : `; did you mean --${meant}?`}`;
    return { subject: printable(flag), reason };
  });
  return invalid('FLAG_UNKNOWN', problems, command, isNamed);
}

/** The option that was probably meant: for one letter, one that begins with it. */
function nearestFlag(name: string, known: readonly string[]): string | undefined {
  if (name.length === 1) return known.find((flag) => flag.startsWith(name.toLowerCase()));
  const near = nearest(name, known);
  return near && near.slips <= Math.max(2, near.word.length / 2) ? near.word : undefined;
}

function invalid(
  code: 'FLAG_UNKNOWN' | 'INPUT_INVALID',
  problems: readonly Problem[],
  { name }: Command,
  isNamed: boolean,
): UserError {
  const text = problems.map(({ subject, reason }) => `${subject} ${reason}`).join('; ');
  const help = isNamed ? `${name} --help` : '--help';
  return new UserError(code, text, `Correct the command; ${help} lists every option.`, { problems });
}
