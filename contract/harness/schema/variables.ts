import { type JsonSchema, resolve } from './sample.ts';

/** It is no number, and no program can make a socket of it: some take any other text as the name of one. */
export const NO_NUMBER = 'no/number';

/** A variable of the environment, as `config --schema` describes it. */
export interface Variable {
  readonly name: string;
  readonly required: boolean;
  readonly schema: JsonSchema;
  /** What `$ref` in the schema is resolved against. */
  readonly document?: unknown;
}

/** The variables of a service that does not describe them: its port, and those that the user gave. */
export function guessVariables(portVariable: string, given: Readonly<Record<string, string>>): Variable[] {
  const port = { name: portVariable, required: false, schema: { type: 'integer', minimum: 0 } } as const;
  const others = Object.keys(given).filter((name) => name !== portVariable);
  return [port, ...others.map((name) => ({ name, required: false, schema: { type: 'string' } as const }))];
}

/** @param document what `config --schema` printed; gives `undefined` when it is no JSON Schema of an object */
export function readVariables(document: unknown): Variable[] | undefined {
  const { properties, required = [] } = (document ?? {}) as JsonSchema;
  if (typeof properties !== 'object') return undefined;
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    schema,
    required: required.includes(name),
    document,
  }));
}

/** A text that the variable's schema refuses, or `undefined` when it takes any text. */
export function badValue({ schema: given, document }: Pick<Variable, 'schema' | 'document'>): string | undefined {
  const schema = resolve(given, document);
  const bad = (parts: readonly JsonSchema[]) => parts.map((part) => badValue({ schema: part, document }));
  const choices = (schema.anyOf ?? schema.oneOf)?.filter(({ type }) => type !== 'null');
  // A value is refused only if every choice refuses it.
  if (choices) {
    const refused = bad(choices);
    return refused.includes(undefined) ? undefined : refused[0];
  }
  if (schema.enum) return 'no-such-choice';
  const types = [schema.type ?? []].flat();
  if (types.includes('integer') || types.includes('number')) return NO_NUMBER;
  if (types.includes('boolean')) return 'perhaps';
  if (schema.format === 'uri' || schema.format === 'url') return 'not a URL';
  return bad(schema.allOf ?? []).find((text) => text !== undefined);
}

/** Whether the schema of a variable says that it takes a value: it is one of its words, or a number where a number is asked for. */
export function isKnownToTake(
  { schema: given, document }: Pick<Variable, 'schema' | 'document'>,
  value: string,
): boolean {
  const schema = resolve(given, document);
  const parts = schema.anyOf ?? schema.oneOf;
  if (parts) return parts.some((part) => isKnownToTake({ schema: part, document }, value));
  if (schema.enum) return schema.enum.map(String).includes(value);
  return [schema.type ?? []].flat().some((type) => type === 'integer' || type === 'number') && /^\d+$/.test(value);
}

/** Parts of the names of credentials. A part too many hides a harmless value, a part too few shows a secret. */
const SECRET_NAME =
  /(DATABASE|REDIS|AMQP|MONGO(DB)?)_UR[IL]$|SECRET|TOKEN|PASSW|PASSPHRASE|CREDENTIAL|PRIVATE|(KEY|PASS|PWD)(_|\d*$)/;

/** Whether its value must be hidden: the schema says so, or it is named like a credential or like a backing service's URL. */
export function isSecret({ name, schema }: Variable): boolean {
  if (schema.writeOnly === true) return true;
  // apiKey, api-key and API_KEY are one name.
  return SECRET_NAME.test(name.replace(/([a-z\d])([A-Z])|[-.]/g, '$1_$2').toUpperCase());
}
