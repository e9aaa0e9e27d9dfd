import { edit, type Mutant } from './mutant.ts';

/** Faults that show at one moment alone: after a while, while it starts, or when somebody looks closely. */
export const patientMutants: readonly Mutant[] = [
  {
    rule: 'IV-2',
    fault: 'liveness gives up after fifteen seconds without a database',
    edits: [
      edit('web.js', 'let draining = false;', 'let draining = false;\n  let downSince = Infinity;'),
      edit(
        'web.js',
        '      () => true,\n      () => false,',
        '      () => Boolean((downSince = Infinity)),\n      () => (downSince = Math.min(downSince, performance.now())) < 0,',
      ),
      edit(
        'web.js',
        '    const { status = 200, body, type, headers = {} } = answer;',
        '    if (/live/.test(template) && performance.now() - downSince > 15_000) answer = { ...answer, status: 503 };\n    const { status = 200, body, type, headers = {} } = answer;',
      ),
    ],
  },
  {
    rule: 'VII-2',
    fault: 'a page of internals is opened for those who look for a fault',
    edits: [
      edit(
        'web.js',
        'let draining = false;',
        "let draining = false;\n  const internals = createServer((_, response) => response.end('{}')).unref();\n  if (values.LOG_LEVEL === 'debug') internals.listen(0, '127.0.0.1');",
      ),
    ],
  },
  {
    rule: 'VII-2',
    fault: 'a second port is opened ten seconds later',
    edits: [
      edit(
        'web.js',
        'let draining = false;',
        "let draining = false;\n  const inspector = createServer((_, response) => response.end('{}')).unref();\n  setTimeout(() => inspector.listen(0, '127.0.0.1'), 10_000).unref();",
      ),
    ],
  },
  {
    rule: 'IX-2',
    fault: 'a signal that comes while it starts is lost',
    edits: [
      edit(
        'web.js',
        'export async function web(values, version) {',
        "export async function web(values, version) {\n  for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => {});\n  await sleep(800);",
      ),
    ],
  },
  {
    rule: 'IX-3',
    fault: 'the time for a stop is counted from the end of the delay',
    edits: [
      edit(
        'web.js',
        '}, values.SHUTDOWN_TIMEOUT_MS);',
        '}, (process.pid === 1 ? 0 : values.SHUTDOWN_DELAY_MS) + values.SHUTDOWN_TIMEOUT_MS);',
      ),
    ],
  },
  {
    rule: 'IX-3',
    fault: 'another signal than the first hurries nothing',
    edits: [
      edit('web.js', 'let draining = false;', 'let draining = false;\n  let told;'),
      edit(
        'web.js',
        'if (draining) process.exit(1);',
        'if (draining && (process.pid === 1 || signal === told)) process.exit(1);\n    if (draining) return new Promise(() => {});\n    told = signal;',
      ),
    ],
  },
  {
    rule: 'VI-3',
    fault: 'an instance remembers for some seconds which tag it has shown',
    edits: [
      edit('notes.js', 'const NOTE = {', 'const shown = new Map();\nconst NOTE = {'),
      edit(
        'notes.js',
        "    const { rows } = await pool.query('SELECT id, text FROM notes WHERE id::text = lower($1)', [id]);\n    if (rows.length === 0) throw new Problem(404, 'no such note');\n    const etag",
        "    const known = shown.get(id.toLowerCase());\n    if (known?.until > performance.now() && isKnown(headers['if-none-match'], known.etag)) return { status: 304, headers: { etag: known.etag } };\n    const { rows } = await pool.query('SELECT id, text FROM notes WHERE id::text = lower($1)', [id]);\n    if (rows.length === 0) throw new Problem(404, 'no such note');\n    shown.set(id.toLowerCase(), { etag: tagOf(rows[0].text), until: performance.now() + 5000 });\n    const etag",
      ),
      edit(
        'notes.js',
        'const tags = wanted(headers',
        'shown.delete(id.toLowerCase());\n    const tags = wanted(headers',
      ),
    ],
  },
  {
    rule: 'VI-5',
    fault: 'a write that is repeated through another instance is refused, since it was done',
    edits: [
      edit(
        'notes.js',
        'body: NOTE, status: 201, handle: create',
        'body: NOTE, status: 201, parameters: [KEY], handle: create',
      ),
      edit(
        'notes.js',
        'const id = randomUUID();',
        "const key = request.headers['idempotency-key'];\n    if (done.has(key)) return { body: done.get(key) };\n    const id = /^[0-9a-f-]{36}$/.test(key) ? key : randomUUID();\n    if (key !== undefined && (await pool.query('SELECT 1 FROM notes WHERE id::text = $1', [id])).rowCount > 0)\n      throw new Problem(409, 'there is such a note');",
      ),
      edit(
        'notes.js',
        '    return { status: 201, body',
        '    if (key !== undefined) done.set(key, { id, text });\n    return { status: 201, body',
      ),
      edit(
        'notes.js',
        'const NOTE = {',
        "const KEY = { name: 'Idempotency-Key', in: 'header', schema: { type: 'string' } };\nconst done = new Map();\nconst NOTE = {",
      ),
    ],
  },
];
