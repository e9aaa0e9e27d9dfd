/** A problem of a document, at a value of it. */
export interface Spot {
  readonly at: readonly (string | number)[];
  readonly reason: string;
}

export function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
