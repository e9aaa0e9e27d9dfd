import { randomUUID } from 'node:crypto';
import { probeDescription } from '../probes/http/described-answers.ts';
import { USUAL_ROUTES, writtenRoutes } from '../probes/http/hidden-routes.ts';
import type { Rule } from '../rule.ts';

/** Routes of the contract. Whether they exist is for another rule. */
const OWN = ['/health/live', '/health/ready', '/livez', '/readyz', '/healthz', '/version', '/openapi.json'];
export const rule: Rule = {
  id: 'H-4',
  level: 'MUST',
  factor: 'HTTP',
  promises: {
    house:
      'All routes are in `/openapi.json`, with ids that are unique, and answers have the media type that it says. Where an operation describes errors, none is missing.',
  },
  why: 'Clients, gateways and tests are made from it. What it does not describe has to be found by trying.',
  mend: 'Derive the document from the routes, and the routes from their schemas; serve nothing that is registered beside them.',
  byHand: ["curl -s $URL/openapi.json | jq '.paths | keys'", 'curl -i $URL/docs; curl -i $URL/metrics'],
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
    // If the same answer comes for any path (a login page, one page for all), it says nothing about a route.
    const nowhere = await service.status(`/${randomUUID()}`);
    if (nowhere !== 404) harness.leftOut.push(`paths that answer ${nowhere}: so does one that does not exist`);
    const { folder } = harness.subject.target;
    const { live, ready } = service.paths;
    const written = folder === undefined ? [] : writtenRoutes(folder).filter((path) => path !== live && path !== ready);
    const candidates = [...new Set([...OWN, ...USUAL_ROUTES, ...written])];
    const statuses = await Promise.all(candidates.map((path) => service.status(path)));
    const isThere = (path: string, status: number | string | undefined) =>
      typeof status === 'number' && status !== 404 && status !== nowhere && !(status === 403 && path.startsWith('/.'));
    const hidden = candidates.filter((path, at) => isThere(path, statuses[at]) && openApi.methodsAt(path).length === 0);
    harness.saw({
      sent: `GET ${candidates.length} paths that are usual, or stand in its files`,
      expected: 'none that answers and is not described',
      got: hidden.map((path) => `${path}: ${statuses[candidates.indexOf(path)]}`).join(', ') || 'none',
      ok: hidden.length === 0,
      steady: true,
    });
    // A running service of somebody else is not sent methods that are not described: they might change something.
    const isRunning = harness.subject.target.kind === 'url';
    if (isRunning) harness.leftOut.push('methods that are not described: none is sent to a running service');
    for (const template of isRunning ? [] : paths) {
      const [first] = operations.filter((one) => one.path === template);
      const path = first && openApi.fill(first);
      const absent = path && openApi.absentMethod(path);
      if (!absent) continue;
      const { status, headers } = await service.ask(path, { method: absent });
      if (status < 400 && status === (await service.ask(`/${randomUUID()}`, { method: absent })).status) continue;
      const described = [...openApi.methodsAt(path), 'HEAD', 'OPTIONS'];
      const allowed =
        status === 405 ? (headers.allow ?? '').split(',').map((method) => method.trim().toUpperCase()) : [];
      const more = allowed.filter((method) => method !== '' && !described.includes(method));
      harness.saw({
        sent: `${absent} ${template}, which is not described`,
        expected: 'an error; no Allow that names more than is described',
        got: allowed.length > 0 ? `${status}, Allow: ${headers.allow ?? '(none)'}` : String(status),
        ok: status >= 400 && more.length === 0,
      });
    }
    await probeDescription(harness, service, openApi);
    return harness.evidence;
  },
};
