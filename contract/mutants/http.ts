import { edit, type Mutant } from './mutant.ts';

/** Faults in what the service answers and describes, and in what it takes from clients. */
export const httpMutants: readonly Mutant[] = [
  {
    rule: 'H-1',
    fault: 'an alias is missing',
    edits: [edit('routes.js', "'/healthz'", "'/alive'")],
  },
  {
    rule: 'H-1',
    fault: 'whatever is below a health path is healthy',
    edits: [
      edit(
        'routes.js',
        "    { method: 'GET', path: '/version',",
        "    { method: 'GET', path: '/health/live/{any}', handle: live },\n    { method: 'GET', path: '/version',",
      ),
    ],
  },
  {
    rule: 'H-2',
    fault: 'a wrong method is a route that does not exist',
    edits: [edit('routes.js', 'new Problem(405', 'new Problem(404')],
  },
  {
    rule: 'H-2',
    fault: 'errors are plain JSON',
    edits: [edit('web.js', "'application/problem+json'", "'application/json'")],
  },
  {
    rule: 'H-2',
    fault: 'bytes that are no UTF-8 become question marks',
    edits: [edit('request.js', '{ fatal: true }', '{ fatal: false }')],
  },
  {
    rule: 'H-2',
    fault: 'a body in an encoding that it does not know is read as it comes',
    edits: [edit('request.js', "'content-encoding' in", "'no-encoding' in")],
  },
  {
    rule: 'H-2',
    fault: 'one of two Host headers is believed',
    edits: [edit('web.js', 'host?.length > 1', 'host?.length > 2')],
  },
  {
    rule: 'H-2',
    fault: 'whatever the language calls a number is one',
    edits: [edit('notes.js', '!/^\\d+$/.test(text) || ', '')],
  },
  {
    rule: 'H-2',
    fault: 'a character that the database does not take is an error of the service',
    edits: [edit('notes.js', "text.includes('\\0') || ", '')],
  },
  {
    rule: 'H-2',
    fault: 'an error that nobody expected is shown as it was caught',
    edits: [
      edit('notes.js', "text.includes('\\0') || ", ''),
      edit('web.js', "return new Problem(500, 'an error of the service');", 'return new Problem(500, error.stack);'),
    ],
  },
  {
    rule: 'H-3',
    fault: 'any X-Request-Id is taken',
    edits: [edit('request.js', '/^[\\w.-]{1,128}$/', '/./')],
  },
  {
    rule: 'H-3',
    fault: 'any traceparent is continued',
    edits: [edit('request.js', '(?!0{32})', '')],
  },
  {
    rule: 'H-4',
    fault: 'a route is not described',
    edits: [edit('openapi.js', 'of routes) {', "of routes.filter(({ path }) => path !== '/metrics')) {")],
  },
  {
    rule: 'H-4',
    fault: 'one operationId stands for every path',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the mutant's source text
    edits: [edit('openapi.js', '} ${path}`.replace', '}`.replace')],
  },
  {
    rule: 'H-4',
    fault: 'metrics are described as JSON',
    edits: [edit('routes.js', "'/metrics', type: TEXT,", "'/metrics',")],
  },
  {
    rule: 'H-4',
    fault: 'the description has no media type of its own',
    edits: [
      edit(
        'routes.js',
        'body: describe(routes, version) }',
        "type: 'text/plain', body: JSON.stringify(describe(routes, version)) }",
      ),
    ],
  },
  {
    rule: 'H-4',
    fault: 'the only error that is described is the usual one',
    edits: [edit('openapi.js', 'default: PROBLEM', '404: PROBLEM')],
  },
  {
    rule: 'H-4',
    fault: 'a page of internals is served beside the routes',
    edits: [
      edit(
        'routes.js',
        '  const exact = fitting.find(',
        "  if (pathname === ['', 'debug', 'vars'].join('/'))\n    return { route: { path: pathname, handle: () => ({ body: process.memoryUsage() }) }, parameters: {} };\n  const exact = fitting.find(",
      ),
    ],
  },
  {
    rule: 'H-4',
    fault: 'a page that only its author knows is served beside the routes',
    edits: [
      edit(
        'routes.js',
        '  const exact = fitting.find(',
        "  if (pathname === '/for-my-eyes')\n    return { route: { path: pathname, handle: () => ({ body: process.memoryUsage() }) }, parameters: {} };\n  const exact = fitting.find(",
      ),
    ],
  },
  {
    rule: 'H-5',
    fault: 'the path is the label',
    edits: [edit('web.js', 'observe(request.method, template', 'observe(request.method, pathname')],
  },
  {
    rule: 'H-5',
    fault: 'the path is the label where no route is known',
    edits: [
      edit(
        'web.js',
        'observe(request.method, template',
        'observe(request.method, template === "none" ? pathname : template',
      ),
    ],
  },
  {
    rule: 'H-6',
    fault: 'tags are compared as one text',
    edits: [
      edit('conditional.js', 'const isAny = (header) =>', 'const isAny = (header) => header.includes("nothing") &&'),
    ],
  },
  {
    rule: 'H-6',
    fault: 'a weak tag is as good as a strong one',
    edits: [edit('conditional.js', 'return weak ?', 'return weak || true ?')],
  },
  {
    rule: 'S-1',
    fault: 'only a length that is announced is looked at',
    edits: [edit('request.js', '    if (length > BODY_LIMIT) throw tooLarge();', '')],
  },
  {
    rule: 'S-1',
    fault: 'a connection that asks for nothing more is kept',
    edits: [
      edit(
        'web.js',
        '  server.timeout = values.REQUEST_TIMEOUT_MS;',
        "  server.timeout = values.REQUEST_TIMEOUT_MS;\n  server.keepAliveTimeout = 0;\n  server.on('timeout', (socket) => inFlight.get(socket) > 0 && socket.destroy());",
      ),
    ],
  },
  {
    rule: 'S-1',
    fault: 'a request may take for ever',
    edits: [edit('web.js', 'requestTimeout: values.REQUEST_TIMEOUT_MS', 'requestTimeout: 0')],
  },
  {
    rule: 'S-1',
    fault: 'an answer waits for ever for a client that does not read',
    edits: [
      edit('web.js', 'server.timeout = values.REQUEST_TIMEOUT_MS;', 'server.timeout = 0;'),
      edit('web.js', 'return socket.destroy();', 'return undefined;'),
    ],
  },
  {
    rule: 'S-1',
    fault: 'a connection may have any number of requests in flight',
    // An answer is as large as those of real services.
    edits: [
      edit('web.js', 'const AT_ONCE = 100;', 'const AT_ONCE = 1e6;'),
      edit('openapi.js', 'info: { title, version }', "info: { title, version, description: 'x'.repeat(20_000) }"),
    ],
  },
  {
    rule: 'S-2',
    fault: 'many broken requests are taken for an attack, and it hides',
    edits: [
      edit(
        'web.js',
        '  async function handle(',
        "  let broken = 0;\n  server.on('clientError', (_, socket) => {\n    broken += 1;\n    if (broken > 100) draining = true;\n    socket.destroy();\n  });\n\n  async function handle(",
      ),
    ],
  },
  {
    rule: 'S-3',
    fault: 'a proxy that nobody told of is not noticed',
    edits: [edit('web.js', 'TRUSTED_PROXIES === 0 && !isTold', 'TRUSTED_PROXIES > 10')],
  },
];
