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
    refuseUnknownAnswer(all, wanted, '--columns');
    return [...new Set(wanted)];
  }
  const isUseful = (name: string) => {
    const values = new Set(all.map((answers) => answerText(answers, name)));
    // Texts that are different everywhere, such as a description, group nothing.
    return values.size > 1 && (values.size < all.length || all.length === 2);
  };
  return [...new Set(asked)].filter(isUseful).slice(0, MAX_DEFAULT);
}

/**
 * @param all the answers of each service that could be read
 * @param wanted names of answers that a person wrote
 * @param flag where
 * @throws {UserError} INPUT_INVALID for a name that no service has
 */
export function refuseUnknownAnswer(all: readonly Answers[], wanted: readonly string[], flag: string): void {
  const known = new Set(all.flatMap((answers) => Object.keys(answers)));
  const unknown = wanted.find((name) => !known.has(name));
  if (unknown === undefined || all.length === 0) return;
  throw new UserError(
    'INPUT_INVALID',
    `${flag}: no service has the answer ${JSON.stringify(unknown)}`,
    `Name answers with ${flag}: ${[...known].sort().slice(0, 40).join(', ')}.`,
  );
}

/** The services that have the same answer. */
interface AnswerGroup<State extends string> {
  /** '' for services without an answer. */
  readonly value: string;
  readonly services: number;
  readonly byState: Readonly<Record<State, number>>;
}

/**
 * Counts services by an answer and a state, the largest group first.
 * @param services the answer and the state of each
 * @param states all states, so that each has a number
 */
export function groupByAnswer<State extends string>(
  services: readonly (readonly [value: string, state: State])[],
  states: readonly State[],
): AnswerGroup<State>[] {
  const groups = new Map<string, Record<State, number>>();
  for (const [value, state] of services) {
    const group = groups.get(value) ?? (Object.fromEntries(states.map((one) => [one, 0])) as Record<State, number>);
    group[state] += 1;
    groups.set(value, group);
  }
  return [...groups]
    .map(([value, byState]) => ({
      value,
      services: Object.values<number>(byState).reduce((sum, number) => sum + number, 0),
      byState,
    }))
    .sort((a, b) => b.services - a.services || (a.value < b.value ? -1 : 1));
}
