import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { printable, UserError } from '../../engine/core/errors.ts';
import type { RawAnswers } from '../../engine/core/question.ts';

/**
 * Reads `--answers FILE`, or standard input for `-`: one JSON object, question name -> answer.
 * @throws {UserError} INPUT_INVALID
 */
export async function readAnswers(source: string, cwd: string): Promise<RawAnswers> {
  const remedy =
    'Give one JSON object, e.g. {"name": "orders", "database": "none"}; npx create-twelve-service describe --format json lists the questions.';
  let content: string;
  try {
    content = source === '-' ? await text(process.stdin) : readFileSync(resolve(cwd, source), 'utf8');
  } catch (error) {
    throw new UserError(
      'INPUT_INVALID',
      `--answers ${printable(source)} cannot be read: ${(error as Error).message}`,
      remedy,
      { cause: error },
    );
  }
  let answers: unknown;
  try {
    answers = JSON.parse(content);
  } catch (error) {
    throw new UserError(
      'INPUT_INVALID',
      `--answers ${printable(source)} is not JSON: ${printable((error as Error).message)}`,
      remedy,
      { cause: error },
    );
  }
  if (typeof answers !== 'object' || answers === null || Array.isArray(answers))
    throw new UserError('INPUT_INVALID', `--answers ${printable(source)} is not a JSON object`, remedy);
  return answers as RawAnswers;
}
