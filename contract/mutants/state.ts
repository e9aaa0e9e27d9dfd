import { edit, type Mutant } from './mutant.ts';

/** Faults in where the service keeps what it is told: databases, files, caches. */
export const stateMutants: readonly Mutant[] = [
  {
    rule: 'IV-1',
    fault: 'the first database is remembered',
    edits: [
      edit(
        'web.js',
        'super({ ...options, connectionString: text });',
        'super({ ...options, connectionString: onFirst(text) });',
      ),
      // Two that start at once agree on which of them was first: a link is there with its target, or not at all.
      edit(
        'web.js',
        "import { createServer } from 'node:http';",
        `import { readlinkSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:http';
const memo = process.env.TMPDIR + '/first-database';
function onFirst(text) {
  const url = new URL(text);
  try {
    symlinkSync(url.pathname.slice(1), memo);
  } catch {}
  url.pathname = readlinkSync(memo);
  return url.href;
}`,
      ),
    ],
  },
  {
    rule: 'IV-2',
    fault: 'once not ready, never ready again',
    also: ['III-6', 'IX-7'],
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
    rule: 'IV-2',
    fault: 'liveness gives up after five seconds without a database',
    edits: [
      edit('web.js', '() => true,', '() => ((lost = undefined), true),'),
      edit('web.js', '() => false,', '() => ((lost ??= performance.now()), false),'),
      edit('web.js', 'let draining = false;', 'let draining = false;\n  let lost;'),
      edit(
        'web.js',
        'makeRoutes({ pool, isReady, version })',
        'makeRoutes({ pool, isReady, version, isLost: () => performance.now() - lost > 5000 })',
      ),
      edit('routes.js', 'makeRoutes({ pool, isReady, version })', 'makeRoutes({ pool, isReady, version, isLost })'),
      edit(
        'routes.js',
        "const live = () => ({ body: { status: 'live' } });",
        "const live = () => ({ status: isLost() ? 503 : 200, body: { status: 'live' } });",
      ),
    ],
  },
  {
    rule: 'IV-2',
    fault: 'a database that refuses the password counts as there',
    edits: [edit('web.js', '() => false,', "({ code }) => code === '28P01',")],
  },
  {
    rule: 'VI-1',
    fault: 'the first start leaves a mark beside the program',
    edits: [
      edit(
        'web.js',
        'let draining = false;',
        "if (!existsSync(mark)) writeFileSync(mark, '');\n  let draining = false;",
      ),
      edit(
        'web.js',
        "import { log } from './log.js';",
        "import { existsSync, writeFileSync } from 'node:fs';\nimport { log } from './log.js';",
      ),
      edit('web.js', '/** Serves until', "const mark = new URL('./started', import.meta.url);\n\n/** Serves until"),
    ],
  },
  {
    rule: 'IX-10',
    fault: 'jobs that a stopped worker has taken are not given back',
    edits: [
      edit('migrations/0002_jobs.up.sql', 'PRIMARY KEY', 'PRIMARY KEY, taken boolean NOT NULL DEFAULT false'),
      edit('worker.js', "await client.query('BEGIN');", ''),
      edit(
        'worker.js',
        "'SELECT id FROM jobs ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED'",
        "'UPDATE jobs SET taken = true WHERE NOT taken RETURNING id'",
      ),
      edit('worker.js', '(isTold = true)', 'process.exit(0)'),
    ],
  },
  {
    rule: 'VI-1',
    fault: 'a file is written beside the program at the thousandth request',
    edits: [
      edit(
        'web.js',
        'const started = performance.now();',
        "if (++served === 1000) writeFileSync(new URL('./routes', import.meta.url), '');\n    const started = performance.now();",
      ),
      edit('web.js', 'let draining = false;', 'let served = 0;\n  let draining = false;'),
      edit(
        'web.js',
        "import { log } from './log.js';",
        "import { writeFileSync } from 'node:fs';\nimport { log } from './log.js';",
      ),
    ],
  },
  {
    rule: 'VI-1',
    fault: 'a file is written beside the program some time after the start',
    edits: [
      edit(
        'web.js',
        'let draining = false;',
        "setTimeout(() => writeFileSync(new URL('./state', import.meta.url), ''), 3000).unref();\n  let draining = false;",
      ),
      edit(
        'web.js',
        "import { log } from './log.js';",
        "import { writeFileSync } from 'node:fs';\nimport { log } from './log.js';",
      ),
    ],
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
    rule: 'VI-3',
    fault: 'what another instance changed is shown as it was',
    edits: [
      edit(
        'notes.js',
        'const etag = tagOf(rows[0].text);',
        'const kept = cached.get(id.toLowerCase()) ?? rows[0];\n    cached.set(id.toLowerCase(), kept);\n    rows[0] = kept;\n    const etag = tagOf(rows[0].text);',
      ),
      edit('notes.js', "'if-match']);", "'if-match']);\n    cached.delete(id.toLowerCase());"),
      edit('notes.js', 'const NOTE = {', 'const cached = new Map();\nconst NOTE = {'),
    ],
  },
];
