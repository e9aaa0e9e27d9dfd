import { ENUM_VALUE } from '../../engine/core/service/fields/parse-type.ts';

/** A JSON Schema as OpenAPI 3 documents have it, untrusted. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** What cannot be said in the language of fields, and why. */
export class Inexpressible extends Error {}

const FORMATS: Readonly<Record<string, string>> = {
  date: 'date',
  'date-time': 'datetime',
  uuid: 'uuid',
  email: 'email',
  uri: 'url',
  url: 'url',
};

/** Keywords that say nothing of a value's form. */
const SILENT = new Set(
  (
    'type format title description example examples default deprecated readOnly writeOnly xml externalDocs nullable ' +
    'required properties items enum const minimum maximum exclusiveMinimum exclusiveMaximum minLength maxLength minItems ' +
    'maxItems additionalProperties allOf $ref $comment discriminator'
  ).split(' '),
);

/** Turns schemas of one document into types of fields, and remembers which constraints got lost. */
export class SchemaReader {
  readonly #document: unknown;
  readonly lost = new Set<string>();

  constructor(document: unknown) {
    this.#document = document;
  }

  /** Follows a local `$ref`. @throws {Inexpressible} for a remote, missing or circular one */
  resolve(value: unknown, seen: readonly string[] = []): JsonSchema {
    const schema = Object(value) as JsonSchema;
    const { $ref } = schema;
    if (typeof $ref !== 'string') return schema;
    if (!$ref.startsWith('#/')) throw new Inexpressible(`${$ref} is in another document`);
    if (seen.includes($ref)) throw new Inexpressible(`${$ref} refers to itself`);
    const found = $ref
      .slice(2)
      .split('/')
      .map((part) => decode(part).replaceAll('~1', '/').replaceAll('~0', '~'))
      .reduce<unknown>(
        (at, part) => (Object.hasOwn(Object(at), part) ? (at as JsonSchema)[part] : undefined),
        this.#document,
      );
    if (found === undefined) throw new Inexpressible(`${$ref} is not in the document`);
    return this.resolve(found, [...seen, $ref]);
  }

  /** The members of an object as fields: `sku:string!`. */
  members(value: unknown, seen: readonly string[] = []): string[] {
    const { schema, path } = this.#merged(value, seen);
    const properties = Object.entries(Object(schema.properties) as JsonSchema);
    if (properties.length === 0) throw new Inexpressible('an object of any members');
    const required = new Set(Array.isArray(schema.required) ? schema.required : []);
    return properties.map(([name, member]) => `${name}:${this.type(member, path)}${required.has(name) ? '' : '?'}`);
  }

  /** A type with its bounds: `int>=0`, `{id:uuid}[]`. */
  type(value: unknown, seen: readonly string[] = []): string {
    const { schema, path } = this.#merged(value, seen);
    const { type, isNullable } = typeOf(schema);
    return `${this.#bare(type, schema, path)}${isNullable ? '|null' : ''}`;
  }

