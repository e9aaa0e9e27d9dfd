import { edit, type Mutant } from './mutant.ts';

/** Faults in what the service keeps, where it listens and what it logs. */
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
    rule: 'IV-2',
    fault: 'readiness waits for a connection behind the requests',
    edits: [
      edit('web.js', "own.query('SELECT 1')", "pool.query('SELECT 1')"),
      edit('web.js', 'connectionTimeoutMillis: 1000', 'connectionTimeoutMillis: 200'),
    ],
  },
  {
    rule: 'IV-2',
    fault: 'a database that is slow is an error of the service',
    edits: [edit('web.js', 'if (isAway) return', 'if (isAway === 1) return')],
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
        'notes.js',
        "await pool.query('INSERT INTO notes (id, text) VALUES ($1, $2)', [id, text]);",
        `notes.set(id, text);
    setTimeout(() => pool.query('INSERT INTO notes (id, text) VALUES ($1, $2)', [id, text]).catch(() => {}), 300).unref();`,
      ),
      edit(
        'notes.js',
        "const { rows } = await pool.query('SELECT id, text FROM notes WHERE id::text = lower($1)', [id]);",
        `if (notes.has(id)) return { body: { id, text: notes.get(id) } };
    const { rows } = await pool.query('SELECT id, text FROM notes WHERE id::text = lower($1)', [id]);`,
      ),
      edit('notes.js', "'if-match']);", "'if-match']);\n    notes.delete(id);"),
      edit('notes.js', 'const NOTE = {', 'const notes = new Map();\nconst NOTE = {'),
    ],
  },
  {
    rule: 'VI-3',
    fault: 'the list is kept in memory',
    edits: [
      edit(
        'notes.js',
        "const { rows } = await pool.query('SELECT id, text FROM notes ORDER BY id LIMIT $1', [limit]);",
        'const rows = written;',
      ),
      edit(
        'notes.js',
        '    return { status: 201, body',
        '    written.push({ id, text });\n    return { status: 201, body',
      ),
      edit('notes.js', 'const NOTE = {', 'const written = [];\nconst NOTE = {'),
    ],
  },
  {
    rule: 'VI-3',
    fault: 'what was read is cached under the id as it was spelled',
    edits: [
      edit(
        'notes.js',
        'const etag = tagOf(rows[0].text);',
        'const kept = cached.get(id) ?? rows[0];\n    cached.set(id, kept);\n    rows[0] = kept;\n    const etag = tagOf(rows[0].text);',
      ),
      edit('notes.js', "'if-match']);", "'if-match']);\n    cached.delete(id);"),
      edit('notes.js', 'const NOTE = {', 'const cached = new Map();\nconst NOTE = {'),
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
    rule: 'XI-4',
    fault: 'the process does not end before its log was read',
    edits: [edit('web.js', 'budget.unref();', 'clearTimeout(budget);')],
  },
  {
    rule: 'XI-4',
    fault: 'every line is kept until somebody reads',
    edits: [edit('log.js', 'const KEPT = 1024 * 1024;', 'const KEPT = Number.POSITIVE_INFINITY;')],
  },
];
