import type { NameRule } from '../../question.ts';

/** Names that need no quotes: of JSON members, query parameters and path parameters. */
export const MEMBER_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
export const HEADER_NAME = /^[A-Za-z][A-Za-z0-9-]*$/;

/** Names that would access an object's prototype in this program, whatever the language of the service is. */
const RESERVED = new Set('__proto__ constructor prototype hasOwnProperty toString valueOf then'.split(' '));

const MAX_NAME = 60;
const MAX_MEMBER = 200;

/** Why a name cannot be used in code. Nothing if it can. */
export function nameProblem(name: string, pattern: RegExp = MEMBER_NAME, rule?: NameRule): string | undefined {
  if (RESERVED.has(name)) return `"${name}" is a reserved word`;
  const problem = rule?.(name);
  if (problem !== undefined) return problem;
  if (name.length > MAX_NAME) return `"${name.slice(0, 20)}..." is longer than ${MAX_NAME} characters`;
  return pattern.test(name) ? undefined : `"${name}" is not a valid name (letters, digits and "_", a letter first)`;
}

/**
 * Why no member of a JSON document, and no query parameter, can have a name. Nothing if one can: such a name is data, so a
 * word that a language reserves will do.
 */
export function memberProblem(name: string): string | undefined {
  if (name === '__proto__') return '"__proto__" is a reserved word: it is refused in every JSON document';
  if (name === '') return 'a name cannot be empty';
  if (name.length > MAX_MEMBER) return `"${name.slice(0, 20)}..." is longer than ${MAX_MEMBER} characters`;
  return hasInvisible(name) ? 'a name has a character that cannot be seen' : undefined;
}

/** Whether every object has a member of this name, so that nobody can tell whether it was sent. */
export function isInherited(name: string): boolean {
  return name in Object.prototype;
}

/** Control characters, those that change the direction of a text, and halves of characters. */
export function hasInvisible(text: string): boolean {
  return /\p{C}/u.test(text);
}
