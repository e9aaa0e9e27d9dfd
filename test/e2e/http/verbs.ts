/** One run of a verb, and what it has to do. The steps of a table follow one another on one database. */
export interface Step {
  readonly title: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Files of `migrations` that are written before; null removes one. */
  readonly files?: Readonly<Record<string, string | null>>;
  readonly code: number;
  /** The one document that it prints. */
  readonly prints?: unknown;
  /** Fields of the last line of its log; without `prints` and `log` there is no output. */
  readonly log?: Readonly<Record<string, unknown>>;
  /** Names in the history afterwards, with whether each is finished. */
  readonly history?: readonly (readonly [name: string, finished: boolean])[];
}

const refused = (title: string, ...args: string[]): Step => ({
  title,
  args,
  code: 64,
  log: { level: 'fatal', 'event.name': 'usage', msg: /\S/ },
});
const usage = { level: 'fatal', 'event.name': 'usage', msg: 'usage: migrate [--status | --down [N]]' };

/** Verbs that need no server. */
export const VERBS = (runtime: string, required: readonly string[]): readonly Step[] => [
  {
    title: 'version says what /version answers',
    args: ['version'],
    code: 0,
    prints: {
      name: 'orders',
      description: 'The orders service',
      version: '0.1.0',
      revision: /^[0-9a-f]{40}$/,
      [runtime]: /^[a-z]*\d+\.\d+/,
    },
  },
  refused('version takes no argument', 'version', 'x'),
  { title: 'config --check of a good environment', args: ['config', '--check'], code: 0, prints: { status: 'valid' } },
  {
    title: 'config --check says every bad variable at once, and no value',
    args: ['config', '--check'],
    env: { PORT: 'abc', LOG_LEVEL: 'loud', REQUEST_TIMEOUT_MS: '0', TRUSTED_PROXIES: '11', HANDLER_TIMEOUT_MS: '1e3' },
    code: 78,
    log: {
      level: 'fatal',
      'event.name': 'config.invalid',
      msg: 'the configuration is invalid',
      errors: [
        { name: 'HANDLER_TIMEOUT_MS', reason: 'must be a whole number' },
        { name: 'LOG_LEVEL', reason: /\S/ },
        { name: 'PORT', reason: 'must be a whole number' },
        { name: 'REQUEST_TIMEOUT_MS', reason: 'must be at least 1' },
        { name: 'TRUSTED_PROXIES', reason: 'must be at most 10' },
      ],
    },
  },
  {
    title: 'an empty variable counts as unset',
    args: ['config', '--check'],
    env: { PORT: '', LOG_LEVEL: '' },
    code: 0,
    prints: { status: 'valid' },
  },
  {
    title: 'a variable and its file are one too many',
    args: ['config', '--check'],
    env: { PORT: '1', PORT_FILE: '/dev/null' },
    code: 78,
    log: {
      level: 'fatal',
      'event.name': 'config.invalid',
      msg: 'the configuration is invalid',
      errors: [{ name: 'PORT', reason: 'is set twice, also as PORT_FILE' }],
    },
  },
  {
    title: 'a file that cannot be read',
    args: ['config', '--check'],
    env: { PORT_FILE: '/nowhere' },
    code: 78,
    log: {
      level: 'fatal',
      'event.name': 'config.invalid',
      msg: 'the configuration is invalid',
      errors: [{ name: 'PORT', reason: /^PORT_FILE cannot be read \(.+\)$/ }],
    },
  },
  ...required.flatMap((name): Step[] => [
    {
      title: `${name} is required`,
      args: ['config', '--check'],
      env: { [name]: '' },
      code: 78,
      log: {
        level: 'fatal',
        'event.name': 'config.invalid',
        msg: 'the configuration is invalid',
        errors: [{ name, reason: 'is required' }],
      },
    },
    {
      title: `${name} is a URL of its scheme`,
      args: ['config', '--check'],
      env: { [name]: 'http://user:s3cret@127.0.0.1' },
      code: 78,
      log: {
        level: 'fatal',
        'event.name': 'config.invalid',
        msg: 'the configuration is invalid',
        errors: [
          { name, reason: /^must be a URL that starts with (postgres|redis):\/\/ or (postgresql|rediss):\/\/$/ },
        ],
      },
    },
  ]),
  refused('config alone', 'config'),
  refused('config with both options', 'config', '--check', '--schema'),
  refused('config with another option', 'config', '--dance'),
  refused('a verb that is not there', 'dance'),
  refused('web takes no argument', 'web', 'x'),
  refused('web takes no option', 'web', '--x'),
  refused('healthcheck takes no argument', 'healthcheck', 'x'),
  {
    title: 'healthcheck where nothing listens',
    args: ['healthcheck'],
    env: { PORT: '1' },
    code: 1,
    log: { level: 'fatal', 'event.name': 'unhealthy', msg: /^unhealthy: / },
  },
  {
    title: 'web with a bad environment says so before anything else',
    args: ['web'],
    env: { PORT: 'abc' },
    code: 78,
    log: {
      level: 'fatal',
      'event.name': 'config.invalid',
      msg: 'the configuration is invalid',
      errors: [{ name: 'PORT', reason: 'must be a whole number' }],
    },
  },
];

