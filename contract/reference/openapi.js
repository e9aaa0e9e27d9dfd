const PROBLEM = { description: 'an error', content: { 'application/problem+json': { schema: { type: 'object' } } } };

/** The OpenAPI document of routes. */
export function describe(routes, { name: title, version }) {
  const paths = {};
  for (const { method, path, body, status = 200, type = 'application/json', parameters = [] } of routes) {
    paths[path] ??= {};
    paths[path][method.toLowerCase()] = {
      operationId: `${method.toLowerCase()} ${path}`.replace(/\W+(\w?)/g, (_, letter) => letter.toUpperCase()),
      parameters,
      ...(body ? { requestBody: { required: true, content: { 'application/json': { schema: body } } } } : {}),
      responses: {
        [status]: { description: 'done', ...(status === 204 ? {} : { content: { [type.split(';')[0]]: {} } }) },
        default: PROBLEM,
      },
    };
  }
  return { openapi: '3.1.0', info: { title, version }, paths };
}
