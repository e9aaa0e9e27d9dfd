import { INITIALISMS } from '../names.ts';

/** The words of a name, in lower case: `orderId` and `order-id` are `order`, `id`. */
function wordsOf(name: string): string[] {
  return name
    .replace(/([\p{Ll}\p{N}])(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
    .map((word) => word.toLowerCase());
}

/**
 * The words of a name as one exported identifier: `order-id` is `OrderID`. What Go would not take, or not export, has an X first.
 */
export function exported(name: string): string {
  const joined = join(wordsOf(name).map(capital));
  return /^\p{Lu}/u.test(joined) ? joined : `X${joined}`;
}

/** The same for the package alone: `order-id` is `orderID`. */
export function unexported(name: string): string {
  const [first = '', ...others] = wordsOf(name);
  const joined = join([first, ...others.map(capital)]);
  return /^\p{Ll}/u.test(joined) ? joined : `x${joined}`;
}

function capital(word: string): string {
  const [first = ''] = word;
  return INITIALISMS.has(word) ? word.toUpperCase() : `${first.toUpperCase()}${word.slice(first.length)}`;
}

/**
 * Words as one, so that other words make another one. A "_" stands before a word that begins with a digit (`a-1b` is not `a1b`),
 * and between a letter and capitals (`i-d` is not `id`).
 */
function join(words: readonly string[]): string {
  return words.reduce((all, word, index) => {
    const before = words[index - 1] ?? '';
    const isCapital = (one: string) => one.length === 1 || /^\p{Lu}+$/u.test(one);
    const isGlued = isCapital(word) && isCapital(before) && (word.length === 1 || before.length === 1);
    return `${all}${all !== '' && (isGlued || /^\p{N}/u.test(word)) ? '_' : ''}${word}`;
  }, '');
}

/** Gives each name an identifier that no other has. */
export class Identifiers {
  readonly #taken: Set<string>;

  constructor(taken: readonly string[] = []) {
    this.#taken = new Set(taken);
  }

  /** The identifier, or the same with a number after it where it is taken: `a-b` is `AB`, and `a_b` then `AB2`. */
  take(identifier: string): string {
    let found = identifier;
    for (let count = 2; this.#taken.has(found); count++)
      found = `${identifier}${/\d$/.test(identifier) ? '_' : ''}${count}`;
    this.#taken.add(found);
    return found;
  }
}
