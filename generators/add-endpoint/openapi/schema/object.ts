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
  say({ parts }: Layers, direction: Direction, depth: number): Alternative {
    const members = membersOf(parts);
    const required = requiredOf(parts);
    const fields: SaidField[] = [];
    let isWhole = true;
    for (const [name, schemas] of members) {
      const isOptional = !required.has(name);
      if (!canBeMember(name) || (isOptional && isInherited(name))) {
        isWhole = false;
        for (const { place } of schemas) place.cut('has a name that no member of an endpoint can have');
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
    const rest = this.#rest(parts, direction, depth, isWhole);
    if (rest === 'none')
      return { kind: 'object', fields, isClosed: true, ...(direction === 'request' ? { rest } : {}) };
    if (rest === undefined && fields.length > 0) return { kind: 'object', fields };
    return { kind: 'object', fields, rest: rest ?? 'any' };
  }

  /** What members beside the named ones are. */
  #rest(parts: readonly Part[], direction: Direction, depth: number, isWhole: boolean): string | undefined {
    const said: Said[] = [];
    let isClosed = false;
    for (const { place, seen } of parts) {
      const value = place.peek('additionalProperties');
      if (value === true || (typeof value === 'object' && value !== null && Object.keys(value).length === 0)) {
        place.use('additionalProperties');
        said.push(ANY);
      } else if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
        const schema = place.at('additionalProperties', 'schema');
        if (schema)
          said.push(this.#schemas.sayLayers(this.#schemas.layersOf([{ place: schema, seen }]), direction, depth));
      }
      if (isWhole && closes(place, parts)) isClosed = true;
    }
    if (isClosed) return 'none';
    const [first] = said;
    return first === undefined ? undefined : typeText(said.find((one) => one !== ANY) ?? first);
  }
}

/** Whether it refuses other members than those of all parts, and not only than its own. */
function closes(place: Place, parts: readonly Part[]): boolean {
  if (place.peek('unevaluatedProperties') === false) {
    place.use('unevaluatedProperties');
    return true;
  }
  if (place.peek('additionalProperties') !== false) return false;
  const own = new Set(Object.keys(Object(place.peek('properties')) as object));
  if (![...membersOf(parts).keys()].every((name) => own.has(name))) return false;
  place.use('additionalProperties');
  return true;
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
