import { parseArgs } from 'node:util';
import { flagOf, type Question } from '../../engine/core/question.ts';
import { COMMON_OPTIONS, type Command, type Option } from './command.ts';

export type Token = NonNullable<ReturnType<typeof parseArgs>['tokens']>[number];

/** What a command takes, by flag without dashes. */
export interface Spec {
  /** By every spelling. */
  readonly options: ReadonlyMap<string, { readonly flag: string; readonly option: Option }>;
  readonly questions: ReadonlyMap<string, Question>;
}

export function specOf({ options, generator }: Command, questions = generator?.questions ?? []): Spec {
  const all: [string, Option][] = Object.entries({ ...options, ...COMMON_OPTIONS });
  return {
    options: new Map(
      all.flatMap(([flag, option]) =>
        [flag, ...(option.aliases ?? [])].map((spelling) => [spelling, { flag, option }] as const),
      ),
    ),
    questions: new Map(questions.map((question) => [flagOf(question).slice(2), question])),
  };
}

/** Words as options, with what they take, and arguments. Judges nothing. */
export function tokenize(words: readonly string[], spec: Spec): Token[] {
  const isText = ({ type, isOptional }: Option) => type === 'string' && !isOptional;
  const { tokens } = parseArgs({
    args: [...words],
    options: Object.fromEntries([
      ...[...spec.options].map(([flag, { option }]) => [flag, { type: isText(option) ? 'string' : 'boolean' }]),
      ...[...spec.questions.keys()].map((flag) => [flag, { type: 'string' }]),
      ...['h', 'v', 'V'].map((short) => [short, { type: 'boolean' }]),
    ]),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const at = tokens.findIndex(
    (token) => token.kind === 'option' && !token.inlineValue && token.value?.startsWith('--'),
  );
  const token = tokens[at];
  if (token?.kind !== 'option') return tokens;
  // `--dir --format json`: the next option is no value.
  const without = { kind: 'option', index: token.index, name: token.name, rawName: token.rawName } as const;
  const rest = tokenize(words.slice(token.index + 1), spec);
  return [...tokens.slice(0, at), { ...without, value: undefined, inlineValue: undefined }, ...rest];
}
