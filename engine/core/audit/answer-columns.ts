import { UserError } from '../errors.ts';
import type { ServiceAudit } from './audit.ts';

type Answers = ServiceAudit['answers'];

/** A table stays readable with this many more columns. `--columns` may name more. */
const MAX_DEFAULT = 4;

/**
 * An answer as one text. A manifest is not trusted, so a value can be anything.
 * @returns '' if the service has no such answer
 */
export function answerText(answers: Answers, name: string): string {
  const value: unknown = Object.hasOwn(answers, name) ? answers[name] : '';
  if (Array.isArray(value)) return value.map(String).join(', ');
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/**
 * The answers that a report shows as columns; services are grouped by the first.
 * @param all the answers of each service that could be read
 * @param asked names of the questions that presets ask, in their order
 * @param wanted names from the command line; without them, questions of presets whose answers differ between services
 * @throws {UserError} INPUT_INVALID for a name that no service has
 */
export function chooseColumns(all: readonly Answers[], asked: readonly string[], wanted?: readonly string[]): string[] {
  if (wanted !== undefined) {
    const known = new Set(all.flatMap((answers) => Object.keys(answers)));
    const unknown = wanted.find((name) => !known.has(name));
    if (unknown !== undefined && all.length > 0)
      throw new UserError(
        'INPUT_INVALID',
        `no service has the answer ${JSON.stringify(unknown)}`,
        `Name answers with --columns: ${[...known].sort().slice(0, 40).join(', ')}.`,
      );
    return [...new Set(wanted)];
  }
  const isUseful = (name: string) => {
    const values = new Set(all.map((answers) => answerText(answers, name)));
    // Texts that are different everywhere, such as a description, group nothing.
    return values.size > 1 && (values.size < all.length || all.length === 2);
  };
  return [...new Set(asked)].filter(isUseful).slice(0, MAX_DEFAULT);
}
