import { nameProblem } from './fields/names.ts';

export const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

export type Method = (typeof METHODS)[number];

/** `POST /orders/:orderId/items` */
export interface Route {
  readonly method: Method;
  /** The path, with `:name` for parameters. */
  readonly path: string;
  readonly params: readonly string[];
}

/** A route that was found in a source file. */
export interface FoundRoute {
  readonly method: string;
  readonly path: string;
  readonly file: string;
}

/** Paths that every service already has. */
export const OPERATIONS: readonly string[] = [
  '/health/live',
  '/livez',
  '/healthz',
  '/health/ready',
  '/readyz',
  '/version',
  '/metrics',
  '/openapi.json',
];

const MAX_PATH = 200;

/** A parameter in a path. It ends at `/`, `.` or `-`: `/calls/:sid.json`, `/compare/:base...:head`, `/days/:from-:to`. */
const PARAM = /:([^/.-]*)/g;

/**
 * @param text `POST /orders/:orderId/items`; `{orderId}` does as well
 * @throws {RangeError} with the reason
 */
export function parseRoute(text: string): Route {
  const [, verb = '', raw = ''] = /^\s*([A-Za-z]+)\s+(\S+)\s*$/.exec(text) ?? [];
  const method = METHODS.find((known) => known === verb.toUpperCase());
  if (method === undefined)
    throw new RangeError(`must be a method and a path, e.g. "GET /orders/:id", not "${text.slice(0, 80)}"`);
  if (!raw.startsWith('/')) throw new RangeError(`the path "${raw.slice(0, 80)}" must start with "/"`);
  if (raw.length > MAX_PATH) throw new RangeError(`the path is longer than ${MAX_PATH} characters`);
  const glued = /\{[^{}/]*\}(?=[^/.-])/.exec(raw);
  if (glued) throw new RangeError(`"${glued[0]}" in the path must be followed by "/", "." or "-"`);
  const path = raw.replace(/\{([^{}/]*)\}/g, ':$1');
  const segments = path === '/' ? [] : path.slice(1).split('/');
  const params = [...path.matchAll(PARAM)].map(([, name = '']) => name);
  for (const segment of segments) checkSegment(segment);
  const twice = params.find((name, index) => params.indexOf(name) !== index);
  if (twice !== undefined) throw new RangeError(`there are two parameters ":${twice}"`);
  if (OPERATIONS.includes(path)) throw new RangeError(`${path} is a path that every service already has`);
  return { method, path, params };
}

function checkSegment(segment: string): void {
  if (segment === '') throw new RangeError('the path has an empty segment: two "/" in a row, or one at the end');
  for (const [, name = ''] of segment.matchAll(PARAM)) {
    const problem = nameProblem(name);
    if (problem) throw new RangeError(`the parameter ${problem}`);
  }
  const glued = /[^.-]:|:[^.-]*-(?!:)/.exec(segment);
  if (glued)
    throw new RangeError(
      `the segment "${segment.slice(0, 60)}" is not clear: a parameter ends at "." or before "-:", and begins after one of these`,
    );
  if (segment === '.' || segment === '..') throw new RangeError(`the path has the segment "${segment}"`);
  if (/^(__proto__|constructor|prototype)$/.test(segment))
    throw new RangeError(`the segment "${segment}" is a reserved word`);
  if (!/^[A-Za-z0-9._~-]*$/.test(segment.replace(PARAM, '')))
    throw new RangeError(`the segment "${segment.slice(0, 60)}" has a character other than letters, digits and "._~-"`);
}

/** The path without the names of its parameters: `/orders/:/items`. */
export function shapeOf(path: string): string {
  return path.replaceAll(/:\w+/g, ':');
}

/**
 * The name of an endpoint's folder: `orders-by-order-id-items-post`.
 * Different routes nearly always have different ones; where not, the second is refused.
 */
export function endpointFolder({ method, path }: Route): string {
  const words = path.split('/').flatMap((segment) => {
    if (segment === '') return [];
    const name = segment.replace(PARAM, (_, param: string, at: number) => `${at > 0 ? '-' : ''}by-${param}`);
    return [
      name
        .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, '-')
        .replace(/^-|-$/g, ''),
    ];
  });
  const place = words.filter((word) => word !== '').join('-') || 'root';
  return `${place}-${method.toLowerCase()}`;
}
