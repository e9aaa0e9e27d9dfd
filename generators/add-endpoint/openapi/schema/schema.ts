import type { Documents } from '../documents.ts';
import type { Place } from '../place.ts';
import { areApart } from './apart.ts';
import { LayerReader, type Layers, optionsOf, type Part, TooLarge } from './layers.ts';
import { countBounds, isWithin, valueBounds } from './limits.ts';
import { allNullWords, isNullWord, noteNullFlags } from './nulls.ts';
import { ObjectReader } from './object.ts';
import { type Alternative, ANY, type Direction, oneOfSaid, type Said } from './said.ts';
import { inferred, typesOf } from './types.ts';
import { valuesAlternative, valuesOf, valuesOfType } from './values.ts';

/** How large a type may get. */
export interface Extent {
  /** Objects in objects. */
  readonly depth: number;
  /** Schemas that are read for one operation, each as often as it is used. */
  readonly schemas: number;
}

const FORMATS: Readonly<Record<string, string>> = {
  date: 'date',
  'date-time': 'datetime',
  uuid: 'uuid',
  email: 'email',
  uri: 'uri',
  url: 'url',
};

/** Formats that say no more than the type of a field does. */
const PLAIN_FORMATS = { text: new Set(['password']), number: new Set(['int64', 'double']) };
const MAX_OPTIONS = 30;
const TOO_DEEP = 'is nested too deep: any value is taken there';

/** Turns the schemas of one operation into types of fields. What it does not use is lost: see place.ts. */
export class SchemaReader {
  readonly #layers: LayerReader;
  readonly #objects: ObjectReader;
  readonly #extent: Extent;

  constructor(documents: Documents, extent: Extent) {
    this.#extent = extent;
    this.#layers = new LayerReader(documents, extent.schemas);
    this.#objects = new ObjectReader(this);
  }

  /** What one schema says of a value. */
  say(place: Place, direction: Direction): Said {
    return this.sayLayers(this.layersOf([{ place, seen: [] }]), direction, 0);
  }

  layersOf(parts: readonly Part[]): Layers {
    return this.#layers.read(parts);
  }

  /** @param depth how many objects the value is in */
  sayLayers(layers: Layers, direction: Direction, depth: number, chosen: ReadonlySet<Place> = new Set()): Said {
    for (const { place } of layers.parts) {
      for (const keyword of ['oneOf', 'anyOf']) {
        const { others, nulls } = optionsOf(place, keyword);
        const list = place.at(keyword, 'list');
        if (list === undefined || chosen.has(list) || others.length < 2) continue;
        return this.#sayOptions(layers, place, { keyword, list, others, nulls }, direction, depth, chosen);
      }
    }
    return this.#sayTypes(layers, direction, depth);
  }

