import { parseArgs } from 'node:util';
import { type Problem, printable, UserError } from '../engine/core/errors.ts';
import { unknownFlags } from './arguments.ts';
import { COMMON_OPTIONS, VERBS, type Verb, type VerbOption } from './verbs.ts';

/** A verb's command line, taken apart. */
export interface Invocation {
  readonly verb: string;
  readonly positionals: readonly string[];
  readonly format: string;
  readonly flags: Readonly<Record<string, string | true | readonly string[]>>;
}

/** The verb that a command line starts with, if it is none of the generators. */
export function findVerb(argv: readonly string[]): Verb | undefined {
  return VERBS.find(({ name }) => name === argv[0]);
}

/**
 * argv, without the verb -> invocation
 * @throws {UserError} FLAG_UNKNOWN or INPUT_INVALID with every problem
 */
export async function parseInvocation(verb: Verb, argv: readonly string[]): Promise<Invocation> {
  const options = [...verb.options, ...COMMON_OPTIONS];
  const byFlag = new Map(
    options.flatMap((option) => [option.flag, ...(option.aliases ?? [])].map((flag) => [flag, option])),
  );
  const { tokens } = parseArgs({
    args: [...argv],
    options: Object.fromEntries([
      ...[...byFlag].map(([flag, { type, isOptional }]) => [flag, { type: isOptional ? 'boolean' : type }]),
      ['h', { type: 'boolean' }],
    ]),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const flags: Record<string, string | true | string[]> = {};
  const positionals: string[] = [];
  const unknown: string[] = [];
  const problems: Problem[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value);
    if (token.kind !== 'option') continue;
    const option = byFlag.get(token.name === 'h' ? 'help' : token.name);
    if (!option) unknown.push(token.rawName);
    else take(option, token.rawName, token.value, flags, problems);
  }
  if (unknown.length > 0) throw await unknownFlags(unknown, [...byFlag.keys()]);
  for (const extra of positionals.slice(verb.most))
    problems.push({ subject: `"${printable(extra)}"`, reason: 'is one argument too many' });
  const format = String(flags.format ?? verb.formats[0]);
  if (!verb.formats.includes(format))
    problems.push({ subject: '--format', reason: `must be ${verb.formats.join(', ')}, not ${printable(format)}` });
  if (problems.length > 0)
    throw new UserError(
      'INPUT_INVALID',
      problems.map(({ subject, reason }) => `${subject} ${reason}`).join('; '),
      `Correct the command; ${verb.name} --help lists every option.`,
      { problems },
    );
  return { verb: verb.name, positionals, format, flags };
}

function take(
  { flag, type, isList, isOptional }: VerbOption,
  rawName: string,
  value: string | undefined,
  flags: Record<string, string | true | string[]>,
  problems: Problem[],
): void {
  if (flag in flags && !isList) problems.push({ subject: rawName, reason: 'is given twice' });
  else if (type === 'boolean' && value !== undefined) problems.push({ subject: rawName, reason: 'takes no value' });
  else if (type === 'boolean' || (isOptional && value === undefined)) flags[flag] = true;
  else if (value === undefined || value === '' || value.startsWith('--'))
    problems.push({ subject: rawName, reason: 'needs a value' });
  else flags[flag] = isList ? [...((flags[flag] as string[]) ?? []), value] : value;
}

/** A verb's own help text. */
export function verbHelp({ name, usage, description, options, formats }: Verb): string {
  const rows = [...options, ...COMMON_OPTIONS].map((option) => {
    const flags = [option.flag, ...(option.aliases ?? [])].map((flag) => `--${flag}`).join(', ');
    const value = option.isOptional ? `[=${option.value}]` : option.value ? ` ${option.value}` : '';
    const more = option.flag === 'format' ? `: ${formats.join(', ')}` : '';
    return `  ${`${flags}${value}`.padEnd(34)} ${option.description}${more}`;
  });
  return [
    `Usage: create-twelve-service ${[name, usage].filter(Boolean).join(' ')} [options]`,
    '',
    description,
    '',
    ...rows,
  ].join('\n');
}
