import { edit, type Mutant } from './mutant.ts';

/** Faults that show only after something that few expect: an outage, odd input, an older file. */
export const unexpectedMutants: readonly Mutant[] = [
  {
    rule: 'H-2',
    fault: 'what was asked badly a few times is not answered any more',
    edits: [
      edit('notes.js', 'const LIMIT = 100;', 'const LIMIT = 100;\nlet refused = 0;'),
      edit('notes.js', 'throw new Problem(400, `limit', 'throw new Problem(++refused && 400, `limit'),
      edit(
        'notes.js',
        "const limit = readLimit(query.get('limit'));",
        "if (refused > 5) throw new Problem(503, 'not now');\n    const limit = readLimit(query.get('limit'));",
      ),
    ],
  },
  {
    rule: 'IV-2',
    fault: 'liveness gives up after requests that failed',
    edits: [
      edit(
        'web.js',
        'const body = problemOf(error);',
        'const body = problemOf(error);\n      if (body.status === 503) globalThis.failures = (globalThis.failures ?? 0) + 1;',
      ),
      edit(
        'routes.js',
        "const live = () => ({ body: { status: 'live' } });",
        "const live = () => (globalThis.failures > 5 ? { status: 503, body: new Problem(503, 'no') } : { body: { status: 'live' } });",
      ),
    ],
  },
  {
    rule: 'IV-2',
    fault: 'requests fail for ever once the database was away',
    edits: [
      edit('web.js', 'let draining = false;', 'let draining = false;\n  let isDead = false;'),
      edit(
        'web.js',
        'answer = await route.handle',
        "if (isDead && template === '/notes') throw new Problem(503, 'no', { 'retry-after': '1' });\n      answer = await route.handle",
      ),
      edit(
        'web.js',
        'const body = problemOf(error);',
        "isDead ||= error.code === 'ECONNREFUSED';\n      const body = problemOf(error);",
      ),
    ],
  },
  {
    rule: 'VI-1',
    fault: 'a large body is kept in a file beside the program for a while',
    edits: [
      edit(
        'request.js',
        '  try {\n',
        "  if (length > 64_000) {\n    const spool = new URL('./spool', import.meta.url);\n    writeFileSync(spool, Buffer.concat(chunks));\n    unlinkSync(spool);\n  }\n  try {\n",
      ),
      edit(
        'request.js',
        'import { Problem }',
        "import { unlinkSync, writeFileSync } from 'node:fs';\nimport { Problem }",
      ),
    ],
  },
  {
    rule: 'VII-1',
    fault: 'what follows the digits of a port is not read',
    edits: [
      edit(
        'config.js',
        "rule.type === 'integer' ? Number(text)",
        "rule.type === 'integer' ? Number.parseInt(text, 10)",
      ),
      edit('config.js', 'if (!/^\\d+$/.test(text)', 'if (!/^\\d+/.test(text)'),
    ],
  },
  {
    rule: 'XI-3',
    fault: 'the page before is logged',
    edits: [edit('web.js', '{ ...seen, duration_ms', '{ ...seen, referer: request.headers.referer, duration_ms')],
  },
  {
    rule: 'XI-3',
    fault: 'what cannot be read is logged as it came',
    edits: [
      edit(
        'web.js',
        '  // A client that does not read',
        "  server.on('clientError', (error, socket) => {\n    if (error.rawPacket) log('warn', 'not HTTP', { packet: String(error.rawPacket) });\n    socket.destroy();\n  });\n  // A client that does not read",
      ),
    ],
  },
  {
    rule: 'XII-2',
    fault: 'the checksum of the last migration alone is compared',
    edits: [
      edit(
        'migrate.js',
        'if (done.has(name) && done.get(name) !== checksum)',
        'if ([...done.keys()].at(-1) === name && done.get(name) !== checksum)',
      ),
    ],
  },
  {
    rule: 'XII-3',
    fault: 'a function is made at the start',
    edits: [
      edit(
        'web.js',
        '  const inFlight',
        '  await pool.query("CREATE OR REPLACE FUNCTION one() RETURNS int LANGUAGE sql AS \'SELECT 1\'").catch(() => undefined);\n  const inFlight',
      ),
    ],
  },
];
