import { printable, UserError } from '../core/errors.ts';
import { readGiven } from './given-file.ts';

/** Larger than any real API description. */
const MAX_BYTES = 20 * 1024 * 1024;
/** As many values as a document may have once each of its YAML aliases is written out. */
const MAX_VALUES = 5_000_000;
/** Deeper than any real API description. */
const MAX_DEPTH = 500;

/**
 * Reads a YAML or JSON document from a file.
 * @throws {UserError} INPUT_INVALID
 */
export async function readDocument(path: string): Promise<unknown> {
  const fail = (reason: string, cause?: unknown) =>
    new UserError(
      'INPUT_INVALID',
      `${printable(path)} cannot be read: ${printable(reason)}`,
      'Name a YAML or JSON file.',
      {
        cause,
      },
    );
  try {
    return await parseDocument(readGiven(path, MAX_BYTES));
  } catch (error) {
    throw fail((error as Error).message.split('\n')[0] ?? '', error);
  }
}

/** @throws {Error} for what is neither YAML nor JSON, and for what is too large once it is read */
async function parseDocument(text: string): Promise<unknown> {
  const value = /^\s*[{[]/.test(text) ? await readJson(text) : await readYaml(text);
  countValues(value, 0, new Map());
  return value;
}

/** YAML in braces begins as JSON does. */
async function readJson(text: string): Promise<unknown> {
  try {
    return JSON.parse(text);
  } catch (error) {
    return readYaml(text).catch(() => {
      throw error;
    });
  }
}

async function readYaml(text: string): Promise<unknown> {
  const { parse } = await import('yaml');
  // An alias is no copy: what all of them make together is counted when it has been read.
  return parse(text, { maxAliasCount: -1, merge: true });
}

/**
 * How many values there are, each alias written out. What is shared is counted once and added as often as it is used.
 * @throws {RangeError} for too many, too deep, or a value that contains itself
 */
function countValues(value: unknown, depth: number, known: Map<object, number>): number {
  if (typeof value !== 'object' || value === null) return 1;
  if (depth > MAX_DEPTH) throw new RangeError(`it is nested more than ${MAX_DEPTH} deep`);
  const before = known.get(value);
  if (Number.isNaN(before)) throw new RangeError('an alias in it contains itself');
  if (before !== undefined) return before;
  known.set(value, Number.NaN);
  const count = Object.values(value).reduce<number>((sum, one) => sum + countValues(one, depth + 1, known), 1);
  if (count > MAX_VALUES)
    throw new RangeError(`it has more than ${MAX_VALUES} values once its aliases are written out`);
  known.set(value, count);
  return count;
}
