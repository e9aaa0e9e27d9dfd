import type { Place } from './place.ts';

/** The form of a body that an endpoint can read or write. */
export interface MediaType {
  readonly kind: 'json' | 'form' | 'plain' | 'text';
  readonly place: Place;
  /** The answer that says so; empty for `application/json`. */
  readonly answer: string;
}

/** In the order in which they are preferred. */
const KNOWN: readonly { readonly kind: MediaType['kind']; readonly pattern: RegExp }[] = [
  { kind: 'json', pattern: /^application\/json$/ },
  { kind: 'json', pattern: /^application\/[a-z0-9][a-z0-9.-]*\+json$/ },
  { kind: 'json', pattern: /^(\*|application)\/\*$/ },
  { kind: 'form', pattern: /^application\/x-www-form-urlencoded$/ },
  { kind: 'plain', pattern: /^text\/plain$/ },
  { kind: 'text', pattern: /^text\/[a-z0-9][a-z0-9.+-]*$/ },
];

/** The types that a body, or a response, may have. */
export function mediaTypes(holder: Place): string[] {
  return Object.keys(Object(holder.peek('content')) as object);
}

/** The best type of a body, or a response, that an endpoint can have. The others are lost. */
export function pickMediaType(holder: Place, kinds: readonly MediaType['kind'][]): MediaType | undefined {
  const names = mediaTypes(holder);
  for (const { kind, pattern } of KNOWN) {
    const name = kinds.includes(kind) ? names.find((one) => pattern.test(essence(one))) : undefined;
    const place = name === undefined ? undefined : holder.at('content', 'content')?.at(name, 'media type');
    if (name === undefined || place === undefined) continue;
    const isAny = name.includes('*');
    if (isAny) place.remark('means any type: the endpoint has application/json');
    const isPlain = isAny || essence(name) === 'application/json';
    return { kind, place, answer: isPlain ? '' : essence(name) };
  }
  return undefined;
}

/** `application/json; charset=utf-8` -> `application/json` */
function essence(name: string): string {
  return (name.split(';')[0] ?? '').trim().toLowerCase();
}
