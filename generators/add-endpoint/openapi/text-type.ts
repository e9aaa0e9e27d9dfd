import type { Place } from './place.ts';
import { type Said, type SaidField, typeText } from './schema/said.ts';

/** What of null is lost where a value comes as a text. */
export const NEVER_NULL = 'is never null where it comes as a text';

/** What is lost of a schema where all that an endpoint can say is that a value is a text. */
export const ANY_TEXT = 'is not checked: any text is taken';

/** What a member is where it comes as a text: in a form, or as a parameter. */
export function textField({ said, places }: SaidField): string {
  return plainType(said, 'list', () => places[0]);
}

/** Whether this is no more than a text. */
export function isAnyText({ alternatives: [first, ...others], isNullable }: Said): boolean {
  if (first === undefined || others.length > 0 || isNullable) return false;
  return first.kind === 'any' || (first.kind === 'simple' && first.text === 'string' && !first.bounds);
}

/** What a text of a request can be: anything else is a text, and the schema is lost. */
export function plainType(said: Said | undefined, count: 'single' | 'list', place: () => Place | undefined): string {
  if (said === undefined) return 'string';
  const { alternatives, isNullable } = said;
  const [first] = alternatives;
  const hasNull = isNullable || alternatives.some((one) => one.kind === 'list' && one.item.isNullable);
  if (hasNull) place()?.remark(NEVER_NULL);
  if (first?.kind === 'any') return 'string';
  if (first?.kind === 'simple' && alternatives.length === 1) return typeText({ alternatives, isNullable: false });
  const item = count === 'list' ? listItem(said) : undefined;
  const isExact = alternatives.every((one) => one.kind === 'list' && one.item.alternatives.length < 2);
  if (item !== undefined && alternatives.length === 1) {
    if (!isExact) place()?.remark('is not checked in its items: any texts are taken');
    return item;
  }
  place()?.cut(ANY_TEXT);
  return item === undefined ? 'string' : 'string[]';
}

/** `int[]<=9`, where one alternative is a list of simple values. */
export function listItem({ alternatives }: Said): string | undefined {
  const list = alternatives.find((one) => one.kind === 'list');
  if (list?.kind !== 'list') return undefined;
  const [item] = list.item.alternatives;
  if (list.item.alternatives.length !== 1 || !item || item.kind === 'any') return `string[]${list.bounds}`;
  if (item.kind !== 'simple') return undefined;
  return typeText({
    alternatives: [{ ...list, item: { alternatives: [item], isNullable: false } }],
    isNullable: false,
  });
}
