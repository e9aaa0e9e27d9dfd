import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { planAdditions, type Service } from '../../../engine/core/service/addition.ts';
import { findRoutes } from '../../../stacks/typescript/sources.ts';
import { withFolder } from '../../support/folder.ts';
import { addDocument, afterPlan, serviceOf } from '../../support/service.ts';

const OK = { responses: { 204: { description: 'done' } } };

/** What a run says, and the service after it. */
async function add(document: object, service: Service = serviceOf()) {
  return withFolder({ 'api.json': JSON.stringify({ openapi: '3.1.0', ...document }) }, async (folder) => {
    const { additions, notes = [], attention = [] } = await addDocument(service, join(folder, 'api.json'));
    return {
      names: additions.map(({ name }) => name),
      notes,
      attention,
      after: afterPlan(service, planAdditions(service, additions)),
    };
  });
}

describe('the operations of one document', () => {
  it('are checked against each other: of two on one path the first wins, and the second is named', async () => {
    const { names, attention, after } = await add({
      paths: { '/users/{id}': { get: OK }, '/users/{name}': { get: OK, put: OK } },
    });
    expect(names).toEqual(['GET /users/:id', 'PUT /users/:id']);
    expect(attention).toEqual([
      'GET /users/:id was not added: #/paths/~1users~1{name}/get is the same endpoint as #/paths/~1users~1{id}/get',
    ]);
    const routes = findRoutes(after.tree).filter(({ path }) => path.startsWith('/users'));
    expect(routes.map(({ method, path }) => `${method} ${path}`).toSorted()).toEqual([
      'GET /users/:id',
      'PUT /users/:id',
    ]);
  });

  it('of which two would have one folder: the first wins, and the second is named', async () => {
    const { names, attention } = await add({ paths: { '/a-b': { get: OK }, '/a/b': { get: OK } } });
    expect(names).toEqual(['GET /a-b']);
    expect(attention).toEqual(['GET /a/b was not added: GET /a-b has the folder a-b-get: #/paths/~1a~1b/get']);
  });

  it('have the names of parameters that the service has, and do not take its routes', async () => {
    const { names, attention } = await add({
      paths: { '/products/{productId}': { get: OK, delete: OK } },
    });
    expect(names).toEqual(['DELETE /products/:id']);
    expect(attention).toEqual([
      'GET /products/:id was not added: src/features/products/routes.ts has GET /products/:id already: ' +
        '#/paths/~1products~1{productId}/get',
    ]);
  });

  it('are there already when they are added again: what is lost is said in every run', async () => {
    const document = { webhooks: {}, security: [{ key: [] }], paths: { '/a': { get: OK } } };
    const first = await add(document);
    const lines = [
      '"webhooks" of the document is not used: nothing calls them: #/webhooks',
      '"security" of the document is not checked: everybody may call the endpoint: #/security (GET /a)',
    ];
    expect(first.attention).toEqual(lines);
    expect(await add(document, first.after)).toMatchObject({
      names: [],
      notes: ['GET /a already exists'],
      attention: lines,
    });
  });

  it('are there already, and the document has changed since: what is lost now is said', async () => {
    const parameter = (schema: object) => ({ parameters: [{ in: 'query', name: 'q', schema }] });
    const first = await add({ paths: { '/a': { get: { ...OK, ...parameter({ type: 'string' }) } } } });
    expect(first.attention).toEqual([]);
    const get = { ...OK, ...parameter({ type: 'string', pattern: '^x' }), security: [{ key: [] }], callbacks: {} };
    const { names, attention } = await add({ paths: { '/a': { get } } }, first.after);
    expect([names, attention]).toEqual([
      [],
      [
        '"pattern" of a schema is not used: #/paths/~1a/get/parameters/0/schema/pattern (GET /a)',
        '"callbacks" of an operation is not used: the endpoint calls nobody back: #/paths/~1a/get/callbacks (GET /a)',
        '"security" of an operation is not checked: everybody may call the endpoint: #/paths/~1a/get/security (GET /a)',
      ],
    ]);
  });

  it('that an earlier version added without the path of the server are not added again below it', async () => {
    const first = await add({ paths: { '/a': { get: OK } } });
    const again = await add({ servers: [{ url: '/v1' }], paths: { '/a': { get: OK } } }, first.after);
    expect(again).toMatchObject({
      names: [],
      notes: [],
      attention: [
        'GET /v1/a was not added: the service has it as GET /a, without the path of the server: #/paths/~1a/get',
      ],
    });
  });

  it('may be none: what else the document has is said all the same', async () => {
    const { attention } = await add({ paths: { '/a': { gett: OK }, b: {} }, webhooks: {} });
    expect(attention).toEqual([
      '"gett" of a path item is not used: #/paths/~1a/gett',
      'a path item is no path: it does not begin with "/": #/paths/b',
      '"webhooks" of the document is not used: nothing calls them: #/webhooks',
    ]);
  });
});

describe('losses', () => {
  it('of one kind are one line, with the first places and the count of all', async () => {
    const get = { ...OK, parameters: [{ in: 'query', name: 'q', schema: { type: 'string', pattern: 'x' } }] };
    const paths = Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`/a${index}`, { get }]));
    const { attention } = await add({ paths });
    expect(attention).toEqual([
      '"pattern" of a schema is not used: #/paths/~1a0/get/parameters/0/schema/pattern, ' +
        '#/paths/~1a1/get/parameters/0/schema/pattern, #/paths/~1a2/get/parameters/0/schema/pattern and 9 more places ' +
        '(GET /a0 and 11 more operations)',
    ]);
  });
});
