import { metrics } from './metrics.js';
import { noteRoutes } from './notes.js';
import { describe } from './openapi.js';
import { Problem } from './problem.js';

const TEXT = 'text/plain; version=0.0.4';

/** Every route: what it is for clients, and what it does. */
export function makeRoutes({ pool, isReady, version }) {
  const live = () => ({ body: { status: 'live' } });
  const ready = async () =>
    (await isReady()) ? { body: { status: 'ready' } } : { status: 503, body: new Problem(503, 'not ready') };
  const routes = [
    { method: 'GET', path: '/health/live', handle: live },
    { method: 'GET', path: '/livez', handle: live },
    { method: 'GET', path: '/healthz', handle: live },
    { method: 'GET', path: '/health/ready', handle: ready },
    { method: 'GET', path: '/readyz', handle: ready },
    { method: 'GET', path: '/version', handle: () => ({ body: version }) },
    { method: 'GET', path: '/metrics', type: TEXT, handle: () => ({ type: TEXT, body: metrics() }) },
    { method: 'GET', path: '/openapi.json', handle: () => ({ body: describe(routes, version) }) },
    ...noteRoutes(pool),
  ];
  return routes;
}

/** The route of a request, with its parameters. Throws a 404 or 405. */
export function match(routes, method, pathname) {
  const fitting = routes.flatMap((route) => {
    const pattern = new RegExp(`^${route.path.replace('.', '\\.').replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`);
    const found = pattern.exec(pathname);
    return found ? [{ route, parameters: { ...found.groups } }] : [];
  });
  const exact = fitting.find(({ route }) => route.method === method);
  if (exact) return exact;
  if (fitting.length === 0) throw new Problem(404, 'no such route');
  throw new Problem(405, 'no such method', { allow: fitting.map(({ route }) => route.method).join(', ') });
}
