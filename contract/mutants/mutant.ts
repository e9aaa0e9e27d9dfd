/** A change of one file; `find` occurs exactly once in it. */
export interface Edit {
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

/** The reference service with a fault that breaks one rule, and no other but those that cannot be kept with it. */
export interface Mutant {
  readonly rule: string;
  /** What somebody might have done. */
  readonly fault: string;
  readonly edits: readonly Edit[];
  /** Rules that nobody keeps who has this fault. */
  readonly also?: readonly string[];
}

export const edit = (file: string, find: string, replace: string): Edit => ({ file, find, replace });
