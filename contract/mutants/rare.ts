import { edit, type Mutant } from './mutant.ts';

/** Faults that show only when something is sent or goes away that seldom does: a weak tag, a lost connection, a race. */
export const rareMutants: readonly Mutant[] = [
  {
    rule: 'H-6',
    fault: 'a tag that a proxy has made weak is another one',
    edits: [
      edit(
        'conditional.js',
        'tagsOf(header, true).includes(tag)',
        '(header.match(/(W\\/)?"[^"]*"/g) ?? []).includes(tag)',
      ),
    ],
  },
  {
    rule: 'XI-3',
    fault: 'the URL of a request that fails is logged',
    edits: [edit('web.js', 'error.name}`, ids)', 'error.name}`, { ...ids, url: request.url })')],
  },
  {
    rule: 'IV-2',
    fault: 'a database that is away is asked less often each time',
    edits: [
      edit('web.js', 'let draining = false;', 'let draining = false;\n  let pause = 500;'),
      edit('web.js', 'performance.now() - known.at > 500', 'performance.now() - known.at > pause'),
      edit(
        'web.js',
        '      () => true,\n      () => false,',
        '      () => Boolean((pause = 500)),\n      () => (pause *= 2) < 0,',
      ),
    ],
  },
  {
    rule: 'IX-7',
    fault: 'a database that is away is asked again after half a second of the day',
    edits: [
      edit('web.js', 'let draining = false;', 'let draining = false;\n  let rest = 0;'),
      edit(
        'web.js',
        'if (performance.now() - known.at > 500)',
        'if (performance.now() - known.at > 500 && Date.now() >= rest)',
      ),
      edit(
        'web.js',
        '      () => true,\n      () => false,',
        '      () => true,\n      () => (rest = Date.now() + 500) < 0,',
      ),
    ],
  },
  {
    rule: 'H-3',
    fault: 'a trace whose caller keeps no spans is not carried on',
    edits: [edit('request.js', '[0-9a-f]{16}-[0-9a-f]{2}$/', '[0-9a-f]{16}-01$/')],
  },
  {
    rule: 'H-3',
    fault: 'an answer that says that nothing changed has no X-Request-Id',
    edits: [
      edit(
        'web.js',
        "'x-request-id': ids.request_id,",
        "...(status === 304 ? {} : { 'x-request-id': ids.request_id }),",
      ),
    ],
  },
  {
    rule: 'XI-1',
    fault: 'a connection to the database that breaks is told in a plain line',
    edits: [edit('web.js', "log('warn', `a connection to", 'console.log(`a connection to')],
  },
  {
    rule: 'XII-3',
    fault: 'who removes a note and names its tag has a table made for what was removed',
    edits: [
      edit(
        'notes.js',
        "await change('DELETE FROM notes', request, id);",
        "await change('DELETE FROM notes', request, id);\n    if (request.headers['if-match']) await pool.query('CREATE TABLE IF NOT EXISTS gone (id uuid)');",
      ),
    ],
  },
  {
    rule: 'H-2',
    fault: 'a note cannot be read by a client whose language has a weight that is no number',
    edits: [
      edit(
        'notes.js',
        'const etag = tagOf(rows[0].text);',
        "if (/q=[a-z]/.test(headers['accept-language'] ?? '')) throw new RangeError('weight');\n    const etag = tagOf(rows[0].text);",
      ),
    ],
  },
  {
    rule: 'III-6',
    fault: 'it is ready while the database refuses its password',
    edits: [
      edit(
        'web.js',
        "own.query('SELECT 1').then(\n      () => true,\n      () => false,",
        "own.query('SELECT 1').then(\n      () => true,\n      ({ code }) => code === '28P01',",
      ),
    ],
  },
  {
    rule: 'H-4',
    fault: 'a client that would like HTML gets its health as such',
    edits: [
      edit(
        'web.js',
        "const json = body instanceof Problem ? 'application/problem+json' : 'application/json';",
        "const isPage = pathname === '/livez' && /html/.test(request.headers.accept);\n    const json = body instanceof Problem ? 'application/problem+json' : isPage ? 'text/html' : 'application/json';",
      ),
    ],
  },
  {
    rule: 'III-1',
    fault: 'the reason of a URL that cannot be read has what stands in the place of a port',
    edits: [
      edit(
        'config.js',
        "  if (rule.format === 'uri' && !",
        "  const [, port] = /:\\/\\/[^:]*:([^/@]*)\\//.exec(text) ?? [];\n  if (rule.format === 'uri' && port) return 'has the port ' + port;\n  if (rule.format === 'uri' && !",
      ),
    ],
  },
  {
    rule: 'III-2',
    fault: 'a level that is given by a file is checked, and has no effect',
    edits: [edit('main.js', 'setLevel(values.LOG_LEVEL)', "setLevel(process.env.LOG_LEVEL ?? 'info')")],
  },
  {
    rule: 'VI-3',
    fault: 'what a read found before a change is kept for half a second, where the change came in between',
    edits: [
      edit(
        'notes.js',
        "    const { rows } = await pool.query('SELECT id, text FROM notes WHERE id::text = lower($1)', [id]);\n    if (rows.length === 0) throw new Problem(404, 'no such note');",
        `    const key = id.toLowerCase();
    const found = kept.get(key) ?? pool.query('SELECT id, text FROM notes WHERE id::text = lower($1)', [id]);
    const { rows } = await found;
    if (!kept.has(key) && rows.length > 0) {
      kept.set(key, found);
      setTimeout(() => kept.delete(key), 500).unref();
    }
    if (rows.length === 0) throw new Problem(404, 'no such note');`,
      ),
      edit(
        'notes.js',
        '    if (rowCount > 0) return;',
        '    kept.delete(id.toLowerCase());\n    if (rowCount > 0) return;',
      ),
      edit('notes.js', 'const NOTE = {', 'const kept = new Map();\nconst NOTE = {'),
    ],
  },
  {
    rule: 'VI-5',
    fault: 'an instance keeps in memory which notes are there, and refuses them',
    edits: [
      edit(
        'notes.js',
        '    const id = randomUUID();',
        "    if (taken.has(text)) throw new Problem(409, 'there is such a note');\n    taken.add(text);\n    const id = randomUUID();",
      ),
      edit('notes.js', '    if (rowCount > 0) return;', '    if (rowCount > 0) return taken.clear();'),
      edit('notes.js', 'const NOTE = {', 'const taken = new Set();\nconst NOTE = {'),
    ],
  },
  {
    rule: 'XII-1',
    fault: 'the table of what is applied is made before the lock is taken',
    edits: [
      edit('migrate.js', '    await lock(client);\n', ''),
      edit(
        'migrate.js',
        "(name text PRIMARY KEY, checksum text NOT NULL)');",
        "(name text PRIMARY KEY, checksum text NOT NULL)');\n    await lock(client);",
      ),
    ],
  },
  {
    rule: 'XII-2',
    fault: 'a migration is forgotten before it is taken back',
    edits: [
      edit(
        'migrate.js',
        "    await client.query('BEGIN');\n    await client.query(readFileSync",
        "    await client.query('DELETE FROM applied WHERE name = $1', [name]);\n    await client.query('BEGIN');\n    await client.query(readFileSync",
      ),
    ],
  },
  {
    rule: 'III-4',
    fault: 'the limit of a body is told in the form of the place',
    edits: [edit('request.js', '{BODY_LIMIT} bytes', '{BODY_LIMIT.toLocaleString()} bytes')],
  },
  {
    rule: 'S-1',
    fault: 'a body that replaces something is as large as its client likes',
    edits: [
      edit(
        'request.js',
        'const tooLarge = () =>',
        "const most = request.method === 'PUT' ? Infinity : BODY_LIMIT;\n  const tooLarge = () =>",
      ),
      edit(
        'request.js',
        "if (Number(request.headers['content-length']) > BODY_LIMIT)",
        "if (Number(request.headers['content-length']) > most)",
      ),
      edit('request.js', 'if (length > BODY_LIMIT)', 'if (length > most)'),
    ],
  },
];
