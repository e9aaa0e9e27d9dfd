import { randomUUID } from 'node:crypto';
import { metrics } from './metrics.js';
import { Problem } from './problem.js';
import { readJson } from './request.js';

const NOTE = {
  type: 'object',
  properties: { text: { type: 'string', minLength: 1, maxLength: 200 } },
  required: ['text'],
};
const ID = { name: 'id', in: 'path', required: true, schema: { type: 'string', format: 'uuid' } };

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
    { method: 'GET', path: '/metrics', handle: () => ({ type: 'text/plain; version=0.0.4', body: metrics() }) },
    { method: 'GET', path: '/openapi.json', handle: () => ({ body: document(routes, version) }) },
    { method: 'POST', path: '/notes', body: NOTE, created: true, handle: create },
    { method: 'GET', path: '/notes', handle: list },
    { method: 'GET', path: '/notes/{id}', parameters: [ID], handle: read },
  ];
  return routes;

  async function create(request) {
    const { text } = Object(await readJson(request));
    if (typeof text !== 'string' || text.length < 1 || text.length > 200)
      throw new Problem(422, 'text has 1 to 200 characters');
    const id = randomUUID();
    await pool.query('INSERT INTO notes (id, text) VALUES ($1, $2)', [id, text]);
    return { status: 201, body: { id, text }, headers: { location: `/notes/${id}` } };
  }

  async function list() {
    const { rows } = await pool.query('SELECT id, text FROM notes ORDER BY id LIMIT 100');
    return { body: { items: rows } };
  }

  async function read(_request, { id }) {
    const { rows } = await pool.query('SELECT id, text FROM notes WHERE id::text = $1', [id]);
    if (rows.length === 0) throw new Problem(404, 'no such note');
    return { body: rows[0] };
  }
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

function document(routes, { name: title, version }) {
  const paths = {};
  for (const { method, path, body, created, parameters = [] } of routes) {
    paths[path] ??= {};
    paths[path][method.toLowerCase()] = {
      parameters,
      ...(body ? { requestBody: { required: true, content: { 'application/json': { schema: body } } } } : {}),
      responses: { [created ? 201 : 200]: { description: 'done' } },
    };
  }
  return { openapi: '3.1.0', info: { title, version }, paths };
}
