import type { Question, RawAnswers } from '../../engine/core/question.ts';
import type { Generator } from '../../generators/generator.ts';
import type { Standard } from '../../generators/standard.ts';
import type { RunContext } from '../run-context.ts';

/** An option of a command. It is about the run, not about the service: no manifest records it. */
export interface Option {
  readonly type: 'boolean' | 'string';
  readonly aliases?: readonly string[];
  /** Name of the value in help texts. What is a FILE, a DIR or a SOURCE is completed as a path. */
  readonly value?: string;
  readonly description: string;
  /** May be given several times. */
  readonly isList?: true;
  /** May stand with a value (`--plan=FILE`) or without one. */
  readonly isOptional?: true;
}

/** Options by their flag, without the dashes. */
export type Options = Readonly<Record<string, Option>>;

type ValueOf<One> = One extends { isOptional: true }
  ? string | true | undefined
  : One extends { type: 'boolean' }
    ? boolean
    : One extends { isList: true }
      ? readonly string[]
      : string | undefined;

/** What a command line says about these options: `false`, `[]` or `undefined` where it says nothing. */
export type Flags<All extends Options> = { readonly [Flag in keyof All]: ValueOf<All[Flag]> };

/** Options that every command has. */
export const COMMON_OPTIONS = {
  format: { type: 'string', value: 'FORMAT', description: 'How the result is printed' },
  debug: { type: 'boolean', description: 'Print the stack of an error' },
  help: { type: 'boolean', description: 'Print this text' },
  version: { type: 'boolean', description: 'Print the version' },
} as const satisfies Options;

/** A command line that was understood. */
export interface Invocation<All extends Options = Options> {
  readonly positionals: readonly string[];
  readonly flags: Flags<All & typeof COMMON_OPTIONS>;
  /** One of the formats of the command. */
  readonly format: string;
  /** From flags, by the name of the question. */
  readonly answers: RawAnswers;
  /** What the command asks, with what `--preset` adds to it. */
  readonly questions: readonly Question[];
  /** What `--preset` names. */
  readonly standard?: Standard;
}

/** How many arguments a command takes that takes any number: more folders than anybody names. */
export const ANY_NUMBER = 100_000;

/** What a person wants from a command; the help text is grouped by it. */
export const GROUPS = {
  create: 'Create a service',
  grow: 'Grow a service',
  keep: 'Keep services on the standard',
  prove: 'Prove what a service promises',
  about: 'Learn about this program',
} as const;

/** A command: an entry of the one table. */
export interface Command<All extends Options = Options> {
  readonly name: string;
  readonly group: keyof typeof GROUPS;
  /** One line, without a full stop. */
  readonly summary: string;
  /** How its arguments are written, e.g. `[DIR ...]`. */
  readonly usage: string;
  /** How many arguments it takes at most. */
  readonly most: number;
  /** The values of its first argument, where they are known. */
  readonly words?: readonly string[];
  readonly options: All;
  /** The values of `--format`, the first being the default. */
  readonly formats: readonly string[];
  /** What stands behind the program's name. */
  readonly examples: readonly [string, string];
  /** Its questions are flags too. */
  readonly generator?: Generator;
  /** Loads what `--preset` names, if that adds questions, for the stack that the command line names. */
  readonly loadStandard?: (source: string, stack?: string) => Promise<Standard>;
  /**
   * Everything that it needs is loaded here, and not before.
   * @returns the exit code
   */
  run(invocation: Invocation<All>, context: RunContext): Promise<number>;
}

/** The same values without what is undefined, for a function whose options may be left out. */
export function given<Values extends object>(
  values: Values,
): { [Name in keyof Values]?: Exclude<Values[Name], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never;
}
