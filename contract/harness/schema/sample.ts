import { randomUUID } from 'node:crypto';
import { samplePattern } from './sample-pattern.ts';

/** The part of JSON Schema (2020-12, and OpenAPI 3.0's dialect) that values are made from. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly minItems?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number | boolean;
  readonly multipleOf?: number;
  readonly pattern?: string;
  readonly format?: string;
  readonly writeOnly?: boolean;
  readonly readOnly?: boolean;
}

const byFormat: Readonly<Record<string, () => string>> = {
  uuid: () => randomUUID(),
  email: () => `probe-${randomUUID().slice(0, 8)}@example.com`,
  uri: () => `https://example.com/${randomUUID().slice(0, 8)}`,
  url: () => `https://example.com/${randomUUID().slice(0, 8)}`,
  date: () => '2026-01-31',
  time: () => '12:30:45Z',
  'date-time': () => '2026-01-31T12:30:45.000Z',
  ipv4: () => '127.0.0.1',
  hostname: () => 'example.com',
};

/** A part of a document, or what its `$ref` points to. @throws when that is not in the document */
export function resolve<Part extends object>(part: Part & { readonly $ref?: string }, document: unknown): Part {
  if (part.$ref === undefined) return part;
  const steps = part.$ref.replace(/^#\/?/, '').split('/');
  const found = steps.reduce<unknown>(
    (at, step) => (at as Record<string, unknown> | undefined)?.[step.replace(/~1/g, '/').replace(/~0/g, '~')],
    document,
  );
  if (found === undefined) throw new Error(`${part.$ref} points at nothing`);
  return resolve(found as Part, document);
}

/**
 * A random value that a schema accepts: required properties only, fresh texts, so that two samples differ
 * wherever the schema leaves room for it.
 * @param document what `$ref` is resolved against
 */
export function sample(from: JsonSchema, document: unknown): unknown {
  const schema = resolve(from, document);
  if ('const' in schema) return schema.const;
  if (schema.enum) return schema.enum[0];
  const choice = (schema.anyOf ?? schema.oneOf)?.find((one) => one.type !== 'null');
  if (choice) return sample(choice, document);
  const type = typeof schema.type === 'object' ? schema.type.find((name) => name !== 'null') : schema.type;
  if (schema.allOf) {
    const parts = schema.allOf.map((part) => sample(part, document));
    return parts.find((part) => typeof part !== 'object') ?? Object.assign({}, ...parts);
  }
  if (type === 'string') return sampleText(schema);
  if (type === 'integer' || type === 'number') return sampleNumber(schema);
  if (type === 'boolean') return true;
  if (type === 'null') return null;
  if (type === 'array') {
    const item = schema.items ?? { type: 'string' };
    return Array.from({ length: schema.minItems ?? 0 }, () => sample(item, document));
  }
  const required = schema.required ?? [];
  return Object.fromEntries(required.map((key) => [key, sample(schema.properties?.[key] ?? {}, document)]));
}

/** A random value for each property of an object, also for those that may be absent. What a server alone sets is left out. */
export function sampleFields(from: JsonSchema, document: unknown): Record<string, unknown> {
  const fields = partsOf(from, document).flatMap(({ properties = {} }) => Object.entries(properties));
  const own = fields.filter(([, property]) => resolve(property, document).readOnly !== true);
  return Object.fromEntries(own.map(([name, property]) => [name, sample(property, document)]));
}

/** The part of a written value that can be read again: without what its schema calls `writeOnly`. */
export function readable(value: unknown, from: JsonSchema, document: unknown): unknown {
  const parts = partsOf(from, document);
  const [items = {}] = parts.flatMap((part) => part.items ?? []);
  if (Array.isArray(value)) return value.map((one) => readable(one, items, document));
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).flatMap(([key, one]) => {
    const [property = {}] = parts.flatMap((part) => part.properties?.[key] ?? []);
    const isHidden = partsOf(property, document).some(({ writeOnly }) => writeOnly);
    return isHidden ? [] : [[key, readable(one, property, document)]];
  });
  return Object.fromEntries(kept);
}

/** A schema and all schemas in its `allOf`, `anyOf` and `oneOf`. */
function partsOf(from: JsonSchema, document: unknown): JsonSchema[] {
  const schema = resolve(from, document);
  const more = [...(schema.allOf ?? []), ...(schema.anyOf ?? []), ...(schema.oneOf ?? [])];
  return [schema, ...more.flatMap((part) => partsOf(part, document))];
}

function sampleText({ format = '', pattern, minLength = 0, maxLength = Number.POSITIVE_INFINITY }: JsonSchema): string {
  const made = byFormat[format];
  if (made) return made();
  const fits = (text: string) => text.length >= minLength && text.length <= maxLength;
  if (pattern !== undefined) return samplePattern(pattern, fits);
  const length = Math.min(Math.max(minLength, 12), maxLength);
  return `probe${randomUUID()
    .replaceAll('-', '')
    .repeat(Math.ceil(length / 32))}`.slice(0, length);
}

function sampleNumber({ minimum = 1, exclusiveMinimum, multipleOf = 1 }: JsonSchema): number {
  const above = typeof exclusiveMinimum === 'number' ? exclusiveMinimum + 1 : minimum;
  return Math.ceil(Math.max(above, minimum) / multipleOf) * multipleOf;
}
