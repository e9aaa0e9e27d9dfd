import { resolve } from 'node:path';
import type { Baseline } from '../../contract/judge/baseline.ts';
import { PROFILES, type Profile } from '../../contract/profile.ts';
import { printable, UserError } from '../../engine/core/errors.ts';
import { readGiven, readStandardInput } from '../../engine/io/given-file.ts';

/** A report has a few hundred kB. */
const MAX_BYTES = 64 * 1024 * 1024;
const SCHEMA = 2;
const OUTCOMES = ['kept', 'partly', 'broken', 'skipped'];

/**
 * Reads what `verify --format json` wrote. The file is not trusted.
 * @param option that named it, for messages
 * @param file relative to `cwd`, or `-` for standard input
 * @throws {UserError} INPUT_INVALID if it cannot be read, or is something else
 */
export function readEarlierReport(option: string, file: string, cwd: string): Baseline {
  const refuse = (reason: string, cause?: unknown) =>
    new UserError(
      'INPUT_INVALID',
      `${option} ${printable(file)} ${reason}`,
      'Name a file that "npx create-twelve-service verify --format json" of this version wrote, or "-" for standard input.',
      { cause },
    );
  let text: string;
  try {
    text = file === '-' ? readStandardInput() : readGiven(resolve(cwd, file), MAX_BYTES);
  } catch (error) {
    throw refuse(`cannot be read: ${(error as Error).message}`, error);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw refuse('is not JSON', error);
  }
  const { schema, command, date, profile, results } = record(value);
  if (command !== undefined) throw refuse(`is of another command: ${printable(String(command))}`);
  if (typeof schema === 'number' && schema !== SCHEMA)
    throw refuse(`has schema ${schema}, and this program reads ${SCHEMA}`);
  const isReport = schema === SCHEMA && typeof date === 'string' && /^\d{4}-\d\d-\d\d$/.test(date);
  if (!isReport || !Array.isArray(results) || !results.every(isResult) || !PROFILES.some((one) => one === profile))
    throw refuse('is not a verification: it must have schema, date, profile and results');
  const rules = results.map(({ id, outcome, waived }) => [id, { outcome, isWaived: waived !== undefined }] as const);
  return { date, profile: profile as Profile, rules: new Map(rules) };
}

type EarlierResult = {
  readonly id: string;
  readonly outcome: 'kept' | 'partly' | 'broken' | 'skipped';
  readonly waived?: unknown;
};

function isResult(value: unknown): value is EarlierResult {
  const { id, outcome } = record(value);
  return typeof id === 'string' && OUTCOMES.includes(outcome as string);
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
