import { printable, UserError } from '../errors.ts';
import type { AnswerValue } from '../question.ts';
import { parseRepoPath } from '../repo-path.ts';
import { withoutMark } from '../text/byte-order-mark.ts';
import { type AdditionRecord, additionKey, recordPath } from './addition-record.ts';

/**
 * Reads the file of an addition. It is not trusted.
 * @throws {UserError} MANIFEST_BROKEN, MANIFEST_NEWER, or MANIFEST_UNSAFE, with the name of the file
 */
export function parseRecord(path: string, text: string): AdditionRecord {
  let value: unknown;
  try {
    value = JSON.parse(withoutMark(text));
  } catch (error) {
    throw brokenRecord(path, `is not JSON: ${(error as Error).message}`, error);
  }
  const { schema, generator, name, answers, shared } = Object(value) as Record<string, unknown>;
  if (typeof schema === 'number' && schema > 1) throw newerRecord(path, schema, 1);
  if (schema !== 1) throw brokenRecord(path, 'must have schema, generator, name and answers');
  const record = checkRecord(path, { generator, name, answers, shared });
  const wanted = recordPath(record);
  if (wanted !== path) throw brokenRecord(path, `has ${additionKey(record)}, whose file is ${wanted}`);
  return record;
}

/**
 * @param path the file that has the values, for messages
 * @throws {UserError} MANIFEST_BROKEN or MANIFEST_UNSAFE
 */
export function checkRecord(path: string, value: Readonly<Record<string, unknown>>): AdditionRecord {
  const { generator, name, answers, shared } = value;
  if (typeof generator !== 'string' || !/^add-[a-z]{1,20}(-[a-z]{1,20}){0,3}$/.test(generator))
    throw brokenRecord(path, 'has an addition without a generator');
  if (typeof name !== 'string' || name === '' || name.length > 1000 || printable(name) !== name)
    throw brokenRecord(path, `has an addition of ${generator} without a name`);
  if (!isMap(answers)) throw brokenRecord(path, `has no answers of ${generator} ${name}`);
  for (const [key, answer] of Object.entries(answers))
    if (!isAnswer(answer)) throw brokenRecord(path, `has no text, number or list of texts as the answer ${key}`);
  if (shared === undefined) return { generator, name, answers: answers as AdditionRecord['answers'] };
  if (!isMap(shared) || !Object.values(shared).every((hash) => typeof hash === 'string'))
    throw brokenRecord(path, 'has shared files without a hash');
  for (const file of Object.keys(shared)) checkRecordedPath(path, file);
  return {
    generator,
    name,
    answers: answers as AdditionRecord['answers'],
    shared: shared as Readonly<Record<string, string>>,
  };
}

function isAnswer(value: unknown): value is AnswerValue {
  return (
    typeof value === 'string' ||
    Number.isFinite(value) ||
    (Array.isArray(value) && value.every((item) => typeof item === 'string'))
  );
}

export function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Paths that were already checked: a thousand services have the same paths. */
const checked = new Set<string>();
const MAX_CHECKED = 10_000;

/**
 * Checks a path that this program will read or write.
 * @throws {UserError} MANIFEST_UNSAFE
 */
export function checkRecordedPath(record: string, path: string): void {
  if (checked.has(path)) return;
  try {
    parseRepoPath(path);
    if (checked.size < MAX_CHECKED) checked.add(path);
  } catch (error) {
    throw unsafeRecord(record, `names a file that a service cannot have: ${(error as RangeError).message}`, error);
  }
}

/** @param path the file of ours that is broken: `.twelve.json`, or that of an addition */
export function brokenRecord(path: string, reason: string, cause?: unknown): UserError {
  return new UserError(
    'MANIFEST_BROKEN',
    `${path} ${reason}`,
    `Run npx create-twelve-service repair, or restore ${path} from git.`,
    { cause },
  );
}

export function unsafeRecord(path: string, reason: string, cause?: unknown): UserError {
  return new UserError('MANIFEST_UNSAFE', `${path} ${reason}`, `Restore ${path} from git.`, { cause });
}

export function newerRecord(path: string, schema: number, known: number): UserError {
  return new UserError(
    'MANIFEST_NEWER',
    `${path} was written by a newer version of this program (its schema is ${schema}, this version reads ${known})`,
    'Use that version: npx create-twelve-service@latest.',
  );
}
