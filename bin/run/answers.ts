import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { printable, UserError } from '../../engine/core/errors.ts';
import type { RawAnswers } from '../../engine/core/question.ts';
import { withoutMark } from '../../engine/core/text/byte-order-mark.ts';
import { readGiven } from '../../engine/io/given-file.ts';

/** Larger than the answers for any endpoint. */
const MAX_BYTES = 4 * 1024 * 1024;
/** More than any preset asks. */
const MAX_ANSWERS = 1000;
/** The object and a list of texts; one more, so that a wrong answer is named. */
const MAX_DEPTH = 8;

/**
 * Reads `--answers FILE`, or standard input for `-`: one JSON object, question name -> answer.
 * @throws {UserError} INPUT_INVALID
 */
export async function readAnswers(source: string, cwd: string): Promise<RawAnswers> {
  const fail = (reason: string, cause?: unknown) =>
    new UserError(
      'INPUT_INVALID',
      `--answers ${printable(source)} ${reason}`,
      'Give one JSON object, e.g. {"name": "orders", "database": "none"}; npx create-twelve-service describe --format json lists the questions.',
      { cause },
    );
  let content: string;
  try {
    content = source === '-' ? await text(process.stdin) : readGiven(resolve(cwd, source), MAX_BYTES);
  } catch (error) {
    throw fail(`cannot be read: ${(error as Error).message}`, error);
  }
  if (content.length > MAX_BYTES) throw fail(`is larger than ${MAX_BYTES} bytes`);
  if (isDeep(content)) throw fail('is nested too deep: an answer is a text, a number or a list of texts');
  let answers: unknown;
  try {
    answers = JSON.parse(withoutMark(content));
  } catch (error) {
    throw fail(`is not JSON: ${printable((error as Error).message)}`, error);
  }
  if (typeof answers !== 'object' || answers === null || Array.isArray(answers)) throw fail('is not a JSON object');
  const { length } = Object.keys(answers);
  if (length > MAX_ANSWERS) throw fail(`has ${length} members, and there are not so many questions`);
  return answers as RawAnswers;
}

/** Whether brackets outside of texts are nested deeper than answers can be: looked at before anything is made of them. */
function isDeep(json: string): boolean {
  let depth = 0;
  for (const [token] of json.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{}]/gs)) {
    if (token === '[' || token === '{') depth += 1;
    else if (token === ']' || token === '}') depth -= 1;
    if (depth > MAX_DEPTH) return true;
  }
  return false;
}
