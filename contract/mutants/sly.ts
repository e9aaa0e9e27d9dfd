import { edit, type Mutant } from './mutant.ts';

/** Faults that are not where one looks first: in the other method, a while later, or for somebody else. */
export const slyMutants: readonly Mutant[] = [
  {
    rule: 'H-1',
    fault: 'each who asks for readiness gets what the one before has found',
    edits: [
      edit(
        'web.js',
        '    if (performance.now() - known.at > 500) known = { at: performance.now(), answer: askDatabase() };\n    return known.answer;',
        '    const { answer } = known;\n    if (performance.now() - known.at > 500) known = { at: performance.now(), answer: askDatabase() };\n    return answer;',
      ),
    ],
  },
  {
    rule: 'H-2',
    fault: 'a cursor that is the character 0 in Base64 is a 500',
    edits: [
      edit('notes.js', 'parameters: [COUNT]', 'parameters: [COUNT, AFTER]'),
      edit(
        'notes.js',
        "const limit = readLimit(query.get('limit'));",
        "const limit = readLimit(query.get('limit'));\n    const after = Buffer.from(query.get('after') ?? '', 'base64url').toString();\n    if (after.includes('\\0')) throw new Error('the database does not take it');",
      ),
      edit(
        'notes.js',
        'const NOTE = {',
        "const AFTER = { name: 'after', in: 'query', schema: { type: 'string' } };\nconst NOTE = {",
      ),
    ],
  },
  {
    rule: 'H-4',
    fault: 'it is not described that a removal may be meant for another version',
    edits: [
      edit(
        'openapi.js',
        'default: PROBLEM,',
        "...(method === 'DELETE' ? { 400: PROBLEM, 404: PROBLEM } : { default: PROBLEM }),",
      ),
    ],
  },
  {
    rule: 'H-6',
    fault: 'of a list the first tag alone counts where a note is removed',
    edits: [
      edit(
        'notes.js',
        "await change('DELETE FROM notes', request, id);",
        "await change('DELETE FROM notes', { headers: { 'if-match': request.headers['if-match']?.split(',')[0] } }, id);",
      ),
    ],
  },
  {
    rule: 'IX-6',
    fault: 'it ends some seconds later where it has no address of a network',
    edits: [
      edit(
        'web.js',
        'let draining = false;',
        'let draining = false;\n  const isAlone = () => Object.values(networkInterfaces()).every((all) => all.every(({ internal }) => internal));\n  setInterval(() => isAlone() && process.exit(1), 4000).unref();',
      ),
      edit(
        'web.js',
        "import { createServer } from 'node:http';",
        "import { createServer } from 'node:http';\nimport { networkInterfaces } from 'node:os';",
      ),
    ],
  },
  {
    rule: 'VI-2',
    fault: 'a change is stored a moment after it was acknowledged',
    edits: [
      edit(
        'notes.js',
        "    await change('UPDATE notes SET text = $3', request, id, text);\n",
        `    changes.set(id.toLowerCase(), text);
    const store = () => change('UPDATE notes SET text = $3', request, id, text);
    setTimeout(() => void store().catch(() => {}).finally(() => changes.delete(id.toLowerCase())), 300).unref();
`,
      ),
      edit(
        'notes.js',
        'if (rows.length === 0) throw new Problem(404, ',
        `if (rows[0] && changes.has(rows[0].id)) rows[0].text = changes.get(rows[0].id);
    if (rows.length === 0) throw new Problem(404, `,
      ),
      edit('notes.js', 'const NOTE = {', 'const changes = new Map();\nconst NOTE = {'),
    ],
  },
  {
    rule: 'VI-3',
    fault: 'an instance keeps the list for a second and a half, until it writes itself',
    edits: [
      edit(
        'notes.js',
        "    const { rows } = await pool.query('SELECT id, text FROM notes ORDER BY id LIMIT $1', [limit]);\n",
        `    const { at, rows = [] } = kept;
    if (performance.now() - at < 1500) return { body: { items: rows } };
    kept = { at: performance.now(), ...(await pool.query('SELECT id, text FROM notes ORDER BY id LIMIT $1', [limit])) };
    return { body: { items: kept.rows } };
`,
      ),
      edit('notes.js', '    return { body: { items: rows } };\n', ''),
      edit('notes.js', '    return { status: 201, body', '    kept = NOTHING;\n    return { status: 201, body'),
      edit('notes.js', '    if (rowCount > 0) return;', '    kept = NOTHING;\n    if (rowCount > 0) return;'),
      edit(
        'notes.js',
        'const NOTE = {',
        'const NOTHING = { at: Number.NEGATIVE_INFINITY };\nlet kept = NOTHING;\nconst NOTE = {',
      ),
    ],
  },
  {
    rule: 'VII-2',
    fault: 'clients on other machines are not answered',
    edits: [
      edit(
        'web.js',
        '    silent.add(socket);',
        '    if (!/^(::ffff:)?127\\.|^::1$/.test(socket.remoteAddress)) return socket.destroy();\n    silent.add(socket);',
      ),
    ],
  },
  {
    rule: 'XI-1',
    fault: 'what was refused is kept as a table below TMPDIR',
    edits: [
      edit(
        'web.js',
        'const body = problemOf(error);',
        "const body = problemOf(error);\n      appendFileSync(process.env.TMPDIR + '/refused.csv', [Date.now(), request.method, pathname, body.status].join(';') + '\\n');",
      ),
      edit(
        'web.js',
        "import { createServer } from 'node:http';",
        "import { appendFileSync } from 'node:fs';\nimport { createServer } from 'node:http';",
      ),
    ],
  },
  {
    rule: 'XI-1',
    fault: 'lines of requests are written a second and a half later',
    edits: [
      edit('log.js', 'process.stdout.write(', 'keep('),
      edit(
        'log.js',
        'const LEVELS',
        `const waiting = new Set();
function keep(text) {
  if (waiting.size > 50 || !text.includes('"info"')) return process.stdout.write(text);
  const line = { text };
  waiting.add(line);
  setTimeout(() => waiting.delete(line) && process.stdout.write(text), 1500).unref();
}
process.on('exit', () => waiting.forEach(({ text }) => process.stdout.write(text)));

const LEVELS`,
      ),
    ],
  },
  {
    rule: 'XI-3',
    fault: 'how a database was asked is logged in Base64 once it was away for a while',
    edits: [
      edit('web.js', 'let draining = false;', 'let draining = false;\n  let away;'),
      edit(
        'web.js',
        '() => false,',
        `() => {
        away ??= performance.now();
        const asked = Buffer.from(values.DATABASE_URL).toString('base64');
        if (performance.now() - away > 1500) log('warn', 'the database is still away', { asked });
        return false;
      },`,
      ),
    ],
  },
];