const applied = (...migrations: string[]) => ({
  level: 'info',
  'event.name': 'migrate.applied',
  msg: 'the schema is current',
  migrations,
});
const reverted = (...migrations: string[]) => ({
  level: 'info',
  'event.name': 'migrate.reverted',
  msg: 'reverted',
  migrations,
});
const failed = (migration: string, msg: RegExp, more: object = {}) => ({
  level: 'fatal',
  'event.name': 'migrate.failed',
  msg,
  migration,
  ...more,
});
const FIRST = '0001_products';

/** `migrate` in all its forms, and what it leaves in the table `schema_migrations`. */
export const MIGRATIONS: readonly Step[] = [
  {
    title: 'nothing is applied at first',
    args: ['migrate', '--status'],
    code: 3,
    prints: { applied: [], pending: [FIRST] },
  },
  {
    title: 'migrate applies what is pending',
    args: ['migrate'],
    code: 0,
    log: applied(FIRST),
    history: [[FIRST, true]],
  },
  { title: 'and nothing the second time', args: ['migrate'], code: 0, log: applied(), history: [[FIRST, true]] },
  { title: 'all is applied', args: ['migrate', '--status'], code: 0, prints: { applied: [FIRST], pending: [] } },
  {
    title: '--down 0 reverts nothing',
    args: ['migrate', '--down', '0'],
    code: 0,
    log: reverted(),
    history: [[FIRST, true]],
  },
  { title: '--down reverts the last one', args: ['migrate', '--down'], code: 0, log: reverted(FIRST), history: [] },
  { title: '--down of nothing', args: ['migrate', '--down', '3'], code: 0, log: reverted(), history: [] },
  ...[['x'], ['--down', 'x'], ['--down', '1.5'], ['--status', '--down'], ['--status', '1'], ['--down', '1', '2']].map(
    (args): Step => ({ title: `migrate ${args.join(' ')}`, args: ['migrate', ...args], code: 64, log: usage }),
  ),
  refused('migrate with another option', 'migrate', '--dance'),
  {
    title: 'two at once, in their order',
    args: ['migrate'],
    files: { '0002_a.up.sql': 'create table a (id int);\n', '0002_a.down.sql': 'drop table a;\n' },
    code: 0,
    log: applied(FIRST, '0002_a'),
    history: [
      [FIRST, true],
      ['0002_a', true],
    ],
  },
  {
    title: 'one that fails leaves nothing, says its line and no text of it',
    args: ['migrate'],
    files: {
      '0003_b.up.sql': "create table b (secret text default 's3cret');\nselect 1;\nselect nonsense;\n",
      '0003_b.down.sql': 'drop table b;\n',
    },
    code: 1,
    log: failed('0003_b', /^0003_b failed: column "nonsense" does not exist \(line 3\)/, { reverted: true }),
    history: [
      [FIRST, true],
      ['0002_a', true],
    ],
  },
  {
    title: 'it is pending',
    args: ['migrate', '--status'],
    code: 3,
    prints: { applied: [FIRST, '0002_a'], pending: ['0003_b'] },
  },
  {
    title: 'a transaction of its own is refused',
    args: ['migrate'],
    files: { '0003_b.up.sql': 'create table b (id int);\ncommit;\n' },
    code: 1,
    log: failed('0003_b', /^0003_b failed: .*begin, commit, rollback/, { reverted: true }),
  },
  {
    title: 'one without a statement is refused',
    args: ['migrate'],
    files: { '0003_b.up.sql': '-- later\n' },
    code: 1,
    log: failed('0003_b', /^0003_b failed: the file has no statement yet/, { reverted: true }),
  },
  {
    title: 'one outside a transaction is applied',
    args: ['migrate'],
    files: {
      '0003_b.up.sql': '-- migrate:no-transaction\ncreate index concurrently b on a (id);\n',
      '0003_b.down.sql': '-- migrate:no-transaction\ndrop index concurrently b;\n',
    },
    code: 0,
    log: applied('0003_b'),
    history: [
      [FIRST, true],
      ['0002_a', true],
      ['0003_b', true],
    ],
  },
  {
    title: 'outside a transaction there is one statement',
    args: ['migrate'],
    files: {
      '0004_c.up.sql': '-- migrate:no-transaction\ncreate table c (id int);\nselect 1;\n',
      '0004_c.down.sql': 'select 1;\n',
    },
    code: 1,
    log: failed('0004_c', /^0004_c failed: a file without a transaction has one statement/, { reverted: true }),
  },
  {
    title: 'one that fails outside a transaction leaves nothing',
    args: ['migrate'],
    files: {
      '0004_c.up.sql': '-- migrate:no-transaction\ncreate index concurrently c on a (nonsense);\n',
      '0004_c.down.sql': 'select 1;\n',
    },
    code: 1,
    log: failed('0004_c', /^0004_c failed: column "nonsense" does not exist/, { reverted: true }),
    history: [
      [FIRST, true],
      ['0002_a', true],
      ['0003_b', true],
    ],
  },
  {
    title: 'the last one is reverted',
    args: ['migrate', '--down', '1'],
    code: 0,
    log: reverted('0003_b'),
    history: [
      [FIRST, true],
      ['0002_a', true],
    ],
  },
  {
    title: 'line ends and a byte order mark make no other migration',
    args: ['migrate', '--status'],
    files: {
      '0002_a.up.sql': '\ufeffcreate table a (id int);\r\n',
      ...Object.fromEntries(
        ['0003_b', '0004_c'].flatMap((name) => [`${name}.up.sql`, `${name}.down.sql`]).map((name) => [name, null]),
      ),
    },
    code: 0,
    prints: { applied: [FIRST, '0002_a'], pending: [] },
  },
  {
    title: 'one that was edited after it was applied is refused',
    args: ['migrate'],
    files: { '0002_a.up.sql': 'create table a (id bigint);\n' },
    code: 1,
    log: {
      level: 'fatal',
      'event.name': 'migrate.edited',
      msg: 'edited after it was applied: 0002_a',
      migrations: ['0002_a'],
    },
  },
  {
    title: 'an older version goes on with the history of a newer one',
    args: ['migrate'],
    files: { '0002_a.up.sql': null, '0002_a.down.sql': null },
    code: 0,
    log: applied(),
    history: [
      [FIRST, true],
      ['0002_a', true],
    ],
  },
  {
    title: 'but cannot revert what it has not',
    args: ['migrate', '--down'],
    code: 1,
    log: { level: 'fatal', 'event.name': 'failed', msg: 'cannot revert 0002_a: this version has no such migration' },
  },
  {
    title: 'files that belong to no migration are told, all at once',
    args: ['migrate'],
    files: {
      '0002_a.up.sql': 'select 1;\n',
      'x.sql': '',
      '0001_other.up.sql': 'select 1;\n',
      '0001_other.down.sql': 'select 1;\n',
    },
    code: 1,
    log: {
      level: 'fatal',
      'event.name': 'failed',
      msg: /^bad migrations: (?=.*x\.sql belongs to no migration)(?=.*0002_a\.down\.sql is missing).*0001_(other|products) has the number of another migration$/,
    },
  },
  {
    title: 'a database that is away',
    args: ['migrate'],
    files: { '0002_a.up.sql': null, 'x.sql': null, '0001_other.up.sql': null, '0001_other.down.sql': null },
    env: { DATABASE_URL: 'postgres://nobody:s3cret@127.0.0.1:1/none' },
    code: 69,
    log: { level: 'fatal', 'event.name': 'database.unavailable', msg: /\S/ },
  },
];
