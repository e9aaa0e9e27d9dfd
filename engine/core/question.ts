import { characterText, isPlain, type Problem, printable, UserError } from './errors.ts';
import { answerText, unknownReason } from './text/answer-text.ts';

/** A value of an answer. Every variable of a template is made from such values. */
export type AnswerValue = ScalarAnswer | readonly string[];

/** The value of an answer that a template may use. */
export type ScalarAnswer = string | number;

/** Answers before validation: from flags (text), a file (any JSON) or a prompt. */
export type RawAnswers = Readonly<Record<string, unknown>>;

/**
 * One question. Its flag, its prompt, its JSON Schema and its validation are all made from this declaration.
 */
export interface Question {
  readonly name: string;
  readonly message: string;
  readonly schema: AnswerSchema;
  /** What each choice brings, in a few words: a terminal shows it beside the choice. */
  readonly about?: Readonly<Record<string, string>>;
  /** Name of the value in help texts. A FILE is completed as a path. */
  readonly value?: 'FILE';
  /** The value if none is given. A function if it depends on other answers. Not set if an answer is required. */
  readonly default?: AnswerValue | ((answers: Readonly<Record<string, AnswerValue>>) => ScalarAnswer);
  /** Whether a terminal session asks it. If not, the default is used unless there is a flag. */
  readonly asked: boolean;
  /** What `schema.pattern` requires, in words that follow "must be". */
  readonly form?: string;
  /** The preset that locks this question. The locked answer is the default. */
  readonly lockedBy?: string;
  /** Checks beyond the schema, with the service's own rule of names where that is known. Throws a {@link RangeError} with the reason. */
  readonly check?: (value: string, rule?: NameRule) => void;
}

/** Why a name cannot be used in the code of a service, or nothing if it can. */
export type NameRule = (name: string) => string | undefined;

/** The part of JSON Schema 2020-12 that questions use; `describe` prints it unchanged. */
export type AnswerSchema =
  | {
      readonly type: 'string';
      readonly enum?: readonly string[];
      readonly minLength?: number;
      readonly maxLength?: number;
      readonly pattern?: string;
    }
  | { readonly type: 'integer'; readonly minimum: number; readonly maximum: number }
  /** The flag may be repeated. Each value is checked separately. */
  | { readonly type: 'array'; readonly items: { readonly type: 'string'; readonly maxLength: number } };

/** The flag of a question: `--database` for `database`. */
export function flagOf(question: Pick<Question, 'name'>): string {
  return `--${question.name.replace(/[A-Z]/g, (upper) => `-${upper.toLowerCase()}`)}`;
}

/** Bidirectional overrides make a line read differently from what it says (CVE-2021-42574). */
const UNSAFE_TEXT = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u;
const NOTHING_VISIBLE = /^[\s\p{Cf}\p{Default_Ignorable_Code_Point}]+$/u;

/**
 * Turns one raw value into an answer.
 * @throws {RangeError} with a reason that reads well after the flag's name
 */
export function parseAnswer(question: Question, raw: unknown, rule?: NameRule): AnswerValue {
  const { schema } = question;
  if (schema.type === 'integer') {
    const number = typeof raw === 'string' && /^\d{1,15}$/.test(raw) ? Number(raw) : raw;
    if (typeof number !== 'number' || !Number.isInteger(number) || number < schema.minimum || number > schema.maximum)
      throw new RangeError(`must be a whole number from ${schema.minimum} to ${schema.maximum}, not ${show(raw)}`);
    question.check?.(String(number), rule);
    return number;
  }
  if (schema.type === 'array') {
    const items: unknown[] = Array.isArray(raw) ? raw : [raw];
    const item: Question = { ...question, schema: schema.items };
    return items.map((one) => String(parseAnswer(item, one, rule)));
  }
  if (typeof raw !== 'string') throw new RangeError(`must be text, not ${show(raw)}`);
  if (schema.enum && !schema.enum.includes(raw))
    throw new RangeError(`must be one of ${schema.enum.join(', ')}, not ${show(raw)}`);
  if (schema.minLength !== undefined && raw.trim().length < schema.minLength) throw new RangeError('must not be empty');
  if (raw !== '' && raw.trim() === '') throw new RangeError('has only spaces');
  if (!isPlain(raw) && NOTHING_VISIBLE.test(raw)) throw new RangeError('has only characters that nobody sees');
  if (schema.maxLength !== undefined && [...raw].length > schema.maxLength)
    throw new RangeError(`has ${[...raw].length} characters; at most ${schema.maxLength} are allowed`);
  question.check?.(raw, rule);
  const unsafe = isPlain(raw) ? null : UNSAFE_TEXT.exec(raw);
  if (unsafe) throw new RangeError(`must be one line of visible text, but has ${characterText(unsafe[0])}`);
  if (schema.pattern !== undefined && !new RegExp(schema.pattern, 'u').test(raw))
    throw new RangeError(`must be ${question.form ?? `text that matches ${schema.pattern}`}, not ${show(raw)}`);
  return raw;
}

