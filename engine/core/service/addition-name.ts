import { nameForms } from '../names.ts';
import type { Question } from '../question.ts';
import { isWindowsDevice } from '../repo-path.ts';
import { MEMBER_NAME, nameProblem } from './fields/names.ts';

/** As long as names of members: it fits every line of a template, and with an ending the 63 characters of a host name. */
const MAX_NAME = 60;

/**
 * The question for the name of an addition. The name becomes a file, a variable and a label, so it consists of words.
 * @param example a valid name
 * @param taken names that already have another meaning there
 */
export function nameQuestion(
  message: string,
  example: string,
  taken: readonly string[] = [],
  maxLength = MAX_NAME,
): Question {
  return {
    name: 'name',
    message: `${message}, e.g. ${example}`,
    asked: true,
    form: `lower case words joined by "-", e.g. ${example}`,
    schema: { type: 'string', maxLength, pattern: '^[a-z][a-z0-9]*(-[a-z][a-z0-9]*)*$' },
    check: (text, rule) => {
      const { camelName } = nameForms(text);
      refuseDevice(text);
      const problem = taken.includes(text) ? `"${text}" is taken` : nameProblem(camelName, MEMBER_NAME, rule);
      if (problem !== undefined && /^[a-z0-9-]+$/.test(text)) throw new RangeError(problem);
    },
  };
}

/** @throws {RangeError} for a name that no file can have on Windows */
export function refuseDevice(text: string): void {
  if (isWindowsDevice(text)) throw new RangeError(`"${text}" is a device name on Windows`);
}
