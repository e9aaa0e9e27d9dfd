import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRepoPath } from '../../engine/core/repo-path.ts';
import { endpointFolder, METHODS, OPERATIONS, parseRoute, shapeOf } from '../../engine/core/service/route.ts';
import { findRoutes } from '../../stacks/typescript/sources.ts';

describe('a route', () => {
  it('is never one that a service has from its template', () => {
    const file = join(import.meta.dirname, '../../templates/typescript/base/src/platform/http/operations.ts');
    const paths = [...readFileSync(file, 'utf8').matchAll(/"(\/[\w./]*)"/g)].map(([, path = '']) => path);
    expect(paths.toSorted()).toEqual(OPERATIONS.toSorted());
    for (const path of paths)
      for (const method of METHODS)
        expect(() => parseRoute(`${method} ${path}`), path).toThrow(/every service already has/);
  });

  it.each([
    ['GET /', { method: 'GET', path: '/', params: [] }],
    ['post /orders/:orderId/items', { method: 'POST', path: '/orders/:orderId/items', params: ['orderId'] }],
    ['PUT /a/{id}/b/{n_1}', { method: 'PUT', path: '/a/:id/b/:n_1', params: ['id', 'n_1'] }],
    ['  Patch\t/v1/a.b~c_d-e  ', { method: 'PATCH', path: '/v1/a.b~c_d-e', params: [] }],
    ['GET /calls/{Sid}.json', { method: 'GET', path: '/calls/:Sid.json', params: ['Sid'] }],
    ['GET /c/:base...:head', { method: 'GET', path: '/c/:base...:head', params: ['base', 'head'] }],
    ['GET /days/{from}-{to}', { method: 'GET', path: '/days/:from-:to', params: ['from', 'to'] }],
    ['DELETE /...', { method: 'DELETE', path: '/...', params: [] }],
  ])('%s', (text, expected) => {
    expect(parseRoute(text)).toEqual(expected);
  });

  it.each([
    ['', /must be a method and a path/],
    ['GET', /must be a method and a path/],
    ['/orders', /must be a method and a path/],
    ['HEAD /orders', /must be a method and a path/],
    ['GET /a /b', /must be a method and a path/],
    ['GET orders', /must start with "\/"/],
    ['GET http://x/y', /must start with "\/"/],
    ['GET //', /an empty segment/],
    ['GET /a//b', /an empty segment/],
    ['GET /a/', /an empty segment/],
    ['GET /../x', /the segment "\.\."/],
    ['GET /a/.', /the segment "\."/],
    ['GET /__proto__', /reserved word/],
    ['GET /constructor/x', /reserved word/],
    ['GET /:constructor', /reserved word/],
    ['GET /:', /is not a valid name/],
    ['GET /{}', /is not a valid name/],
    ['GET /{id', /a character other than/],
    ['GET /:a-b', /is not clear/],
    ['GET /{a}_b', /must be followed by/],
    ['GET /{a}{b}', /must be followed by/],
    ['GET /:a:b', /is not a valid name/],
    ['GET /:1', /is not a valid name/],
    ['GET /x:id', /is not clear/],
    ['GET /:id/:id', /there are two parameters ":id"/],
    ['GET /:id/{id}', /there are two parameters ":id"/],
    ['GET /a?b=1', /a character other than/],
    ['GET /a#b', /a character other than/],
    ['GET /*', /a character other than/],
    ['GET /a%2fb', /a character other than/],
    ['GET /größe', /a character other than/],
    ['GET /a"b', /a character other than/],
    ['GET /health/live', /a path that every service already has/],
    ['POST /metrics', /a path that every service already has/],
    [`GET /${'a'.repeat(200)}`, /longer than 200/],
  ])('%s is refused with the reason', (text, reason) => {
    expect(() => parseRoute(text)).toThrow(RangeError);
    expect(() => parseRoute(text)).toThrow(reason);
  });

  it('whatever is written, the answer is a route of harmless characters or a RangeError', () => {
    const pieces = fc.constantFrom(
      ...METHODS,
      ' ',
      '/',
      '/',
      ':',
      'id',
      'a',
      '.',
      '..',
      '{',
      '}',
      '*',
      '%',
      '\n',
      '"',
      'é',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(pieces).map((all) => `GET /${all.join('')}`),
          fc.string(),
        ),
        (text) => {
          try {
            const { path, params } = parseRoute(text);
            expect(path).toMatch(/^\/([A-Za-z0-9._~:-]+(\/[A-Za-z0-9._~:-]+)*)?$/);
            expect(new Set(params).size).toBe(params.length);
          } catch (error) {
            expect(error).toBeInstanceOf(RangeError);
          }
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe('the shape of a path', () => {
  it('is the path without the names of its parameters', () => {
    expect(shapeOf('/orders/:orderId/items/:n_1')).toBe('/orders/:/items/:');
    expect(shapeOf('/orders/:id')).toBe(shapeOf('/orders/:name'));
    expect(shapeOf('/orders/id')).not.toBe(shapeOf('/orders/:id'));
  });
});

describe('routes that sources register', () => {
  const found = (text: string, path = 'src/features/a.ts') =>
    findRoutes(new Map([[parseRepoPath(path), { content: Buffer.from(text), mode: 0o644 }]])).map(
      (route) => `${route.method} ${route.path}`,
    );

  it('are found in every way they are usually written', () => {
    expect(found('app.get("/a", h)')).toEqual(['GET /a']);
    expect(found("app\n  .post(\n    '/a/:id',\n h)")).toEqual(['POST /a/:id']);
    expect(found('app.put<{ Body: X }>(`/b`, h)')).toEqual(['PUT /b']);
    expect(found('x.all("/c")\r\ny.options("/d")')).toEqual(['ALL /c', 'OPTIONS /d']);
  });

  it('are not found in tests, documents or other calls, and only in literal texts', () => {
    expect(found('app.get("/a")', 'src/features/a.test.ts')).toEqual([]);
    expect(found('app.get("/a")', 'docs/a.md')).toEqual([]);
    expect(found('app.get("/a")', 'scripts/a.ts')).toEqual([]);
    expect(found('map.get("key"); cache.get(path); get("/a")')).toEqual([]);
    expect(found('app.get("/a")', 'src/plugins/deep/a.mjs')).toEqual(['GET /a']);
  });
});

describe('the folder of an endpoint', () => {
  it.each([
    ['GET /', 'root-get'],
    ['POST /orders/:orderId/items', 'orders-by-order-id-items-post'],
    ['GET /v1/Line.Items', 'v1-line-items-get'],
    ['GET /~', 'root-get'],
  ])('of %s is %s', (text, folder) => {
    expect(endpointFolder(parseRoute(text))).toBe(folder);
  });

  it('of any route is one plain segment that may stand in a path', () => {
    const segment = fc.stringMatching(/^[A-Za-z0-9._~-]{1,12}$|^:[A-Za-z_]\w{0,9}$/);
    let taken = 0;
    fc.assert(
      fc.property(fc.constantFrom(...METHODS), fc.array(segment, { maxLength: 6 }), (method, segments) => {
        let route: ReturnType<typeof parseRoute>;
        try {
          route = parseRoute(`${method} /${segments.join('/')}`);
        } catch {
          return;
        }
        taken += 1;
        expect(endpointFolder(route)).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
        parseRepoPath(`src/features/${endpointFolder(route)}/routes.ts`);
      }),
      { numRuns: 500 },
    );
    expect(taken).toBeGreaterThan(250);
  });
});
