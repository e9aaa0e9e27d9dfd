import { expect } from 'vitest';

type Json = { readonly [name: string]: unknown };

/** What a description says of one operation, whatever words a stack has for it. */
export interface Meaning {
  readonly id: string;
  readonly summary: string;
  readonly tag: string;
  /** By place and name: `query limit`, with a `!` where it has to be there. */
  readonly parameters?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
  /** Status -> the schema of the answer, of whatever media type; null without a body. Not the problems. */
  readonly answers: Readonly<Record<string, unknown>>;
  /** The statuses of problems. */
  readonly problems: string;
  /** Status -> headers of the answer besides X-Request-Id, which all have. */
  readonly headers?: Readonly<Record<string, string>>;
}

const SAFE = Number.MAX_SAFE_INTEGER;
/** Bounds that say no more than the type. */
const NO_BOUND = [SAFE, -SAFE, 2 ** 31 - 1, -(2 ** 31)];

/** A schema without what is said of it in words, or said twice, and without references. */
function meaningOf(schema: unknown, document: Json): unknown {
  if (Array.isArray(schema)) return schema.map((one) => meaningOf(one, document));
  if (typeof schema !== 'object' || schema === null) return schema;
  const { $ref, ...own } = schema as Json;
  if (typeof $ref === 'string') {
    const path = $ref.slice(2).split('/');
    return meaningOf(
      path.reduce<unknown>((at, key) => (at as Json)[key], document),
      document,
    );
  }
  const { anyOf, type, ...rest } = own as { anyOf?: Json[]; type?: string | string[] } & Json;
  const types = [...[type ?? []].flat(), ...(anyOf ?? []).flatMap((one) => (one.type as string) ?? [])].sort();
  const kept = Object.entries(rest).filter(([name, value]) => isMeant(name, value, own));
  const found = kept.map(([name, value]) => [name, name === 'required' ? [...(value as string[])].sort() : value]);
  return {
    ...(types.length > 0 ? { type: types.length === 1 ? types[0] : types } : {}),
    ...Object.fromEntries(
      found.map(([name, value]) => [
        name,
        name === 'properties'
          ? Object.fromEntries(Object.entries(value as Json).map(([key, one]) => [key, meaningOf(one, document)]))
          : name === 'enum' || name === 'required'
            ? value
            : name === 'pattern'
              ? samplesOf(value as string)
              : meaningOf(value, document),
      ]),
    ),
  };
}

const SAMPLES = ['', ' ', 'a', 'a b', ' a', 'a ', 'a\tb', 'é', 'A', 'A-1', '-A', 'a'.repeat(33), 'A'.repeat(33)];

/** What a pattern takes of some texts: dialects write the same in other words. */
function samplesOf(pattern: string): string {
  return `takes ${SAMPLES.filter((text) => new RegExp(pattern, 'u').test(text))
    .map((text) => JSON.stringify(text))
    .join(' ')}`;
}

function isMeant(name: string, value: unknown, { format }: Json): boolean {
  if (/^(description|default|examples?|title|propertyNames|contentEncoding|\$schema|readOnly|writeOnly)$/.test(name))
    return false;
  if (/^(minimum|maximum)$/.test(name)) return !NO_BOUND.includes(value as number);
  if (name === 'format') return !/^(int|base64)/.test(String(value));
  if (name === 'pattern') return format === undefined || !isMeant('format', format, {});
  // Answers may be closed; a reader should not care.
  return name !== 'additionalProperties' || (typeof value === 'object' && Object.keys(value as object).length > 0);
}

/** Every operation of a description, by method and path. */
export function meaningsOf(document: Json): Record<string, Meaning> {
  const all = Object.entries(document.paths as Record<string, Record<string, Json>>).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => [
      `${method.toUpperCase()} ${path}`,
      meaningOfOperation(operation, document),
    ]),
  );
  return Object.fromEntries(all);
}

function meaningOfOperation(operation: Json, document: Json): Meaning {
  const parameters = (operation.parameters ?? []) as {
    in: string;
    name: string;
    required?: boolean;
    description?: string;
    schema: unknown;
  }[];
  const body = operation.requestBody as { required?: boolean; content: Json } | undefined;
  const responses = Object.entries(operation.responses as Record<string, { headers?: Json; content?: Json }>);
  const typesOf = (content: Json = {}) => Object.entries(content) as [string, { schema: unknown }][];
  const isProblem = ({ content }: { content?: Json }) => content?.['application/problem+json'] !== undefined;
  for (const [status, { headers = {} }] of responses) expect(Object.keys(headers), status).toContain('X-Request-Id');
  const further = responses
    .map(([status, { headers = {} }]) => [
      status,
      Object.keys(headers)
        .filter((name) => name !== 'X-Request-Id')
        .sort(),
    ])
    .filter(([, names]) => names?.length);
  expect(operation.description).toBe(operation.summary);
  return {
    id: operation.operationId as string,
    summary: operation.summary as string,
    tag: String(operation.tags),
    ...(parameters.length > 0 && {
      parameters: Object.fromEntries(
        parameters.map(({ in: place, name, required, schema }) => [
          `${place} ${place === 'header' ? name.toLowerCase() : name}${required ? '!' : ''}`,
          meaningOf(schema, document),
        ]),
      ),
    }),
    ...(body && {
      body: {
        required: body.required,
        ...Object.fromEntries(typesOf(body.content).map(([type, { schema }]) => [type, meaningOf(schema, document)])),
      },
    }),
    answers: Object.fromEntries(
      responses
        .filter(([, response]) => !isProblem(response))
        .map(([status, { content }]) => {
          const [first] = typesOf(content);
          return [status, first === undefined ? null : { [first[0]]: meaningOf(first[1].schema, document) }];
        }),
    ),
    problems: responses
      .filter(([, response]) => isProblem(response))
      .map(([status]) => status)
      .sort()
      .join(' '),
    ...(further.length > 0 && {
      headers: Object.fromEntries(further.map(([status, names]) => [status, String(names)])),
    }),
  };
}