  #bare(type: unknown, schema: JsonSchema, path: readonly string[]): string {
    switch (type) {
      case 'array':
        return this.#list(schema, path);
      case 'object':
        return `{${this.members(schema, path).join(',')}}`;
      case 'integer':
        if (schema.enum) throw new Inexpressible('an enum of numbers');
        return `int${bounds(schema)}`;
      case 'number':
        if (schema.enum) throw new Inexpressible('an enum of numbers');
        return `number${bounds(schema)}`;
      case 'boolean':
        return 'boolean';
      case 'string':
        return this.#text(schema);
      default:
        throw new Inexpressible(type === undefined ? 'a value of any type' : `the type ${JSON.stringify(type)}`);
    }
  }

  #text(schema: JsonSchema): string {
    const values = schema.const === undefined ? schema.enum : [schema.const];
    const format = FORMATS[String(schema.format)];
    const isBounded = ['minLength', 'maxLength'].filter((keyword) => schema[keyword] !== undefined);
    if (Array.isArray(values) || format !== undefined) for (const keyword of isBounded) this.lost.add(keyword);
    if (Array.isArray(values)) {
      const wrong = values.find((value) => typeof value !== 'string' || !ENUM_VALUE.test(value));
      if (wrong !== undefined) throw new Inexpressible(`the value ${JSON.stringify(wrong)} of an enum`);
      return `enum(${values.join(',')})`;
    }
    if (format === undefined && schema.format !== undefined) this.lost.add('format');
    return format ?? `string${limit('>=', schema.minLength)}${limit('<=', schema.maxLength)}`;
  }

  #list(schema: JsonSchema, path: readonly string[]): string {
    const item = this.type(schema.items, path);
    if (item.endsWith('|null')) throw new Inexpressible('a list of values that may be null');
    if (/\][<>=\d]*$/.test(item)) throw new Inexpressible('a list of lists');
    const bare = item.replace(/[<>]=?-?\d+(\.\d+)?/g, '');
    if (!item.startsWith('{') && bare !== item) this.lost.add('bounds of the values of a list');
    const kept = item.startsWith('{') ? item : bare;
    return `${kept}[]${limit('>=', schema.minItems)}${limit('<=', schema.maxItems)}`;
  }

  /** A schema without `$ref` and `allOf`, and the references on the way to it. One that comes twice is a circle. */
  #merged(value: unknown, seen: readonly string[]): { schema: JsonSchema; path: readonly string[] } {
    const reference = (Object(value) as JsonSchema).$ref;
    if (typeof reference === 'string' && seen.includes(reference))
      throw new Inexpressible(`${reference} refers to itself`);
    const path = typeof reference === 'string' ? [...seen, reference] : seen;
    const schema = withoutNull(this.resolve(value));
    for (const keyword of ['oneOf', 'anyOf', 'not', 'if', 'patternProperties'])
      if (schema[keyword] !== undefined) throw new Inexpressible(keyword);
    for (const keyword of Object.keys(schema))
      if (!SILENT.has(keyword) && !keyword.startsWith('x-')) this.lost.add(keyword);
    if (!Array.isArray(schema.allOf)) return { schema, path };
    const parts = schema.allOf.map((part) => this.#merged(part, path).schema);
    const { allOf: _parts, ...own } = schema;
    return { path, schema: [...parts, own].reduce<JsonSchema>(mergeObjects, {}) };
  }
}

/** `anyOf: [{...}, {type: 'null'}]` is how some generators write what may be null. */
function withoutNull(schema: JsonSchema): JsonSchema {
  for (const keyword of ['anyOf', 'oneOf']) {
    const options = schema[keyword];
    if (!Array.isArray(options)) continue;
    const others = options.filter((option) => (Object(option) as JsonSchema).type !== 'null');
    if (others.length !== 1) continue;
    const { [keyword]: _options, ...rest } = schema;
    return {
      ...rest,
      allOf: [...(Array.isArray(rest.allOf) ? rest.allOf : []), others[0]],
      nullable: others.length < options.length,
    };
  }
  return schema;
}

function typeOf({ type, nullable, properties }: JsonSchema): { type: unknown; isNullable: boolean } {
  const types = Array.isArray(type) ? type : [type ?? (properties ? 'object' : undefined)];
  const others = types.filter((one) => one !== 'null');
  return {
    type: others.length === 1 ? others[0] : type,
    isNullable: nullable === true || others.length < types.length,
  };
}

function mergeObjects(below: JsonSchema, above: JsonSchema): JsonSchema {
  const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
  return {
    ...below,
    ...above,
    properties: { ...(Object(below.properties) as JsonSchema), ...(Object(above.properties) as JsonSchema) },
    required: [...list(below.required), ...list(above.required)],
  };
}

/** A `%` that begins no escape stands for itself. */
function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch (error) {
    if (error instanceof URIError) return part;
    throw error;
  }
}

/** OpenAPI 3.0 says with a flag what 3.1 says with a number. */
function bounds({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: JsonSchema): string {
  const low =
    typeof exclusiveMinimum === 'number'
      ? limit('>', exclusiveMinimum)
      : limit(exclusiveMinimum === true ? '>' : '>=', minimum);
  const high =
    typeof exclusiveMaximum === 'number'
      ? limit('<', exclusiveMaximum)
      : limit(exclusiveMaximum === true ? '<' : '<=', maximum);
  return `${low}${high}`;
}

function limit(sign: string, value: unknown): string {
  if (typeof value !== 'number') return '';
  const digits = String(value);
  if (!/^-?\d+(\.\d+)?$/.test(digits)) throw new Inexpressible(`the bound ${digits}`);
  // Bounds above 10^15 mean no bound.
  return Math.abs(value) >= 1e15 ? '' : `${sign}${digits}`;
}
