import { edit, type Mutant } from './mutant.ts';

/** Faults in how the service is built and configured. */
export const buildMutants: readonly Mutant[] = [
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
    rule: 'III-4',
    fault: 'lines of text on standard error have the local time',
    edits: [
      edit(
        'log.js',
        'process.stdout.write(`${JSON',
        "process.stderr.write(new Date().toLocaleString('sv-SE').replaceAll('-', '/') + ' ' + msg + '\\n');\n  process.stdout.write(`${JSON",
      ),
    ],
  },
  {
    rule: 'III-4',
    fault: 'an answer has the time of the place',
    edits: [
      edit(
        'notes.js',
        'return { status: 201, body: { id, text },',
        'return { status: 201, body: { id, text, at: new Date().toString() },',
      ),
    ],
  },
  {
    rule: 'III-5',
    fault: 'a file of variables beside the program wins',
    edits: [
      edit(
        'main.js',
        'const { values, errors } = readConfig(process.env);',
        'const { values, errors } = readConfig({ ...process.env, ...fromFile() });',
      ),
      edit(
        'main.js',
        'async function run() {',
        `function fromFile() {
  if (!files.existsSync('.env')) return {};
  return Object.fromEntries(files.readFileSync('.env', 'utf8').split('\\n').filter((row) => row.includes('=')).map((row) => row.split('=')));
}

async function run() {`,
      ),
      edit(
        'main.js',
        "import { readConfig, schema } from './config.js';",
        "import * as files from 'node:fs';\nimport { readConfig, schema } from './config.js';",
      ),
    ],
  },
  {
    rule: 'III-5',
    fault: 'the level of the log comes from a file, if there is one',
    edits: [
      edit(
        'main.js',
        'setLevel(values.LOG_LEVEL);',
        "setLevel(files.existsSync('config.json') ? JSON.parse(files.readFileSync('config.json', 'utf8')).LOG_LEVEL : values.LOG_LEVEL);",
      ),
      edit(
        'main.js',
        "import { readConfig, schema } from './config.js';",
        "import * as files from 'node:fs';\nimport { readConfig, schema } from './config.js';",
      ),
    ],
  },
  {
    rule: 'III-6',
    fault: 'the password of the start is kept for ever',
    edits: [edit('web.js', '    Client: FreshClient,\n', '')],
  },
  {
    rule: 'V-1',
    fault: 'the verb knows another commit than the route',
    edits: [edit('main.js', 'print(version)', "print({ ...version, revision: 'main' })")],
  },
  {
    rule: 'V-1',
    fault: 'the commit is a constant',
    edits: [edit('main.js', 'revision: readRevision() }', "revision: '4f1d2c3b5a69788796a5b4c3d2e1f00112233445' }")],
  },
  {
    rule: 'X-1',
    fault: 'the pipeline tests against an older database',
    edits: [edit('.gitlab-ci.yml', 'postgres:18-alpine', 'postgres:16-alpine')],
  },
  {
    rule: 'X-2',
    fault: 'a probe of Kubernetes asks for a route that is not there',
    edits: [edit('deploy/deployment.yaml', '/readyz', '/ready')],
  },
  {
    rule: 'X-2',
    fault: 'Kubernetes asks another port than it listens on',
    edits: [edit('deploy/deployment.yaml', 'containerPort: 8080', 'containerPort: 8000')],
  },
  {
    rule: 'X-2',
    fault: 'Kubernetes runs it as another user than its image does',
    edits: [edit('deploy/deployment.yaml', 'runAsUser: 10001', 'runAsUser: 1000')],
  },
  {
    rule: 'X-2',
    fault: 'Kubernetes sets a variable that it does not have',
    edits: [edit('deploy/deployment.yaml', 'SHUTDOWN_TIMEOUT_MS', 'SHUTDOWN_TIMEOUT')],
  },
  {
    rule: 'X-2',
    fault: 'Kubernetes does not give it what it requires',
    edits: [
      edit(
        'deploy/deployment.yaml',
        '{ name: DATABASE_URL_FILE, value: /run/secrets/DATABASE_URL }',
        '{ name: HOST, value: 0.0.0.0 }',
      ),
    ],
  },
  {
    rule: 'X-2',
    fault: 'Kubernetes kills it before it has stopped',
    edits: [edit('deploy/deployment.yaml', 'terminationGracePeriodSeconds: 30', 'terminationGracePeriodSeconds: 20')],
  },
  {
    rule: 'X-2',
    fault: 'Kubernetes lets it write nowhere',
    edits: [edit('deploy/deployment.yaml', 'mountPath: /tmp }', 'mountPath: /tmp, readOnly: true }')],
  },
];
