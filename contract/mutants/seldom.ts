import { edit, type Mutant } from './mutant.ts';

/** Faults that show only in what is used seldom, late or otherwise than by most clients. */
export const seldomMutants: readonly Mutant[] = [
  {
    rule: 'III-4',
    fault: 'the day in an answer is that of the place',
    edits: [
      edit(
        'notes.js',
        'return { body: rows[0], headers: { etag } };',
        "return { body: { ...rows[0], day: new Date().toLocaleDateString('sv-SE') }, headers: { etag } };",
      ),
    ],
  },
  {
    rule: 'IX-3',
    fault: 'each byte of a client prolongs the stop',
    edits: [
      edit('web.js', 'const silent = new Set();', 'const silent = new Set();\n  const sockets = new Set();'),
      edit('web.js', 'silent.add(socket);', 'silent.add(socket);\n    sockets.add(socket);'),
      edit(
        'web.js',
        'await sleep(values.SHUTDOWN_DELAY_MS);',
        "if (process.pid !== 1) for (const socket of sockets) socket.on('data', () => budget.refresh());\n    await sleep(values.SHUTDOWN_DELAY_MS);",
      ),
    ],
  },
  {
    rule: 'XII-3',
    fault: 'an index is made when the list was read ten times',
    edits: [
      edit(
        'notes.js',
        "const limit = readLimit(query.get('limit'));",
        "const limit = readLimit(query.get('limit'));\n    lists += 1;\n    if (lists === 10) await pool.query('CREATE INDEX IF NOT EXISTS notes_text ON notes (text)');",
      ),
      edit('notes.js', 'const NOTE = {', 'let lists = 0;\nconst NOTE = {'),
    ],
  },
  {
    rule: 'VI-4',
    fault: 'a little of every body is remembered',
    edits: [
      edit(
        'request.js',
        '    chunks.push(chunk);',
        '    chunks.push(chunk);\n    remembered.push(Buffer.alloc(3000, chunk));',
      ),
      edit('request.js', '/** The JSON body', 'const remembered = [];\n\n/** The JSON body'),
    ],
  },
  {
    rule: 'VI-4',
    fault: 'a short window is kept for every client, and none is dropped',
    edits: [
      edit(
        'web.js',
        "    let template = 'none';",
        "    const client = request.headers['x-forwarded-for'] ?? 'nobody';\n    if (!windows.has(client)) windows.set(client, new Array(512).fill(0.5));\n    let template = 'none';",
      ),
      edit('web.js', '/** Serves until', 'const windows = new Map();\n\n/** Serves until'),
    ],
  },
  {
    rule: 'VI-5',
    fault: 'a write that is repeated is known to its instance alone',
    edits: [
      edit(
        'notes.js',
        'body: NOTE, status: 201, handle: create',
        'body: NOTE, status: 201, parameters: [KEY], handle: create',
      ),
      edit(
        'notes.js',
        'const id = randomUUID();',
        "const key = request.headers['idempotency-key'];\n    if (done.has(key)) return { body: done.get(key) };\n    const id = randomUUID();",
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
  {
    rule: 'VII-2',
    fault: 'a second port is opened at the first write',
    edits: [
      edit(
        'notes.js',
        'const id = randomUUID();',
        "inspector ??= createServer((_, response) => response.end('{}')).listen(0, '127.0.0.1').unref();\n    const id = randomUUID();",
      ),
      edit('notes.js', 'const NOTE = {', 'let inspector;\nconst NOTE = {'),
      edit('notes.js', "from 'node:crypto';", "from 'node:crypto';\nimport { createServer } from 'node:http';"),
    ],
  },
  {
    rule: 'XI-1',
    fault: 'why it does not start is kept in a file below TMPDIR too',
    edits: [
      edit(
        'log.js',
        'process.stdout.write(',
        "if (level === 'fatal') appendFileSync(process.env.TMPDIR + '/trail', JSON.stringify(line) + '\\n');\n  process.stdout.write(",
      ),
      edit('log.js', 'const LEVELS', "import { appendFileSync } from 'node:fs';\n\nconst LEVELS"),
    ],
  },
  {
    rule: 'IV-1',
    fault: 'the password of the URL is taken as it is encoded',
    edits: [
      edit(
        'web.js',
        'super({ ...options, connectionString: text });',
        "super({ ...options, connectionString: text.replace(/:([^:@]*)@/, (_, part) => ':' + encodeURIComponent(part) + '@') });",
      ),
    ],
  },
  {
    rule: 'VI-2',
    fault: 'from the fourth on, what is acknowledged is stored a moment later',
    edits: [
      edit(
        'notes.js',
        "await pool.query('INSERT INTO notes (id, text) VALUES ($1, $2)', [id, text]);",
        `const store = () => pool.query('INSERT INTO notes (id, text) VALUES ($1, $2)', [id, text]);
    written += 1;
    if (written < 4) await store();
    else {
      notes.set(id, text);
      setTimeout(() => store().catch(() => {}), 300).unref();
    }`,
      ),
      edit(
        'notes.js',
        "const { rows } = await pool.query('SELECT id, text FROM notes WHERE id::text = lower($1)', [id]);",
        `if (notes.has(id)) return { body: { id, text: notes.get(id) } };
    const { rows } = await pool.query('SELECT id, text FROM notes WHERE id::text = lower($1)', [id]);`,
      ),
      edit('notes.js', "'if-match']);", "'if-match']);\n    notes.delete(id);"),
      edit('notes.js', 'const NOTE = {', 'const notes = new Map();\nlet written = 0;\nconst NOTE = {'),
    ],
  },
  {
    rule: 'VI-3',
    fault: 'the tag of a note leaves its text out',
    edits: [
      edit('notes.js', '.update(text)', '.update(String(text.length))'),
      edit('notes.js', '|| md5(text) ||', '|| md5(length(text)::text) ||'),
    ],
  },
  {
    rule: 'H-2',
    fault: 'the character 0 in a field that may be absent is a 500',
    edits: [
      edit(
        'notes.js',
        "properties: { text: { type: 'string', minLength: 1, maxLength: 200 } },",
        "properties: { text: { type: 'string', minLength: 1, maxLength: 200 }, mood: { type: 'string' } },",
      ),
      edit(
        'notes.js',
        'const { text } = Object(await readJson(request));',
        "const { text, mood } = Object(await readJson(request));\n  if (String(mood).includes('\\0')) throw new Error('the database does not take it');",
      ),
    ],
  },
];
