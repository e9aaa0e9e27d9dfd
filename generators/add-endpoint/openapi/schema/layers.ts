import type { Documents } from '../documents.ts';
import { Inexpressible } from '../inexpressible.ts';
import type { Place } from '../place.ts';

/** A schema, and the references on the way to it. One that comes twice is a circle. */
export interface Part {
  readonly place: Place;
  readonly seen: readonly string[];
}

/** A schema as the parts that all have to hold: no `$ref` and no `allOf` is left. */
export interface Layers {
  readonly parts: readonly Part[];
  /** Whether one of them says in words of its own that null is a value. */
  readonly allowsNull: boolean;
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
    return target ? together([target, own]) : own;
  }

  #target(place: Place, seen: readonly string[]): Layers {
    const { location } = this.#documents.target(place, 'schema');
    if (seen.includes(location)) {
      place.note('$ref', CIRCLE);
      return { parts: [], allowsNull: false };
    }
    return this.#one({ place: this.#documents.follow(place, 'schema'), seen: [...seen, location] });
  }

  /** The layers of what stands here, without what its `$ref` leads to. */
  #own(place: Place, seen: readonly string[]): Layers {
    const all = itemsOf(place, 'allOf');
    const options = ['anyOf', 'oneOf'].map((keyword) => onlyOption(place, keyword));
    const below = [...all, ...options.flatMap(({ schema }) => schema ?? [])].map((one) => ({ place: one, seen }));
    const self = { parts: [{ place, seen }], allowsNull: options.some(({ allowsNull }) => allowsNull) };
    return below.length === 0 ? self : together([this.read(below), self]);
  }
}

/** What would make more code than anybody wants. */
export class TooLarge extends Inexpressible {}

/** The alternatives of a place, and those of them that are null alone. */
export function optionsOf(place: Place, keyword: string): { others: Place[]; nulls: Place[] } {
  const options = itemsOf(place, keyword);
  const nulls = options.filter((option) => option.peek('type') === 'null');
  return { others: options.filter((option) => !nulls.includes(option)), nulls };
}

/** `anyOf: [{...}, {type: 'null'}]` is how some generators write what may be null. */
function onlyOption(place: Place, keyword: string): { schema?: Place; allowsNull: boolean } {
  const { others, nulls } = optionsOf(place, keyword);
  const [schema] = others;
  if (others.length !== 1 || schema === undefined) return { allowsNull: false };
  for (const one of nulls) one.use(...one.names);
  return { schema, allowsNull: nulls.length > 0 };
}

function itemsOf(place: Place, keyword: string): Place[] {
  return Array.isArray(place.peek(keyword)) ? (place.at(keyword, 'list')?.all('schema') ?? []) : [];
}

function together(several: readonly Layers[]): Layers {
  return {
    parts: several.flatMap(({ parts }) => parts),
    allowsNull: several.some(({ allowsNull }) => allowsNull),
  };
}
