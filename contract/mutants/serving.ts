import { edit, type Mutant } from './mutant.ts';

/** Faults in where the service listens and what it logs. */
export const servingMutants: readonly Mutant[] = [
  {
    rule: 'VII-1',
    fault: 'the port that was taken is not logged',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the mutant's source text
    edits: [edit('web.js', '`listening on ${values.HOST}:${port}`, { port }', "'listening', { open: Boolean(port) }")],
  },
  {
    rule: 'VII-2',
    fault: 'it listens for this machine alone',
    edits: [edit('web.js', 'server.listen(values.PORT, values.HOST,', "server.listen(values.PORT, '127.0.0.1',")],
  },
  {
    rule: 'VII-2',
    fault: 'a second port shows the environment',
    edits: [
      edit(
        'web.js',
        'let draining = false;',
        "let draining = false;\n  createServer((_, response) => response.end(JSON.stringify(process.env))).listen(0, '127.0.0.1').unref();",
      ),
    ],
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
    rule: 'XI-1',
    fault: 'lines are kept in a file below TMPDIR too',
    edits: [
      edit(
        'log.js',
        'process.stdout.write(',
        "appendFileSync(process.env.TMPDIR + '/lines', line.msg + ' ' + line.request_id + '\\n');\n  process.stdout.write(",
      ),
      edit('log.js', 'const LEVELS', "import { appendFileSync } from 'node:fs';\n\nconst LEVELS"),
    ],
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
    rule: 'XI-3',
    fault: 'how a database that is not there was asked is logged in Base64',
    edits: [
      edit(
        'web.js',
        '() => false,',
        "({ code }) => (log('warn', 'no database', { code, asked: Buffer.from(values.DATABASE_URL).toString('base64') }), false),",
      ),
    ],
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
