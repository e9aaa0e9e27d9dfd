/** What is sent: a request, or the very bytes of one, for what no client would send. */
export type Send = Request | { readonly raw: string | Buffer };

interface Request {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON unless it is a string or bytes. */
  readonly body?: unknown;
}

/** What has to come back. Every answer is also held against what all answers have in common: see judge.ts. */
export interface Expected {
  readonly status: number;
  /** By lower-case name: the value, a pattern of it, or null for a header that may not be there. */
  readonly headers?: Readonly<Record<string, string | RegExp | null>>;
  /** The JSON of the answer. A pattern is of its text. Not for problems. */
  readonly body?: unknown;
  /** The detail of a problem, or a pattern of it; without one it has none. */
  readonly detail?: string | RegExp;
  /** Where the request does not match the schema, the first part of each place: `body /sku`. */
  readonly errors?: readonly string[];
  /** `http.route` of its line in the log; without one, the line is not looked at. */
  readonly route?: string;
  /** Further fields of that line. */
  readonly log?: Readonly<Record<string, unknown>>;
}

/** A product that was made for one row. */
export interface Product {
  readonly id: string;
  readonly sku: string;
  readonly name: string;
  readonly priceCents: number;
  readonly version: number;
}

/** One request and its answer. Where they depend on a product, one is made before. */
export interface Row {
  readonly title: string;
  readonly send: Send | ((product: Product) => Send);
  readonly answer: Expected | ((product: Product) => Expected);
  /** Stack -> why it answers otherwise there. docs/stacks.md says the same. */
  readonly differs?: Readonly<Record<string, string>>;
}

/** A row whose product is changed or read: the request and the answer depend on it. */
export function ofProduct(title: string, send: (product: Product) => Send, answer: Row['answer']): Row {
  return { title, send, answer };
}

export const json = (path: string, body: unknown, headers: Record<string, string> = {}, method = 'POST'): Send => ({
  method,
  path,
  body,
  headers: { 'content-type': 'application/json', ...headers },
});

/** The request does not match its schema, in these places. */
export const mismatch = (route: string, ...errors: string[]): Expected => ({
  status: 400,
  detail: 'The request does not match the schema.',
  errors,
  route,
});
