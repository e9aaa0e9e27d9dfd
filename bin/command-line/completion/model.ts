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
