import { shapeOf } from '../../../engine/core/service/route.ts';

/** The names that the parameters of each shape of path got first: two paths of one shape are one path to a router. */
export type PathNames = Map<string, readonly string[]>;

/** A path of a document as a route has it. */
interface RoutePath {
  /** Below the path of the server: `/v1/orders/:orderId`. */
  readonly route: string;
  /** Without the path of the server, and with the document's names: as earlier versions added it. */
  readonly bare: string;
  /** Parameters of the document -> of the route. */
  readonly params: ReadonlyMap<string, string>;
}

const TEMPLATE = /\{([^{}/]*)\}/g;

/** @param base the path of the server */
export function routePath(path: string, base: string, known: PathNames): RoutePath {
  const given = [...path.matchAll(TEMPLATE)].map(([, name = '']) => name);
  const shape = `${base}${path.replace(TEMPLATE, ':')}`;
  const names =
    known.get(shape) ??
    given.map((name, index) =>
      wordOf(
        name,
        given.slice(0, index).map((one) => wordOf(one, [])),
      ),
    );
  known.set(shape, names);
  let index = 0;
  return {
    route: `${base}${path.replace(TEMPLATE, () => `:${names[index++]}`)}`,
    bare: path.replace(TEMPLATE, ':$1'),
    params: new Map(given.map((name, at) => [name, names[at] ?? name])),
  };
}

/** The shape of a route's path, and the names of its parameters. */
export function namesOf(path: string): [string, readonly string[]] {
  return [shapeOf(path), [...path.matchAll(/:(\w+)/g)].map(([, name = '']) => name)];
}

/** `user-id` -> `userId`, and `id2` where there is an `id` already. Clients do not see it. */
function wordOf(name: string, taken: readonly string[]): string {
  const word = name
    .replace(/[^A-Za-z0-9_]+(.)?/g, (_, next: string = '') => next.toUpperCase())
    .replace(/^(?=\d|$)/, 'p');
  if (!taken.includes(word)) return word;
  return `${word}${taken.filter((one) => one === word).length + 1}`;
}
