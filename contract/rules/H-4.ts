import type { Rule } from '../types.ts';

/** Routes of the contract; whether they are there is another rule's question. */
const OWN = ['/health/live', '/health/ready', '/livez', '/readyz', '/healthz', '/version', '/openapi.json'];
/** Routes that frameworks and habits add. */
const USUAL = [
  '/',
  '/metrics',
  '/health',
  '/status',
  '/ping',
  '/info',
  '/docs',
  '/documentation',
  '/swagger',
  '/admin',
  '/debug',
];

export const rule: Rule = {
  id: 'H-4',
  level: 'MUST',
  factor: 'HTTP',
  statement: 'All routes are in `/openapi.json`.',
  why: 'Clients, gateways and tests are made from it; what it does not say is found out by trying.',
  mend: 'Derive the document from the routes, and the routes from their schemas; serve nothing that is registered beside them.',
  applies: (subject) => subject.answers(),
  async check(harness) {
    const service = await harness.endpoint();
    const openApi = await harness.openApi().catch((error: Error) => error.message);
    if (typeof openApi === 'string') {
      harness.saw({ sent: 'GET /openapi.json', expected: 'OpenAPI 3', got: openApi, ok: false });
      return harness.evidence;
    }
    const { document, operations } = openApi;
    const version = String(document.openapi);
    harness.saw({
      sent: 'GET /openapi.json',
      expected: 'OpenAPI 3',
      got: `openapi: ${version}`,
      ok: /^3\.\d/.test(version),
    });
    const silent = operations.filter(({ object }) => Object.keys(object.responses ?? {}).length === 0);
    const names = silent.map(({ method, path }) => `${method} ${path}`).join(', ');
    harness.saw({
      sent: 'read its operations',
      expected: 'responses for each',
      got: names || `${operations.length} operations`,
      ok: names === '' && operations.length > 0,
    });
    const paths = new Set(operations.map(({ path }) => path));
    for (const path of [...OWN, ...USUAL]) {
      const status = await service.status(path);
      if (status === 404) continue;
      const got = `${status}, ${paths.has(path) ? 'described' : 'not described'}`;
      harness.saw({ sent: `GET ${path}`, expected: 'described, since it answers', got, ok: paths.has(path) });
    }
    // Of a service that others use nothing is changed by a method that may be there, and is not described.
    const isRunning = harness.subject.target.kind === 'url';
    if (isRunning) harness.leftOut.push('methods that are not described: none is sent to a running service');
    for (const path of isRunning ? [] : paths) {
      const methods = operations.filter((one) => one.path === path).map(({ method }) => method);
      const [first] = operations.filter((one) => one.path === path);
      const absent = ['PUT', 'DELETE', 'PATCH', 'POST'].find((method) => !methods.includes(method));
      if (!first || absent === undefined) continue;
      const { headers } = await service.ask(openApi.fill(first), { method: absent });
      const allowed = (headers.allow ?? '')
        .split(/,\s*/)
        .filter((method) => !['HEAD', 'OPTIONS', ''].includes(method))
        .sort();
      const got = allowed.join(', ') || '(no Allow)';
      const described = methods.filter((method) => !['HEAD', 'OPTIONS'].includes(method)).sort();
      harness.saw({
        sent: `${absent} ${path}: Allow`,
        expected: described.join(', '),
        got,
        ok: got === described.join(', '),
      });
    }
    return harness.evidence;
  },
};
