import { isInherited, memberProblem } from '../../../../engine/core/service/fields/names.ts';
import type { Place } from '../place.ts';
import type { Layers, Part } from './layers.ts';
import { type Alternative, ANY, type Direction, type Said, type SaidField, typeText } from './said.ts';

/** How the schemas of members are read. */
interface Schemas {
  readonly layersOf: (parts: readonly Part[]) => Layers;
  readonly sayLayers: (layers: Layers, direction: Direction, depth: number) => Said;
}

/** A description of the service would read these as what they are in a schema. */
const REFERENCES = new Set(['$ref', '$id', '$dynamicRef']);

/** Reads objects: their members, which of them have to be there, and what may be beside them. */
export class ObjectReader {
  readonly #schemas: Schemas;

  constructor(schemas: Schemas) {
    this.#schemas = schemas;
  }

  /** @param depth how many objects a member is in */
  say(layers: Layers, direction: Direction, depth: number): Alternative {
    const { parts } = layers;
    const members = membersOf(parts);
    const required = requiredOf(parts);
    const fields: SaidField[] = [];
    let isWhole = true;
    const others = restSchemas(parts);
    for (const [name, named] of members) {
      const schemas = named.length > 0 ? named : others.all;
      const isOptional = !required.has(name);
      if (!canBeMember(name) || (isOptional && isInherited(name))) {
        isWhole = false;
        cutMember(name, named, parts);
        continue;
      }
      const layers = this.#schemas.layersOf(schemas);
      if (isHidden(layers, direction)) {
        for (const { place } of [...schemas, ...layers.parts]) place.use(...place.names);
        continue;
      }
      const said = schemas.length === 0 ? ANY : this.#schemas.sayLayers(layers, direction, depth);
      fields.push({ name, said, isOptional, places: schemas.map(({ place }) => place) });
    }
    const rest = this.#rest(layers, others, direction, depth, isWhole);
    if (rest === 'none')
      return { kind: 'object', fields, isClosed: true, ...(direction === 'request' ? { rest } : {}) };
    if (rest === undefined && fields.length > 0) return { kind: 'object', fields };
    return { kind: 'object', fields, rest: rest ?? 'any' };
  }

  /** What members beside the named ones are. */
  #rest(
    { parts, outer }: Layers,
    { all, hasAny }: Others,
    direction: Direction,
    depth: number,
    isWhole: boolean,
  ): string | undefined {
    const said = all.length === 0 ? undefined : this.#schemas.sayLayers(this.#schemas.layersOf(all), direction, depth);
    const closing = isWhole ? parts.filter(({ place }) => closes(place, parts, place === outer)) : [];
    if (closing.length > 0) return 'none';
    if (said !== undefined) return typeText(said);
    return hasAny ? typeText(ANY) : undefined;
  }
}

/** What `additionalProperties` say of further members: schemas that all hold, or that any are taken. */
interface Others {
  readonly all: readonly Part[];
  readonly hasAny: boolean;
}

function restSchemas(parts: readonly Part[]): Others {
  const all: Part[] = [];
  let hasAny = false;
  for (const { place, seen } of parts) {
    const value = place.peek('additionalProperties');
    if (value === true) place.use('additionalProperties');
    if (value === true) hasAny = true;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) continue;
    const schema = place.at('additionalProperties', 'schema');
    if (schema === undefined || schema.names.length === 0) {
      hasAny = true;
      continue;
    }
    all.push({ place: schema, seen });
    const own = Object(place.peek('properties')) as object;
    const isBeside = parts.some((part) =>
      Object.keys(Object(part.place.peek('properties')) as object).some((name) => !Object.hasOwn(own, name)),
    );
    if (isBeside) place.note('additionalProperties', 'is not checked of members that another part of allOf names');
  }
  return { all, hasAny };
}

/** Lists a member that no endpoint can have: where it is described, or where it is required. */
function cutMember(name: string, schemas: readonly Part[], parts: readonly Part[]): void {
  const reason = 'has a name that no member of an endpoint can have';
  for (const { place } of schemas) place.cut(reason);
  if (schemas.length > 0) return;
  for (const { place } of parts) {
    const list = place.peek('required');
    if (Array.isArray(list) && list.includes(name)) place.note('required', reason);
  }
}

/**
 * Whether it refuses other members than those of all parts, and not only than its own.
 * @param isOuter whether all other parts are in it: its `unevaluatedProperties` sees the members of all
 */
function closes(place: Place, parts: readonly Part[], isOuter: boolean): boolean {
  const own = new Set(Object.keys(Object(place.peek('properties')) as object));
  const isAll = [...membersOf(parts).keys()].every((name) => own.has(name));
  const hasMore = parts.some(
    (part) => part.place.has('additionalProperties') && part.place.peek('additionalProperties') !== false,
  );
  const words = [
    ...(place.peek('additionalProperties') === false && isAll ? ['additionalProperties'] : []),
    ...(place.peek('unevaluatedProperties') === false && !hasMore && (isAll || isOuter)
      ? ['unevaluatedProperties']
      : []),
  ];
  place.use(...words);
  return words.length > 0;
}

/** The schemas of each member: of its own layers, and those of members that are only required. */
function membersOf(parts: readonly Part[]): Map<string, Part[]> {
  const members = new Map<string, Part[]>();
  for (const { place, seen } of parts) {
    for (const schema of place.at('properties', 'properties')?.all('schema') ?? []) {
      const name = schema.name;
      members.set(name, [...(members.get(name) ?? []), { place: schema, seen }]);
    }
  }
  for (const name of requiredOf(parts)) if (!members.has(name)) members.set(name, []);
  return members;
}

function requiredOf(parts: readonly Part[]): Set<string> {
  const lists = parts.flatMap(({ place }) => {
    const list = place.peek('required');
    if (!Array.isArray(list) || !list.every((name) => typeof name === 'string')) return [];
    place.use('required');
    return [list as string[]];
  });
  return new Set(lists.flat());
}

/** Whether an endpoint can have a member of this name, and the service can still describe itself. */
function canBeMember(name: string): boolean {
  return memberProblem(name) === undefined && !REFERENCES.has(name);
}

function isHidden({ parts }: Layers, direction: Direction): boolean {
  const flags = ['readOnly', 'writeOnly'];
  for (const { place } of parts) for (const flag of flags) if (typeof place.peek(flag) === 'boolean') place.use(flag);
  const hidden = direction === 'request' ? 'readOnly' : 'writeOnly';
  return parts.some(({ place }) => place.peek(hidden) === true);
}
