import { nameText } from '../../../../engine/core/service/fields/text.ts';
import type { Place } from '../place.ts';

/** Who sends a value: what is read-only is not asked for, what is write-only is not answered. */
export type Direction = 'request' | 'response';

/** What a schema says, in the language of fields. */
export interface Said {
  /** What a value may be, besides null. */
  readonly alternatives: readonly Alternative[];
  readonly isNullable: boolean;
}

export type Alternative =
  | {
      readonly kind: 'simple';
      readonly text: string;
      readonly bounds?: string;
      /** All that it may be, where that is said. */
      readonly values?: readonly unknown[];
    }
  | { readonly kind: 'any' }
  | { readonly kind: 'list'; readonly item: Said; readonly bounds: string }
  | SaidObject;

/** A member of an object, and where it is described. */
export interface SaidField {
  readonly name: string;
  readonly said: Said;
  readonly isOptional: boolean;
  readonly places: readonly Place[];
}

export interface SaidObject {
  readonly kind: 'object';
  readonly fields: readonly SaidField[];
  /** What members beside the fields are, e.g. `any` or `none`. Not set where they are dropped. */
  readonly rest?: string;
  /** Whether there are no other members. */
  readonly isClosed?: boolean;
}

export const ANY: Said = { alternatives: [{ kind: 'any' }], isNullable: false };

/** `string|int|null` */
export function typeText({ alternatives, isNullable }: Said): string {
  const isUnion = alternatives.length > 1;
  const texts = alternatives.map((one) => alternativeText(one, isUnion));
  return [...new Set(texts), ...(isNullable ? ['null'] : [])].join('|');
}

/** The fields of an object, as they stand between its braces. */
export function fieldTexts({ fields, rest }: SaidObject): string[] {
  const texts = fields.map(
    ({ name, said, isOptional }) => `${nameText(name)}:${typeText(said)}${isOptional ? '?' : ''}`,
  );
  if (rest !== undefined) return [...texts, `*:${rest}`];
  return texts.length === 0 ? ['*:none'] : texts;
}

function alternativeText(one: Alternative, isUnion: boolean): string {
  switch (one.kind) {
    case 'simple':
      return `${one.text}${one.bounds ?? ''}`;
    case 'any':
      return 'any';
    case 'list':
      return `${itemText(one.item)}[]${one.bounds}`;
    case 'object':
      // Without the other members the first alternative that fits would drop those of the right one.
      return `{${fieldTexts(isUnion ? { ...one, rest: one.rest ?? (one.isClosed ? 'none' : 'any') } : one).join(',')}}`;
  }
}

function itemText(item: Said): string {
  const [first] = item.alternatives;
  const isPlain = item.alternatives.length === 1 && !item.isNullable && !(first?.kind === 'simple' && first.bounds);
  return isPlain ? typeText(item) : `(${typeText(item)})`;
}

/** One of several, without what is there twice. Any value is all of them. */
export function oneOfSaid(several: readonly Said[]): Said {
  const isNullable = several.some((one) => one.isNullable);
  const all = several.flatMap(({ alternatives }) => alternatives);
  if (all.some(({ kind }) => kind === 'any')) return ANY;
  const byText = new Map(all.map((one) => [alternativeText(one, true), one]));
  return { alternatives: [...byText.values()], isNullable };
}
