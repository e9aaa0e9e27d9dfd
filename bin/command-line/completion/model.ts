/** What may stand behind a flag, or as an argument: one of these words, or a path. */
export type Values = readonly string[] | 'file' | 'folder' | 'text';

export interface CompletedOption {
  /** Every spelling, without dashes. */
  readonly flags: readonly string[];
  readonly description: string;
  /** None: it takes no value. */
  readonly values?: Values;
  /** Whether its value stands behind "=" alone. */
  readonly isOptional: boolean;
}

export interface CompletedCommand {
  readonly name: string;
  readonly summary: string;
  readonly options: readonly CompletedOption[];
  /** Of its first argument, and of those behind it. */
  readonly first: Values;
  readonly others: Values;
}

/** What the package installs. */
export const PROGRAMS = ['create-twelve-service', 'twelve'] as const;

/** What stands behind `add`: `add endpoint` is `add-endpoint`. */
export function kindsOf(commands: readonly CompletedCommand[]): string[] {
  return commands.flatMap(({ name }) => (name.startsWith('add-') ? [name.slice(4)] : []));
}

/** The flags, with dashes, whose value is the next word. */
export function flagsWithValue({ options }: CompletedCommand): string[] {
  return options.flatMap(({ flags, values, isOptional }) =>
    values === undefined || isOptional ? [] : flags.map((flag) => `--${flag}`),
  );
}
