import type { JsonSchema } from './sample.ts';

/** No number, and no name that a program could make a socket of: some take a text for one. */
export const NO_NUMBER = 'no/number';

/** A variable of the environment, as `config --schema` describes it. */
export interface Variable {
  readonly name: string;
  readonly required: boolean;
  readonly schema: JsonSchema;
}

/** What can be said of the variables of a service that does not say it itself: it has a port, and what was given. */
export function guessVariables(portVariable: string, given: Readonly<Record<string, string>>): Variable[] {
  const port = { name: portVariable, required: false, schema: { type: 'integer', minimum: 0 } } as const;
  const others = Object.keys(given).filter((name) => name !== portVariable);
  return [port, ...others.map((name) => ({ name, required: false, schema: { type: 'string' } as const }))];
}

/** @param document what `config --schema` printed; gives `undefined` when it is no JSON Schema of an object */
export function readVariables(document: unknown): Variable[] | undefined {
  const { properties, required = [] } = (document ?? {}) as JsonSchema;
  if (typeof properties !== 'object') return undefined;
  return Object.entries(properties).map(([name, schema]) => ({ name, schema, required: required.includes(name) }));
}

/** A text that the variable's schema refuses, or `undefined` when it takes any text. */
export function badValue({ schema }: Variable): string | undefined {
  const types = [schema, ...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].flatMap((one) => one.type ?? []);
  if (schema.enum) return 'no-such-choice';
  if (types.includes('integer') || types.includes('number')) return NO_NUMBER;
  if (types.includes('boolean')) return 'perhaps';
  if (schema.format === 'uri' || schema.format === 'url') return 'not a URL';
  return undefined;
}

/** Whether its value may be shown: URLs of backing services and what is named like a credential may not. */
export function isSecret({ name, schema }: Variable): boolean {
  return schema.writeOnly === true || /(DATABASE|REDIS|AMQP|MONGO)_URL$|SECRET|TOKEN|PASSWORD|API_KEY/.test(name);
}
