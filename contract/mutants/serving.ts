import { edit, type Mutant } from './mutant.ts';

/** Faults in what the service keeps, where it listens, what it logs and answers. */
export const servingMutants: readonly Mutant[] = [
  {
    rule: 'IV-1',
    fault: 'the first database is remembered',
    edits: [
      edit('web.js', 'connectionString: values.DATABASE_URL', 'connectionString: firstUrl(values.DATABASE_URL)'),
      edit(
        'web.js',
        "import { createServer } from 'node:http';",
        `import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
const memo = process.env.TMPDIR + '/first-url';
function firstUrl(url) {
  if (!existsSync(memo)) writeFileSync(memo, url);
  return readFileSync(memo, 'utf8');
}`,
      ),
    ],
  },
  {
    rule: 'IV-2',
    fault: 'once not ready, never ready again',
    edits: [edit('web.js', '() => false,', '() => ((known.at = Infinity), false),')],
  },
  {
    rule: 'VI-1',
    fault: 'a process id file is written beside the program',
    edits: [
      edit(
        'web.js',
        'let draining = false;',
        "writeFileSync(new URL('./web.pid', import.meta.url), String(process.pid));\n  let draining = false;",
      ),
      edit(
        'web.js',
        "import { log } from './log.js';",
        "import { writeFileSync } from 'node:fs';\nimport { log } from './log.js';",
      ),
    ],
  },
  {
    rule: 'VI-2',
    fault: 'what is acknowledged is stored a moment later',
    edits: [
      edit(
        'routes.js',
        "await pool.query('INSERT INTO notes (id, text) VALUES ($1, $2)', [id, text]);",
        `notes.set(id, text);
    setTimeout(() => pool.query('INSERT INTO notes (id, text) VALUES ($1, $2)', [id, text]).catch(() => {}), 300).unref();`,
      ),
      edit(
        'routes.js',
        "const { rows } = await pool.query('SELECT id, text FROM notes WHERE id::text = $1', [id]);",
        `if (notes.has(id)) return { body: { id, text: notes.get(id) } };
    const { rows } = await pool.query('SELECT id, text FROM notes WHERE id::text = $1', [id]);`,
      ),
      edit('routes.js', 'const NOTE = {', 'const notes = new Map();\nconst NOTE = {'),
    ],
  },
  {
    rule: 'VI-3',
    fault: 'the list is kept in memory',
    edits: [
      edit(
        'routes.js',
        "const { rows } = await pool.query('SELECT id, text FROM notes ORDER BY id LIMIT 100');",
        'const rows = written;',
      ),
      edit(
        'routes.js',
        '    return { status: 201, body',
        '    written.push({ id, text });\n    return { status: 201, body',
      ),
      edit('routes.js', 'const NOTE = {', 'const written = [];\nconst NOTE = {'),
    ],
  },
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
    rule: 'VII-1',
    fault: 'the port that was taken is not logged',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the mutant's source text
    edits: [edit('web.js', '`listening on ${values.HOST}:${port}`, { port }', "'listening', { open: Boolean(port) }")],
  },
  {
    rule: 'XI-1',
    fault: 'a crash is left to the runtime',
    edits: [edit('main.js', "process.on('uncaughtException'", "process.on('an event that never is'")],
  },
  {
    rule: 'XI-1',
    fault: 'a greeting that is no JSON',
    edits: [edit('web.js', 'let draining = false;', "let draining = false;\n  console.log('reference is starting');")],
  },
  {
    rule: 'XI-2',
    fault: 'the time is a number',
    edits: [edit('log.js', 'new Date().toISOString()', 'Date.now()')],
  },
  {
    rule: 'XI-2',
    fault: 'the route is no template',
    edits: [edit('web.js', "'http.route': template", "'http.route': template.replace('{id}', ':')")],
  },
  {
    rule: 'XI-3',
    fault: 'the target of a request is logged as it came',
    edits: [edit('web.js', '{ ...seen, duration_ms', "{ ...seen, 'url.full': request.url, duration_ms")],
  },
  {
    rule: 'XI-3',
    fault: 'headers are logged while debugging',
    edits: [edit('web.js', '    let answer;\n', "    let answer;\n    log('debug', 'headers', request.headers);\n")],
  },
  {
    rule: 'XI-4',
    fault: 'a line is waited for',
    edits: [
      edit('log.js', 'process.stdout.write(', 'writeSync(1, '),
      edit('log.js', 'const LEVELS', "import { writeSync } from 'node:fs';\n\nconst LEVELS"),
    ],
  },
  {
    rule: 'XI-4',
    fault: 'a log that could not be written once is never written again',
    edits: [
      edit('log.js', 'process.stdout.write(', 'if (!isFull) isFull = !process.stdout.write('),
      edit('log.js', 'const LEVELS', 'let isFull = false;\nconst LEVELS'),
    ],
  },
  {
    rule: 'H-1',
    fault: 'an alias is missing',
    edits: [edit('routes.js', "'/livez'", "'/alive'")],
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
    edits: [edit('routes.js', 'of routes) {', "of routes.filter(({ path }) => path !== '/metrics')) {")],
  },
  {
    rule: 'H-5',
    fault: 'the path is the label',
    edits: [edit('web.js', 'observe(request.method, template', 'observe(request.method, pathname')],
  },
  {
    rule: 'S-1',
    fault: 'a request may take for ever',
    edits: [edit('web.js', 'requestTimeout: values.REQUEST_TIMEOUT_MS', 'requestTimeout: 0')],
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
];