  #sayOptions(
    layers: Layers,
    place: Place,
    { keyword, list, others, nulls }: { keyword: string; list: Place; others: Place[]; nulls: Place[] },
    direction: Direction,
    depth: number,
    chosen: ReadonlySet<Place>,
  ): Said {
    const seen = layers.parts.find((part) => part.place === place)?.seen ?? [];
    if (others.length > MAX_OPTIONS) {
      list.cut(`has more than ${MAX_OPTIONS} alternatives: any value is taken there`);
      return ANY;
    }
    for (const one of nulls) one.use('type');
    const several = others.map((option) => {
      const own = this.layersOf([{ place: option, seen }]);
      const nullWord = allNullWords([layers.nullWord, own.nullWord]);
      const both = { ...layers, parts: [...layers.parts, ...own.parts], nullWord };
      return this.sayLayers(both, direction, depth, new Set([...chosen, list]));
    });
    if (keyword === 'oneOf' && !areApart(several))
      place.note(keyword, 'is not fully checked: a value that fits two of its schemas is taken too');
    const said = oneOfSaid(several);
    if (said === ANY) return ANY;
    const hasNull = said.isNullable || nulls.length > 0 || place.peek('nullable') === true;
    return { ...said, isNullable: hasNull && layers.nullWord !== 'refused' };
  }

  #sayTypes(layers: Layers, direction: Direction, depth: number): Said {
    const parts = layers.parts.map(({ place }) => place);
    const named = typesOf(parts);
    const values = valuesOf(parts);
    const fitting = values && valuesOfType(values, named).filter((value) => isWithin(parts, value));
    const isNullable = isNullWord(layers.nullWord);
    noteNullFlags(parts);
    const others = (fitting ?? []).filter((value) => value !== null);
    const isNull = isNullable && fitting?.includes(null) === true;
    if (fitting !== undefined && others.length === 0 && !isNull)
      for (const part of parts)
        for (const keyword of ['enum', 'const'])
          if (part.has(keyword)) part.note(keyword, 'has no value that the rest of the schema allows');
    if (others.length > 0) {
      const isText = others.some((value) => typeof value === 'string');
      useFormats(parts, isText ? PLAIN_FORMATS.text : PLAIN_FORMATS.number);
      if (isText) noteBeside(parts, ['format'], 'is not checked beside values');
      return { alternatives: [valuesAlternative(others)], isNullable };
    }
    if (isNull) return { alternatives: [], isNullable };
    const types = named ?? inferred(parts);
    if (named?.length === 0 && !isNullable)
      for (const part of parts) part.cut('can be of no type: any value is taken there');
    if (types.length === 0) return named !== undefined && isNullable ? { alternatives: [], isNullable } : ANY;
    return { alternatives: types.map((type) => this.#alternative(type, layers, direction, depth)), isNullable };
  }

  #alternative(type: string, layers: Layers, direction: Direction, depth: number): Alternative {
    const parts = layers.parts.map(({ place }) => place);
    switch (type) {
      case 'array':
        return this.#list(layers, direction, depth);
      case 'object':
        if (depth < this.#extent.depth) return this.#objects.say(layers, direction, depth + 1);
        for (const part of parts) part.cut(TOO_DEEP);
        return { kind: 'any' };
      case 'integer':
      case 'number':
        useFormats(parts, PLAIN_FORMATS.number);
        return {
          kind: 'simple',
          text: type === 'integer' ? 'int' : 'number',
          bounds: valueBounds(parts, type === 'integer'),
        };
      case 'boolean':
        return { kind: 'simple', text: 'boolean' };
      default:
        return textAlternative(parts);
    }
  }

  #list(layers: Layers, direction: Direction, depth: number): Alternative {
    const items = layers.parts.flatMap(({ place, seen }) => {
      const isSchema = typeof place.peek('items') === 'object' && !Array.isArray(place.peek('items'));
      if (place.peek('items') === true) place.use('items');
      const item = isSchema ? place.at('items', 'schema') : undefined;
      return item ? [{ place: item, seen }] : [];
    });
    const parts = layers.parts.map(({ place }) => place);
    if (depth > this.#extent.depth * 2) throw new TooLarge('lists are nested too deep');
    return {
      kind: 'list',
      item: items.length === 0 ? ANY : this.sayLayers(this.layersOf(items), direction, depth),
      bounds: countBounds(parts, 'minItems', 'maxItems', 1),
    };
  }
}

function textAlternative(parts: readonly Place[]): Alternative {
  useFormats(parts, PLAIN_FORMATS.text);
  const found = parts.map((part) => textOf(part.peek('format'))).find((name) => Object.hasOwn(FORMATS, name));
  const format = found && FORMATS[found];
  if (format) {
    useFormats(parts, new Set([found]));
    noteBeside(parts, ['minLength', 'maxLength'], 'is not checked beside a format');
    noteBeside(parts, ['format'], `is not checked beside the format ${found}`, found);
    return { kind: 'simple', text: format };
  }
  return { kind: 'simple', text: 'string', bounds: countBounds(parts, 'minLength', 'maxLength', 0) };
}

/** Lists what one alternative does not check, though another one may use it. */
function noteBeside(parts: readonly Place[], keywords: readonly string[], reason: string, known?: string): void {
  for (const part of parts)
    for (const keyword of keywords) {
      const value = part.peek(keyword);
      if (part.has(keyword) && value !== known && !PLAIN_FORMATS.text.has(textOf(value))) part.note(keyword, reason);
    }
}

function useFormats(parts: readonly Place[], formats: ReadonlySet<string>): void {
  for (const part of parts) if (formats.has(textOf(part.peek('format')))) part.use('format');
}

/** A document may have an object where a text is expected, also one with a member `toString`. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
