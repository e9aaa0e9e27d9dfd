import type { Documents } from '../documents.ts';
import type { Place } from '../place.ts';
import { allNullWords, type NullWord, nullWordOf } from './nulls.ts';

/** A schema, and the references on the way to it. One that comes twice is a circle. */
export interface Part {
  readonly place: Place;
  readonly seen: readonly string[];
}

/** A schema as the parts that all have to hold: no `$ref` and no `allOf` is left. */
export interface Layers {
  readonly parts: readonly Part[];
  /** What they say of null. */
  readonly nullWord: NullWord;
  /** The one that all others are in, where there is one. */
  readonly outer?: Place;
}

const CIRCLE = 'refers to itself: any value is taken there';

/** Reads schemas as layers, and stops where a document makes too many of them. */
export class LayerReader {
  readonly #documents: Documents;
  #budget: number;

  constructor(documents: Documents, budget: number) {
    this.#documents = documents;
    this.#budget = budget;
  }

  /** @throws {Inexpressible} for a reference to nothing, and for too many schemas */
  read(parts: readonly Part[]): Layers {
    return together(parts.map((part) => this.#one(part)));
  }

  #one({ place, seen }: Part): Layers {
    this.#budget -= 1;
    if (this.#budget < 0) throw new TooLarge('it is made of too many schemas');
    const target = typeof place.peek('$ref') === 'string' ? this.#target(place, seen) : undefined;
    if (target && !this.#documents.keepsSiblings) return target;
    const own = this.#own(place, seen);
    return target ? whole(place, [target, own]) : own;
  }

  #target(place: Place, seen: readonly string[]): Layers {
    const { location } = this.#documents.target(place, 'schema');
    if (seen.includes(location)) {
      place.note('$ref', CIRCLE);
      return { parts: [], nullWord: 'open' };
    }
    return this.#one({ place: this.#documents.follow(place, 'schema'), seen: [...seen, location] });
  }

  /** The layers of what stands here, without what its `$ref` leads to. */
  #own(place: Place, seen: readonly string[]): Layers {
    const all = itemsOf(place, 'allOf');
    const options = ['anyOf', 'oneOf'].map((keyword) => onlyOption(place, keyword));
    const self: Layers = { parts: [{ place, seen }], nullWord: nullWordOf(place), outer: place };
    const below = [
      ...all.map((one) => this.#one({ place: one, seen })),
      ...options.flatMap(({ schema, hasNull }): Layers[] => {
        if (schema === undefined) return [];
        const layers = this.#one({ place: schema, seen });
        return [hasNull ? { ...layers, nullWord: 'allowed' } : layers];
      }),
    ];
    return below.length === 0 ? self : whole(place, [...below, self]);
  }
}

/** What would make more code than anybody wants. */
export class TooLarge extends Error {}

/** The alternatives of a place, and those of them that are null alone. */
export function optionsOf(place: Place, keyword: string): { others: Place[]; nulls: Place[] } {
  const options = itemsOf(place, keyword);
  const nulls = options.filter((option) => option.peek('type') === 'null');
  return { others: options.filter((option) => !nulls.includes(option)), nulls };
}

/** `anyOf: [{...}, {type: 'null'}]` is how some generators write what may be null. */
function onlyOption(place: Place, keyword: string): { schema?: Place; hasNull: boolean } {
  const { others, nulls } = optionsOf(place, keyword);
  const [schema] = others;
  if (others.length !== 1 || schema === undefined) return { hasNull: false };
  for (const one of nulls) one.use('type');
  return { schema, hasNull: nulls.length > 0 };
}

function itemsOf(place: Place, keyword: string): Place[] {
  return Array.isArray(place.peek(keyword)) ? (place.at(keyword, 'list')?.all('schema') ?? []) : [];
}

function together(several: readonly Layers[]): Layers {
  const [only, ...others] = several;
  if (only && others.length === 0) return only;
  return { parts: several.flatMap(({ parts }) => parts), nullWord: allNullWords(several.map((one) => one.nullWord)) };
}

/** All that a place is made of. Its own `nullable: true`, or one alone in its `allOf`, is the last word on null. */
function whole(place: Place, several: readonly Layers[]): Layers {
  const { parts, nullWord } = together(several);
  const isGiven = place.peek('nullable') === true || nullWord === 'whole';
  return { parts, nullWord: isGiven ? 'allowed' : nullWord, outer: place };
}
