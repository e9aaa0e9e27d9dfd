/** A prompt as plop's plopfiles have them: `input`, `list` or `confirm`. */
export interface Prompt {
  readonly type: 'input' | 'list' | 'confirm';
  readonly name: string;
  readonly message: string;
  readonly choices?: readonly PromptChoice[];
  readonly default?: unknown;
  /** Whether it is asked at all. */
  readonly when?: (answers: Record<string, unknown>) => boolean;
  /** `true`, or what is wrong with a value. */
  readonly validate?: (value: string) => string | true;
}

/** One choice of a list. */
export interface PromptChoice {
  readonly value: string;
  /** What the list shows. */
  readonly name: string;
  /** What is shown once it is chosen. */
  readonly short: string;
}
