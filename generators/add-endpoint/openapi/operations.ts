import { METHODS } from '../../../engine/core/service/route.ts';
import type { DocumentFiles } from '../../../engine/io/documents.ts';
import { readBody } from './body.ts';
import { Documents } from './documents.ts';
import { Inexpressible } from './inexpressible.ts';
import { readParameters } from './parameters.ts';
import type { Loss, Place } from './place.ts';
import { readResponses } from './responses.ts';
import { namesOf, type PathNames, routePath } from './route-path.ts';
import { TooLarge } from './schema/layers.ts';
import { type Extent, SchemaReader } from './schema/schema.ts';
import { basePathOf } from './servers.ts';

/** One operation of a document: the flags that would add it, or why none can. */
export type Operation =
  | {
      readonly name: string;
      /** Its name without the path of the server, as earlier versions added it. */
      readonly bareName: string;
      /** Where it is in the document. */
      readonly pointer: string;
      readonly answers: Readonly<Record<string, unknown>>;
      readonly losses: readonly Loss[];
    }
  | { readonly name: string; readonly reason: string; readonly pointer: string };

/** What a document says, and what of it outside of operations is lost. */
export interface Read {
  readonly operations: readonly Operation[];
  readonly losses: readonly Loss[];
}

const VERBS = /^(get|put|post|delete|options|head|patch|trace|query)$/;
const MAX_FIELD = 20_000;
const MAX_SUMMARY = 200;

/** From large to small: an operation is read by the first that gives fields of a bearable length. */
const EXTENTS: readonly Extent[] = [5, 3, 2, 1].map((depth) => ({ depth, schemas: 2000 }));

/**
 * OpenAPI document -> operations, in its order.
 *
 * @param routes of the service: the parameters of their paths keep their names
 * @throws {RangeError} for what is no OpenAPI 3 document
 */
export function readOperations(files: DocumentFiles, routes: readonly { readonly path: string }[] = []): Read {
  const documents = new Documents(files);
  const root = documents.root();
  const version = root.peek('openapi');
  if (typeof version !== 'string' || !/^3\.[012]/.test(version))
    throw new RangeError('it is no OpenAPI 3.0, 3.1 or 3.2 document: it has no "openapi: 3.1.0"');
  // Who may call, and where the endpoints are, is asked again for each operation.
  root.use('openapi');
  root.useLists('servers', 'security');
  const names: PathNames = new Map(routes.map(({ path }) => namesOf(path)));
  const paths = root.at('paths', 'paths')?.all('path item') ?? [];
  const operations = paths
    .filter(({ name }) => !name.startsWith('x-'))
    .flatMap((item) => readPath(documents, item, names));
  return { operations, losses: root.losses() };
}

/** The operations of a path. What else it has is lost once, and not with each of them. */
function readPath(documents: Documents, item: Place, names: PathNames): Operation[] {
  const path = item.name;
  if (!path.startsWith('/')) {
    item.cut('is no path: it does not begin with "/"');
    return [];
  }
  let items: Place[];
  try {
    items = itemsOf(documents, item);
  } catch (error) {
    if (!(error instanceof Inexpressible)) throw error;
    item.cut(error.message);
    return [];
  }
  const found = new Map<string, Place>();
  for (const one of items) {
    one.useLists('parameters', 'servers');
    for (const verb of one.names.filter((name) => VERBS.test(name))) {
      if (found.has(verb)) continue;
      one.use(verb);
      found.set(verb, one);
    }
  }
  return [...found].map(([verb, holder]) => readFully(documents, path, verb, holder, items, names));
}

/** A path item and what its `$ref` leads to. Its own members come first. */
function itemsOf(documents: Documents, item: Place): Place[] {
  const items = [item];
  for (let last = item; typeof last.peek('$ref') === 'string'; ) {
    last = documents.follow(last, 'path item');
    if (items.some((one) => one.location === last.location)) throw new Inexpressible('refers to itself', item);
    items.push(last);
  }
  return items;
}

function readFully(
  documents: Documents,
  path: string,
  verb: string,
  holder: Place,
  items: readonly Place[],
  names: PathNames,
): Operation {
  for (const extent of EXTENTS) {
    const found = readOperation(documents, path, verb, holder, items, names, extent);
    if (found !== undefined) return found;
  }
  return {
    name: `${verb.toUpperCase()} ${path}`,
    reason: 'its schemas are too large',
    pointer: holder.apart(verb, 'operation').location,
  };
}

/** Nothing where it is too large. Each time it is read as if nobody had read it before. */
function readOperation(
  documents: Documents,
  path: string,
  verb: string,
  holder: Place,
  items: readonly Place[],
  names: PathNames,
  extent: Extent,
): Operation | undefined {
  const method = verb.toUpperCase();
  const given = holder.apart(verb, 'operation');
  const root = documents.root();
  let name = `${method} ${path.replace(/\{([^{}/]*)\}/g, ':$1')}`;
  try {
    if (!(METHODS as readonly string[]).includes(method))
      throw new Inexpressible(`no endpoint has the method ${method}`, given);
    const operation = documents.resolve(given);
    const fresh = items.map((one) => one.again());
    const base = basePathOf([operation, ...fresh, root]);
    const { route, bare, params } = routePath(path, base, names);
    name = `${method} ${route}`;
    const schemas = new SchemaReader(documents, extent);
    const parameters = [...fresh.toReversed(), operation].flatMap(
      (one) => one.at('parameters', 'list')?.all('parameter') ?? [],
    );
    const holders = [operation, ...fresh, root].filter(
      (one) => Array.isArray(one.peek('security')) && one.role !== 'path item',
    );
    const answers = {
      route: name,
      ...readParameters(documents, schemas, parameters, params),
      ...readBody(documents, schemas, operation, method),
      ...readResponses(documents, schemas, operation),
      summary: summaryOf(operation),
    };
    if (
      Object.values(answers)
        .flat()
        .some((text) => String(text).length > MAX_FIELD)
    )
      return undefined;
    const security = securityLosses(holders);
    const losses = [
      ...given.losses(),
      ...fresh.flatMap((one) => [...one.lossesOf('parameters'), ...one.lossesOf('servers')]),
      ...root.lossesOf('servers'),
      ...security,
    ];
    return { name, bareName: `${method} ${bare}`, pointer: given.location, answers, losses };
  } catch (error) {
    if (error instanceof TooLarge) return undefined;
    if (!(error instanceof Inexpressible)) throw error;
    return { name, reason: error.message, pointer: error.pointer };
  }
}

function summaryOf(operation: Place): string {
  const summary = operation.peek('summary');
  if (typeof summary !== 'string') return '';
  const text = summary.replace(/\s+/g, ' ').trim();
  operation.use('summary');
  if (text.length > MAX_SUMMARY) operation.note('summary', `is cut after ${MAX_SUMMARY} characters`);
  return text.slice(0, MAX_SUMMARY).trim();
}

/** The operation's own word on security counts, else the document's. An empty one is a word too. */
function securityLosses([holder]: readonly Place[]): Loss[] {
  const security = holder?.peek('security');
  holder?.useLists('security');
  if (!holder || !Array.isArray(security) || security.length === 0) return [];
  const reason = 'is not checked: everybody may call the endpoint';
  return [{ pointer: `${holder.location}/security`, role: holder.role, name: 'security', reason }];
}
