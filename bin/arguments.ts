import { parseArgs } from 'node:util';
import { type Problem, printable, UserError } from '../engine/core/errors.ts';
import { flagOf, type RawAnswers } from '../engine/core/question.ts';
import { GENERATORS, type Generator } from '../generators/generators.ts';
import { RUN_OPTIONS, type RunFlag, type RunOption } from './options.ts';

/** What is not a generator. `apply` and `undo` take a plan file, or nothing. */
export const OTHER_VERBS = ['describe', 'apply', 'undo'] as const;
type OtherVerb = (typeof OTHER_VERBS)[number];

/** A command line, taken apart and not yet judged by the generator. */
export interface Command {
  readonly verb: OtherVerb | Generator['name'];
  readonly answers: RawAnswers;
  readonly flags: Readonly<Partial<Record<RunFlag, string | true>>>;
  readonly positional?: string;
}

/**
 * argv -> command
 * @throws {UserError} FLAG_UNKNOWN with the nearest flag, or INPUT_INVALID
 */
export async function parseCommand(
  argv: readonly string[],
  generators: readonly Generator[] = GENERATORS,
): Promise<Command> {
  const { verb, rest: args } = takeVerb(argv);
  const generator = generators.find(({ name }) => name === verb);
  const { questions, positional } = generator ?? { questions: [], positional: verb === 'apply' ? 'FILE' : undefined };
  const options: readonly RunOption[] = RUN_OPTIONS;
  const canonical = new Map(
    options.flatMap((option) => [option.flag, ...(option.aliases ?? [])].map((flag) => [flag, option])),
  );
  const questionByFlag = new Map(questions.map((question) => [flagOf(question).slice(2), question]));

  const { tokens } = parseArgs({
    args: [...args],
    options: Object.fromEntries([
      ...[...canonical].map(([flag, { type }]) => [flag, { type }]),
      ...[...questionByFlag.keys()].map((flag) => [flag, { type: 'string' }]),
      ['h', { type: 'boolean' }],
    ]),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });

  const flags: Partial<Record<string, string | true>> = {};
  const answers: Record<string, unknown> = {};
  const problems: Problem[] = [];
  const unknown: string[] = [];
  const positionals: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value);
    if (token.kind !== 'option') continue;
    const name = token.rawName === '-h' ? 'help' : token.name;
    const option = canonical.get(name);
    const question = questionByFlag.get(name);
    const target: Record<string, unknown> = question === undefined ? flags : answers;
    const key = question?.name ?? option?.flag;
    const isList = question?.schema.type === 'array';
    if (key === undefined) unknown.push(token.rawName);
    else if (key in target && !isList) problems.push({ subject: token.rawName, reason: 'is given twice' });
    else if (key === 'plan' && token.value) target[key] = token.value;
    else if (option?.type === 'boolean' && token.value !== undefined)
      problems.push({ subject: token.rawName, reason: 'takes no value' });
    else if (option?.type === 'boolean') target[key] = true;
    else if (token.value === undefined || (!token.inlineValue && token.value.startsWith('--')))
      problems.push({ subject: token.rawName, reason: 'needs a value' });
    else target[key] = isList ? [...((answers[key] as string[]) ?? []), token.value] : token.value;
  }
  if (unknown.length > 0) throw await unknownFlags(unknown, [...canonical.keys(), ...questionByFlag.keys()]);
  if (generator?.rest !== undefined && positionals.length > 1) answers[generator.rest] = positionals.splice(1);
  // `add-endpoint POST /orders` without quotes.
  if (generator?.joins && positionals.length === 2) positionals.splice(0, 2, positionals.join(' '));
  const extra = positional === undefined ? positionals : positionals.slice(1);
  for (const text of extra)
    problems.push({
      subject: `"${printable(text)}"`,
      reason: 'is one argument too many; did npm take an option? Options for this program stand after "--"',
    });
  if (problems.length > 0)
    throw new UserError(
      'INPUT_INVALID',
      problems.map(({ subject, reason }) => `${subject} ${reason}`).join('; '),
      'Correct the command; --help lists every option.',
      { problems },
    );
  const given = positional === undefined ? undefined : positionals[0];
  return { verb, answers, flags: flags as Command['flags'], ...(given === undefined ? {} : { positional: given }) };
}

/** The verb that a command line is for, before anything else of it is known. */
export function verbOf(argv: readonly string[]): string {
  return takeVerb(argv).verb;
}

/** `add endpoint ...` is `add-endpoint ...`: what `npm run add -- endpoint ...` gives. */
function takeVerb(argv: readonly string[]): { verb: string; rest: readonly string[] } {
  const [first = '', second = ''] = argv;
  const isVerb = (name: string) =>
    OTHER_VERBS.some((verb) => verb === name) || GENERATORS.some((generator) => generator.name === name);
  if (first === 'add') {
    if (isVerb(`add-${second}`)) return { verb: `add-${second}`, rest: argv.slice(2) };
    const kinds = GENERATORS.flatMap(({ name }) => (name.startsWith('add-') ? [name.slice(4)] : []));
    throw new UserError(
      'INPUT_INVALID',
      `add what? ${kinds.join(', ')}`,
      'E.g. create-twelve-service add endpoint "GET /orders".',
    );
  }
  return isVerb(first) ? { verb: first, rest: argv.slice(1) } : { verb: 'create', rest: argv };
}

/** @returns an error that names the nearest flag there is */
export async function unknownFlags(unknown: readonly string[], known: readonly string[]): Promise<UserError> {
  const { closest, distance } = await import('fastest-levenshtein');
  const problems = unknown.map((flag) => {
    const nearest = closest(flag.replace(/^-+/, ''), known as string[]);
    const near = distance(flag.replace(/^-+/, ''), nearest) <= Math.max(2, nearest.length / 2);
    return { subject: printable(flag), reason: `is not an option${near ? `; did you mean --${nearest}?` : ''}` };
  });
  const text = problems.map(({ subject, reason }) => `${subject} ${reason}`).join('; ');
  return new UserError('FLAG_UNKNOWN', text, 'Correct the command; --help lists every option.', { problems });
}
