import { edit, type Mutant } from './mutant.ts';

const SIGNALS = "for (const signal of ['SIGTERM', 'SIGINT'])";

/**
 * Faults in how the service is started, stopped and administered. A fault that stops it breaks it as PID 1 too, which is
 * another rule, so such mutants look at their process id. So is a stop while nobody reads the log.
 */
export const lifecycleMutants: readonly Mutant[] = [
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
    also: ['IX-3'],
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
    fault: 'a handler that is at work when the delay ends is given up',
    edits: [
      edit(
        'web.js',
        'await sleep(values.SHUTDOWN_DELAY_MS);',
        'await sleep(values.SHUTDOWN_DELAY_MS);\n    if (process.pid !== 1 && values.SHUTDOWN_DELAY_MS === 800) for (const { connection } of pool._clients) connection.stream.destroy();',
      ),
    ],
  },
  {
    rule: 'IX-2',
    fault: 'connections are cut a second after the delay',
    edits: [
      edit(
        'web.js',
        'const closed = new Promise((resolve) => server.close(resolve));',
        'const closed = new Promise((resolve) => server.close(resolve));\n    if (process.pid !== 1 && values.SHUTDOWN_DELAY_MS === 800) setTimeout(() => server.closeAllConnections(), 1000);',
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
        'if (draining) return process.pid === 1 || process.stdout.writableLength > 0 ? process.exit(1) : new Promise(() => {});',
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
    rule: 'IX-8',
    fault: 'a connection on which nothing was sent is waited for',
    edits: [edit('web.js', 'for (const socket of silent) socket.destroy();', '')],
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
    rule: 'XII-1',
    fault: 'a migration waits for a table as long as it takes',
    edits: [edit('migrate.js', "SET lock_timeout = '1s'", 'SET lock_timeout = 0')],
  },
  {
    rule: 'XII-2',
    fault: 'a migration commits by itself, and is said to be taken back',
    edits: [
      edit('migrate.js', 'if (ownEnd) throw', 'if (!ownEnd && false) throw'),
      edit(
        'migrate.js',
        "log('error', `migrate failed",
        "log('error', 'all of it was taken back', { reverted: true });\n    log('error', `migrate failed",
      ),
    ],
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
      edit('migrate.js', "if (!alone) await client.query('BEGIN');", ''),
      edit('migrate.js', "if (!alone) await client.query('COMMIT');", ''),
      edit('migrate.js', 'await client.query(sql);', "for (const one of sql.split(';\\n')) await client.query(one);"),
    ],
  },
  {
    rule: 'XII-3',
    fault: 'a table that is not there is made when something is written',
    edits: [
      edit(
        'notes.js',
        "await pool.query('INSERT INTO",
        "await pool.query('CREATE TABLE IF NOT EXISTS notes (id uuid PRIMARY KEY, text text NOT NULL)');\n    await pool.query('INSERT INTO",
      ),
    ],
  },
  {
    rule: 'XII-3',
    fault: 'a column is added when something is written',
    edits: [
      edit(
        'notes.js',
        "await pool.query('INSERT INTO",
        "await pool.query('ALTER TABLE notes ADD COLUMN IF NOT EXISTS seen timestamptz');\n    await pool.query('INSERT INTO",
      ),
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
];