/** Why a value is not a valid answer to this question. Nothing if it is valid. */
export function answerProblem(question: Question, raw: unknown): string | undefined {
  try {
    parseAnswer(question, raw);
    return undefined;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return error.message;
  }
}

/** Why an answer is refused by a lock. Nothing if the question is open, or has that very answer. */
export function lockedProblem({ default: locked, lockedBy }: Question, given: unknown): string | undefined {
  if (lockedBy === undefined || String(given) === String(locked)) return undefined;
  return `is locked to ${show(locked)} by ${lockedBy}, and cannot be ${show(given)}`;
}

function show(raw: unknown): string {
  return printable((JSON.stringify(raw) ?? String(raw)).slice(0, 80));
}

/**
 * The correct command of a run whose answers are set by name, `--set NAME=VALUE`, and not by flags of their own.
 * @param answers `NAME=VALUE` for each answer that is wrong or missing, if there is such a question
 * @param wrong the names of all that are wrong or missing
 */
export type SetCommand = (answers: readonly string[], wrong: readonly string[]) => string;

/**
 * Makes the answers: complete, validated, frozen, in the order of the questions.
 * @param example a correct command for the remedy; an answer is named by its flag, or by its name for a {@link SetCommand}
 * @param rule of names, if the language of the service is known
 * @throws {UserError} INPUT_MISSING or INPUT_INVALID, with all problems and not only the first
 */
export function parseAnswers(
  questions: readonly Question[],
  raw: RawAnswers,
  example: string | SetCommand,
  rule?: NameRule,
): Readonly<Record<string, AnswerValue>> {
  const answers: Record<string, AnswerValue> = {};
  const problems: Problem[] = [];
  const missing: Problem[] = [];
  const wrong: Question[] = [];
  const known = new Set(questions.map(({ name }) => name));
  const subjectOf = (question: Question) =>
    typeof example === 'string' ? flagOf(question) : answerText(question.name);
  const unknown = Object.keys(raw).filter((name) => !known.has(name));
  const open = questions.flatMap(({ name, lockedBy }) => (lockedBy === undefined ? [name] : []));
  for (const name of unknown)
    problems.push(
      typeof example === 'string'
        ? { subject: printable(name), reason: 'is not one of the questions' }
        : { subject: answerText(name), reason: unknownReason(name, open) },
    );
  for (const question of questions) {
    const given = Object.hasOwn(raw, question.name) ? raw[question.name] : undefined;
    try {
      const refused = given === undefined ? undefined : lockedProblem(question, given);
      if (refused !== undefined) throw new RangeError(refused);
      if (given !== undefined) answers[question.name] = parseAnswer(question, given, rule);
      else if (typeof question.default === 'function') answers[question.name] = question.default(answers);
      else if (question.default !== undefined) answers[question.name] = question.default;
      else {
        missing.push({
          subject: subjectOf(question),
          reason: `is missing: ${askText(question.message, choicesOf(question))}`,
        });
        wrong.push(question);
      }
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      wrong.push(question);
      problems.push({ subject: subjectOf(question), reason: error.message });
    }
  }
  if (problems.length > 0 || missing.length > 0) {
    const all = [...problems, ...missing];
    const code = problems.length > 0 ? 'INPUT_INVALID' : 'INPUT_MISSING';
    const text = all.map(({ subject, reason }) => `${subject} ${reason}`).join('; ');
    const names = [...unknown, ...wrong.map(({ name }) => name)];
    const filled = typeof example === 'string' ? example : example(wrong.map(exampleOf), names);
    throw new UserError(code, text, `Correct it and run it again, e.g. ${filled}`, { problems: all });
  }
  return Object.freeze(answers);
}

/** The answers that a question allows, if it is a choice. */
export function choicesOf({ schema }: Question): readonly string[] | undefined {
  return schema.type === 'string' ? schema.enum : undefined;
}

/** `How critical it is (gold, silver)` */
export function askText(message: string, choices?: readonly string[]): string {
  return choices ? `${message} (${choices.join(', ')})` : message;
}

/** `cache=redis` */
function exampleOf({ name, schema, default: initial }: Question): string {
  const [first] = schema.type === 'string' ? (schema.enum ?? []) : [];
  const value = initial === undefined || initial === '' || typeof initial === 'function' ? first : initial;
  return `${name}=${String(value ?? 'VALUE')}`;
}
