/**
 * What can go wrong, by its stable code. The exit code follows from it, so that a script can tell
 * "your input" (2) from "I refuse" (3) from "our bug" (1) without reading the text.
 */
export const EXIT_BY_CODE = {
  INTERNAL: 1,
  INPUT_INVALID: 2,
  INPUT_MISSING: 2,
  FLAG_UNKNOWN: 2,
  TARGET_NOT_EMPTY: 3,
  TARGET_BUSY: 3,
  TARGET_CHANGED: 3,
  TARGET_UNUSABLE: 3,
  SERVICE_NOT_FOUND: 3,
  MANIFEST_BROKEN: 3,
  MANIFEST_NEWER: 3,
  ADDITION_DIFFERS: 3,
  NAME_TAKEN: 3,
  NOT_POSSIBLE: 3,
  PLAN_OUTDATED: 3,
  NOTHING_TO_UNDO: 3,
  EDITED_SINCE: 3,
  NOT_CLEAN: 3,
  UPGRADE_PENDING: 3,
  NOTHING_PENDING: 3,
  CONFLICTS_LEFT: 3,
  FOLLOW_UP_FAILED: 4,
  SOURCE_UNREACHABLE: 5,
  SOURCE_DENIED: 5,
  SOURCE_NOT_FOUND: 5,
  SOURCE_CHANGED: 6,
  TEMPLATE_BROKEN: 6,
  TEMPLATE_UNSAFE: 6,
  MANIFEST_UNSAFE: 6,
  DISK_FULL: 7,
  DISK_READ_ONLY: 7,
  DISK_FAILED: 7,
  OUTPUT_FAILED: 7,
  INTERRUPTED: 130,
  TERMINATED: 143,
} as const satisfies Record<string, number>;

type ErrorCode = keyof typeof EXIT_BY_CODE;

/** The exit code of a run that did its work but needs a person, e.g. because git failed after it. */
export const EXIT_NEEDS_PERSON = 4;

/** One problem of one input. A {@link UserError} can have several. */
export interface Problem {
  /** The question, flag or file that is wrong, e.g. `--port`. */
  readonly subject: string;
  readonly reason: string;
}

/**
 * An error with a remedy. Any other error is our bug; `main` reports it with the code INTERNAL.
 * `message` is the cause on one line, `remedy` says what to do about it.
 */
export class UserError extends Error {
  override readonly name = 'UserError';

  /** Recognises an error by its shape, because each bundle of the published program has its own copy of this class. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && value.name === 'UserError' && 'remedy' in value;
  }

  readonly code: ErrorCode;
  readonly remedy: string;
  readonly problems: readonly Problem[];

  constructor(
    code: ErrorCode,
    message: string,
    remedy: string,
    options: { problems?: readonly Problem[]; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.remedy = remedy;
    this.problems = options.problems ?? [];
  }

  get exit(): number {
    return EXIT_BY_CODE[this.code];
  }
}

/** Whether text is printable ASCII. This fast check avoids the Unicode tables that the other patterns load. */
export function isPlain(text: string): boolean {
  return /^[ -~]*$/.test(text);
}

const escapeCodePoint = (char: string): string => {
  const point = char.codePointAt(0) ?? 0;
  return `U+${point.toString(16).toUpperCase().padStart(4, '0')}`;
};

/**
 * Characters that a terminal acts on or does not show: controls, format (bidi, zero width), surrogates, private use.
 */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu;

/** Makes untrusted text safe for one terminal line: control, bidi and zero-width characters are replaced. */
export function printable(text: string): string {
  if (isPlain(text)) return text;
  return text.replace(UNPRINTABLE, (char) => `<${escapeCodePoint(char)}>`);
}

/** Characters that are nothing on a screen, by what a person calls them. */
const CALLED: Readonly<Record<string, string>> = {
  '\0': 'a zero byte',
  '\t': 'a tab',
  '\n': 'a line break',
  '\r': 'a carriage return',
  '\u001b': 'an escape character',
  '\u202e': 'a character that turns the text around',
};

/** A character that a terminal does not show, e.g. `a tab (U+0009)`. */
export function characterText(char: string): string {
  return `${CALLED[char] ?? 'the invisible character'} (${escapeCodePoint(char)})`;
}

/** The characters of `text` that are not ASCII letters, digits or common punctuation, as `U+XXXX`. */
export function foreignCodePoints(text: string): string[] {
  return [...new Set([...text].filter((char) => !/[\x20-\x7e]/.test(char)).map(escapeCodePoint))];
}
