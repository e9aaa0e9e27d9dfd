/** A change of one file; `find` occurs exactly once in it. */
export interface Edit {
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

/** The reference service with a fault that breaks one rule and no other. */
export interface Mutant {
  readonly rule: string;
  /** What somebody might have done. */
  readonly fault: string;
  readonly edits: readonly Edit[];
}

const SIGNALS = "for (const signal of ['SIGTERM', 'SIGINT'])";
const edit = (file: string, find: string, replace: string): Edit => ({ file, find, replace });

/**
 * At least one for every rule that is probed in process mode. What stops a service breaks it as PID 1 also, which is a
 * rule of its own; those mutants ask for their process id.
 */
export const mutants: readonly Mutant[] = [
  {
    rule: 'I-1',
    fault: 'the tests leave a report in the repository',
    edits: [edit('package.json', 'config --schema', 'config --schema > report.json')],
  },
  {
    rule: 'II-1',
    fault: 'the image is built with npm install',
    edits: [edit('Dockerfile', 'npm ci', 'npm install')],
  },
  {
    rule: 'III-1',
    fault: 'the line has another name',
    edits: [edit('main.js', "'config.invalid'", "'config.wrong'")],
  },
  {
    rule: 'III-1',
    fault: 'the reason repeats the value',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the mutant's source text
    edits: [edit('config.js', "'is no URL of a PostgreSQL'", '`is no URL of a PostgreSQL: ${text}`')],
  },
  {
    rule: 'III-2',
    fault: 'a variable wins over its file in silence',
    edits: [edit('config.js', 'if (file === undefined) return', 'if (file === undefined || env[name]) return')],
  },
  {
    rule: 'III-2',
    fault: 'the newline at the end of a secret is kept',
    edits: [edit('config.js', ".replace(/\\n$/, '')", '')],
  },
  {
    rule: 'III-3',
    fault: 'a variable is not documented',
    edits: [edit('.env.example', 'HEADERS_TIMEOUT_MS=10000\n', '')],
  },
  {
    rule: 'III-4',
    fault: 'the log has the local time',
    edits: [
      edit(
        'log.js',
        'new Date().toISOString()',
        'new Date(Date.now() - new Date().getTimezoneOffset() * 60_000).toISOString()',
      ),
    ],
  },
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
    rule: 'V-1',
    fault: 'the verb knows another commit than the route',
    edits: [edit('main.js', 'print(version)', "print({ ...version, revision: 'main' })")],
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
    rule: 'VIII-1',
    fault: 'a verb that does not exist serves',
    edits: [edit('main.js', 'return 64;', 'return 1;')],
  },
  {
    rule: 'IX-1',
    fault: 'it warms up for six seconds',
    edits: [edit('web.js', 'if (draining) return false;', 'if (draining || process.uptime() < 6) return false;')],
  },
  {
    rule: 'IX-2',
    fault: 'SIGINT has no handler',
    edits: [edit('web.js', SIGNALS, "for (const signal of ['SIGTERM'])")],
  },
  {
    rule: 'IX-2',
    fault: 'connections are cut at the end of the delay',
    edits: [
      edit(
        'web.js',
        'await sleep(values.SHUTDOWN_DELAY_MS);',
        'await sleep(values.SHUTDOWN_DELAY_MS);\n    if (process.pid !== 1 && values.SHUTDOWN_DELAY_MS) server.closeAllConnections();',
      ),
    ],
  },
  {
    rule: 'IX-2',
    fault: 'clients are not told to close their connections',
    edits: [
      edit('web.js', "draining ? { connection: 'close' }", "draining && process.pid === 1 ? { connection: 'close' }"),
    ],
  },
  {
    rule: 'IX-3',
    fault: 'the second signal is ignored',
    edits: [
      edit(
        'web.js',
        'if (draining) process.exit(1);',
        'if (draining) return process.pid === 1 ? process.exit(1) : new Promise(() => {});',
      ),
    ],
  },
  {
    rule: 'IX-3',
    fault: 'giving up is called a success',
    edits: [
      edit(
        'web.js',
        "log('error', 'the shutdown took too long');\n      process.exit(1);",
        "log('error', 'the shutdown took too long');\n      process.exit(process.pid === 1 ? 1 : 0);",
      ),
    ],
  },
  {
    rule: 'IX-4',
    fault: 'signals are left to their defaults, which PID 1 has none of',
    edits: [edit('web.js', SIGNALS, "for (const signal of process.pid === 1 ? [] : ['SIGTERM', 'SIGINT'])")],
  },
  {
    rule: 'IX-5',
    fault: 'while it drains, nothing new is written',
    edits: [
      edit(
        'web.js',
        '      template = route.path;',
        "      template = route.path;\n      if (draining && request.method === 'POST') throw new Problem(503, 'stopping');",
      ),
    ],
  },
  {
    rule: 'IX-6',
    fault: 'it looks for its own address first',
    edits: [
      edit(
        'web.js',
        "import { createServer } from 'node:http';",
        "import { createSocket } from 'node:dgram';\nimport { once } from 'node:events';\nimport { createServer } from 'node:http';",
      ),
      edit(
        'web.js',
        '  let draining = false;',
        "  const route = createSocket('udp4');\n  route.connect(53, '203.0.113.1');\n  await once(route, 'connect');\n  route.close();\n  let draining = false;",
      ),
    ],
  },
  {
    rule: 'IX-7',
    fault: 'the age of what is known is measured with the wall clock',
    edits: [
      edit(
        'web.js',
        'performance.now() - known.at > 500) known = { at: performance.now()',
        'Date.now() - known.at > 500) known = { at: Date.now()',
      ),
    ],
  },
  {
    rule: 'X-1',
    fault: 'the pipeline tests against an older database',
    edits: [edit('.gitlab-ci.yml', 'postgres:18-alpine', 'postgres:16-alpine')],
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
    rule: 'XII-1',
    fault: 'no lock',
    edits: [edit('migrate.js', 'await lock(client);', '')],
  },
  {
    rule: 'XII-1',
    fault: 'the server does not notice that the runner was killed',
    edits: [edit('migrate.js', 'await client.query("SET client_connection_check_interval = \'500ms\'");', '')],
  },
  {
    rule: 'XII-2',
    fault: 'checksums are not compared',
    edits: [edit('migrate.js', 'done.get(name) !== checksum', 'done.get(name) === undefined')],
  },
  {
    rule: 'XII-2',
    fault: 'statements are applied one by one',
    edits: [
      edit('migrate.js', "const alone = sql.startsWith('-- migrate:no-transaction');", 'const alone = true;'),
      edit('migrate.js', 'await client.query(sql);', "for (const one of sql.split(';\\n')) await client.query(one);"),
    ],
  },
  {
    rule: 'XII-3',
    fault: 'web migrates when it starts',
    edits: [
      edit('web.js', 'let draining = false;', 'let draining = false;\n  await migrate(values, []);'),
      edit(
        'web.js',
        "import { log } from './log.js';",
        "import { log } from './log.js';\nimport { migrate } from './migrate.js';",
      ),
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
