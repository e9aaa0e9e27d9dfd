import { edit, type Mutant } from './mutant.ts';

const SIGNALS = "for (const signal of ['SIGTERM', 'SIGINT'])";

/**
 * Faults in how the service is built, configured, started, stopped and administered. What stops it breaks it as PID 1 also,
 * which is a rule of its own; those mutants ask for their process id.
 */
export const lifecycleMutants: readonly Mutant[] = [
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
    rule: 'III-4',
    fault: 'the log has the time and the offset of the place',
    edits: [
      edit(
        'log.js',
        'new Date().toISOString()',
        "new Date(Date.now() - new Date().getTimezoneOffset() * 60_000).toISOString().replace('Z', process.env.TZ ? '+14:00' : 'Z')",
      ),
    ],
  },
  {
    rule: 'V-1',
    fault: 'the verb knows another commit than the route',
    edits: [edit('main.js', 'print(version)', "print({ ...version, revision: 'main' })")],
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
];
