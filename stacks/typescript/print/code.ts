/**
 * Expressions of TypeScript as values. What they look like is decided by `express.ts`, not by who makes them.
 *
 *   chain(name('z'), 'string', [], 'min', [number(3)])      z.string().min(3)
 *   chain(name('decimal'), [object([['min', number(0)]])])  decimal({ min: 0 })
 *   object([['a', number(1)], spread('rest')], 'lines')     an object with one member a line, however short
 */
export type Code =
  | { readonly kind: 'name' | 'number' | 'template' | 'binary'; readonly text: string }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'list'; readonly items: readonly Code[] }
  | { readonly kind: 'object'; readonly members: readonly Member[]; readonly isExpanded: boolean }
  | { readonly kind: 'chain'; readonly head: Code; readonly links: readonly Link[] }
  | { readonly kind: 'made'; readonly name: string; readonly given: readonly Code[] }
  | { readonly kind: 'choice'; readonly test: string; readonly yes: Code; readonly no: Code }
  | { readonly kind: 'fixed'; readonly value: Code };

/** A member of an object, or `...name`. */
export type Member = readonly [key: string, value: Code] | { readonly spread: string };

/** `.name`, or a call with these arguments. */
export type Link = string | readonly Code[];

/** A value of JSON; `undefined` too, since a test may say it. */
export type Json = string | number | boolean | null | undefined | readonly Json[] | { readonly [name: string]: Json };

/** A variable, `null` or `undefined`. */
export const name = (text: string): Code => ({ kind: 'name', text });

/** `12`, `-1.5`, `true`: a literal that is no text. */
export const number = (value: number | boolean | string): Code => ({
  kind: 'number',
  text: String(value).replace('e+', 'e'),
});

/** What is between backticks, as it stands in the code. */
export const template = (inner: string): Code => ({ kind: 'template', text: `\`${inner}\`` });

/** An operation that is short enough for every line, such as `samples + 100`: it is never broken. */
export const binary = (text: string): Code => ({ kind: 'binary', text });

/** A literal of any text, with the quotes that it needs. */
export const text = (value: string): Code => ({ kind: 'text', value });

export const list = (items: readonly Code[]): Code => ({ kind: 'list', items });

/** @param shape `lines` for one member a line, which a formatter leaves as it is; else only if they do not fit on one */
export const object = (members: readonly Member[], shape: 'lines' | 'any' = 'any'): Code => ({
  kind: 'object',
  members,
  isExpanded: shape === 'lines' && members.length > 0,
});

export const spread = (of: string): Member => ({ spread: of });

/** Calls and members, one after the other: `chain(name('z'), 'array', [item], 'optional', [])`. */
export const chain = (head: Code, ...links: readonly Link[]): Code =>
  head.kind === 'chain'
    ? { ...head, links: [...head.links, ...links] }
    : links.length === 0
      ? head
      : { kind: 'chain', head, links };

/** `new Date(...)` */
export const made = (type: string, ...given: readonly Code[]): Code => ({ kind: 'made', name: type, given });

/** `test ? yes : no`, where the test is an operation. */
export const choice = (test: string, yes: Code, no: Code): Code => ({ kind: 'choice', test, yes, no });

/** `value as const` */
export const fixed = (value: Code): Code => ({ kind: 'fixed', value });

/** @param shape of the objects in it: see `object` */
export function json(value: Json, shape: 'lines' | 'any' = 'any'): Code {
  if (typeof value === 'string') return text(value);
  if (typeof value === 'number' || typeof value === 'boolean') return number(value);
  if (value === null || value === undefined) return name(String(value));
  if (isJsonList(value)) return list(value.map((item) => json(item, shape)));
  return object(
    Object.entries(value).map(([key, member]) => [key, json(member, shape)] as const),
    shape,
  );
}

function isJsonList(value: object): value is readonly Json[] {
  return Array.isArray(value);
}
