import { edit, type Mutant } from './mutant.ts';

/** Faults in what the service keeps in memory: leaks, sessions, counters. */
export const memoryMutants: readonly Mutant[] = [
  {
    rule: 'VI-4',
    fault: 'every request is remembered',
    edits: [
      edit(
        'web.js',
        "    let template = 'none';",
        "    remembered.push({ at: new Date(), headers: Object.values(request.headers).map((one) => one.repeat(1000)), body: Buffer.alloc(10_000, 1) });\n    let template = 'none';",
      ),
      edit('web.js', '/** Serves until', 'const remembered = [];\n\n/** Serves until'),
    ],
  },
  {
    rule: 'VI-4',
    fault: 'every body is remembered',
    edits: [
      edit(
        'request.js',
        '    chunks.push(chunk);',
        '    chunks.push(chunk);\n    remembered.push(Buffer.alloc(12_000, chunk));',
      ),
      edit('request.js', '/** The JSON body', 'const remembered = [];\n\n/** The JSON body'),
    ],
  },
  {
    rule: 'VI-4',
    fault: 'a thread remembers every body',
    edits: [
      edit(
        'request.js',
        '    chunks.push(chunk);',
        '    chunks.push(chunk);\n    thread.postMessage(Buffer.alloc(12_000, chunk));',
      ),
      edit(
        'request.js',
        '/** The JSON body',
        `const REMEMBER = "const kept = []; require('node:worker_threads').parentPort.on('message', (body) => kept.push(body));";
const thread = new Worker(REMEMBER, { eval: true });
thread.unref();

/** The JSON body`,
      ),
      edit('request.js', 'import { Problem }', "import { Worker } from 'node:worker_threads';\nimport { Problem }"),
    ],
  },
  {
    rule: 'VI-4',
    fault: 'connections are counted, and kept for it',
    edits: [
      edit(
        'web.js',
        '  server.timeout = values.REQUEST_TIMEOUT_MS;',
        "  server.timeout = values.REQUEST_TIMEOUT_MS;\n  const seen = [];\n  server.on('connection', (socket) => seen.push({ socket, buffer: Buffer.alloc(8192, 1) }));",
      ),
    ],
  },
  {
    rule: 'VI-4',
    fault: 'a window of requests is kept for every client, and none is dropped',
    edits: [
      edit(
        'web.js',
        "    let template = 'none';",
        "    const client = request.headers['x-forwarded-for'] ?? 'nobody';\n    if (!windows.has(client)) windows.set(client, new Array(1024).fill(0.5));\n    let template = 'none';",
      ),
      edit('web.js', '/** Serves until', 'const windows = new Map();\n\n/** Serves until'),
    ],
  },
  {
    rule: 'VI-5',
    fault: 'sessions are kept in memory',
    edits: [
      edit(
        'routes.js',
        '    ...noteRoutes(pool),',
        "    { method: 'GET', path: '/me', handle: me },\n    ...noteRoutes(pool),",
      ),
      edit(
        'routes.js',
        '/** The route of a request,',
        `const sessions = new Set();
function me({ headers }) {
  const known = /sid=(\\w+)/.exec(headers.cookie ?? '')?.[1];
  if (sessions.has(known)) return { body: { known: true } };
  const sid = Math.random().toString(36).slice(2);
  sessions.add(sid);
  return { body: { known: false }, headers: { 'set-cookie': \`sid=\${sid}; HttpOnly\` } };
}

/** The route of a request,`,
      ),
    ],
  },
  {
    rule: 'VI-5',
    fault: 'visits are counted in memory',
    edits: [
      edit(
        'routes.js',
        '    ...noteRoutes(pool),',
        "    { method: 'GET', path: '/visits', handle: () => ({ body: { visits: (visits += 1) } }) },\n    ...noteRoutes(pool),",
      ),
      edit('routes.js', "const TEXT = 'text/plain", "let visits = 0;\nconst TEXT = 'text/plain"),
    ],
  },
  {
    rule: 'VI-5',
    fault: 'only the instance that gave a token knows it',
    edits: [
      edit(
        'routes.js',
        '    ...noteRoutes(pool),',
        `    ...noteRoutes(pool),
    { method: 'POST', path: '/tokens', body: { type: 'object' }, handle: () => ({ body: { token: TOKEN } }) },
    {
      method: 'GET',
      path: '/account',
      handle({ headers }) {
        if (headers.authorization !== \`Bearer \${TOKEN}\`) throw new Problem(401, 'who are you?');
        return { body: { name: 'somebody' } };
      },
    },`,
      ),
      edit(
        'routes.js',
        "const TEXT = 'text/plain",
        "const TOKEN = Math.random().toString(36);\nconst TEXT = 'text/plain",
      ),
    ],
  },
];
