// @module-tag sampled
import { afterAll, describe, expect, test } from 'vitest';
import { Backing } from '../../contract/harness/backing/backing.ts';
import type { Harness } from '../../contract/harness/harness.ts';
import { type Mapping, timeFor } from '../../contract/mapping.ts';
import { Subject } from '../../contract/subject.ts';
import type { ProcessTarget } from '../../contract/target.ts';
import { verify } from '../../contract/verify.ts';
import { mappingOf, parseMapping } from '../../maintenance/verify/mapping.ts';
import { makeFolder, removeFolder, write } from '../support/folder.ts';
import { quiet } from '../support/quiet.ts';
import { ruleOf } from './rule-of.ts';
import { broken, lookAt, serviceIn } from './small-service.ts';

/** What a stranger calls its things: each key of verify.yaml, and the check that it changes. */

const WHOLE = `
profile: kubernetes
form: stateless
verb: serve --all
health: { live: /alive, ready: /able }
variables:
  port: HTTP_PORT
  database: DB_URL
  log_level: { name: LOGLEVEL, verbose: DEBUG }
  shutdown_delay: { name: DRAIN, unit: s }
  shutdown_timeout: { name: GRACE, unit: ms }
exit_codes: { config: 1 }
log_fields: { time: ts, http.route: req.route }
write: { path: /notes, body: { text: "hello {random}" } }
slow: /report
migrate: { command: node migrate.js, status: node migrate.js --check }
jobs: { verb: work mail, add: INSERT INTO jobs DEFAULT VALUES, left: SELECT 1 }
`;

describe('verify.yaml', () => {
  test('is read whole', async () => {
    expect(await parseMapping(WHOLE, 'verify.yaml')).toEqual({
      profile: 'kubernetes',
      form: 'stateless',
      verb: 'serve --all',
      health: { live: '/alive', ready: '/able' },
      port: 'HTTP_PORT',
      database: 'DB_URL',
      logLevel: { name: 'LOGLEVEL', verbose: 'DEBUG' },
      shutdownDelay: { name: 'DRAIN', unit: 's' },
      shutdownTimeout: { name: 'GRACE', unit: 'ms' },
      configExit: 1,
      logFields: { time: 'ts', 'http.route': 'req.route' },
      write: { path: '/notes', body: { text: 'hello {random}' } },
      slow: '/report',
      migrate: { command: 'node migrate.js', status: 'node migrate.js --check' },
      jobs: { verb: 'work mail', add: 'INSERT INTO jobs DEFAULT VALUES', left: 'SELECT 1' },
    });
    expect(await parseMapping('# nothing\n', 'verify.yaml')).toEqual({});
  });

  test.each([
    ['profile: house\nport: A', 'verify.yaml:2 port is not known; there are profile, form, verb, health,'],
    ['variables:\n  prot: A', 'verify.yaml:2 variables.prot is not known; there are port,'],
    ['__proto__: A', 'verify.yaml:1 __proto__ is not known'],
    ['form: api', 'verify.yaml:1 form has to be one of web, worker, stateless'],
    ['slow: report', 'verify.yaml:1 slow has to be a path that begins with "/"'],
    ['\nprofile: mine', 'verify.yaml:2 profile has to be one of twelve-factor, kubernetes, house'],
    ['health: /up', 'verify.yaml:1 health has to be a map'],
    ['- a', 'verify.yaml:1 the file has to be a map'],
    ['exit_codes: { config: 0 }', 'exit_codes.config has to be a number from 1 to 255'],
    ['write: { path: /notes }', 'verify.yaml:1 write has no body'],
    ['migrate: { status: a }', 'verify.yaml:1 migrate has no command'],
    [
      'variables:\n  shutdown_delay: { name: A, unit: h }',
      'verify.yaml:2 variables.shutdown_delay.unit has to be ms or s',
    ],
    ['a: [', 'verify.yaml:1'],
  ])('%j is refused', async (text, said) => {
    await expect(parseMapping(text, 'verify.yaml')).rejects.toThrow(said);
  });

  test('names programs of the folder, or of the image', async () => {
    const file = await parseMapping(WHOLE, 'verify.yaml');
    expect(mappingOf(file, undefined).migrate).toEqual({
      command: ['node', 'migrate.js'],
      status: ['node', 'migrate.js', '--check'],
    });
    expect(mappingOf(file, '/').migrate?.command[0]).toMatch(/^\/.*node$/);
  });
});

test('variables get their values by their names and units', () => {
  expect([timeFor({ name: 'A', unit: 's' }, 1500), timeFor({ name: 'A', unit: 'ms' }, 1500)]).toEqual([
    { A: '2' },
    { A: '1500' },
  ]);
  const subject = (mapping: Mapping, env = {}) =>
    new Subject({ ...serviceIn('/'), profile: 'twelve-factor', mapping, env }, [], new Backing());
  const mapping: Mapping = {
    logLevel: { name: 'LOGLEVEL', verbose: 'DEBUG' },
    shutdownTimeout: { name: 'GRACE', unit: 'ms' },
  };
  expect(subject(mapping).verboseLog).toEqual({ LOGLEVEL: 'DEBUG' });
  expect(subject(mapping, { LOGLEVEL: 'WARN' }).verboseLog).toEqual({});
  expect(subject({}).verboseLog).toEqual({});
  expect(subject(mapping).shutdownTimeout(700)).toEqual({ GRACE: '700' });
  expect(subject({}).shutdownTimeout(700)).toBeUndefined();
});

describe('a mapping changes what is looked at', { timeout: 90_000 }, () => {
  const plain = 'const handle = (_, response) => response.writeHead(404).end();';

  test('shutdown_delay: new requests are answered while it lasts', async () => {
    const drains = `${plain} process.on('SIGINT', stop); process.on('SIGTERM', stop);
      function stop() { setTimeout(() => server.close(() => process.exit(0)), 1000 * Number(process.env.DRAIN)); }`;
    const mapping: Mapping = { shutdownDelay: { name: 'DRAIN', unit: 's' } };
    const kept = await lookAt('IX-2', drains, { profile: 'kubernetes', mapping });
    expect(broken(kept)).toEqual([]);
    expect(kept.evidence.map(({ sent }) => sent)).toContain('SIGTERM with DRAIN=2: a new request 300 ms later');
    const ignores = await lookAt('IX-2', plain, { profile: 'kubernetes', mapping });
    expect(broken(ignores)).toContainEqual(expect.stringContaining('a new request 300 ms later'));
  });

  test('slow: what is under way at the signal is answered', async () => {
    const slow = `const handle = (_, response, path) => setTimeout(() => response.end('done'), path === '/report' ? 1500 : 0);`;
    const more = { profile: 'twelve-factor', mapping: { slow: '/report' } } as const;
    expect(broken(await lookAt('IX-2', slow, more))).toContainEqual(
      expect.stringMatching(/^SIGTERM: GET \/report, which was under way when the signal came/),
    );
    const waits = `${slow} for (const name of ['SIGTERM', 'SIGINT']) process.on(name, () => server.close());`;
    expect(broken(await lookAt('IX-2', waits, more))).toEqual([]);
  });

  test('write: a body is sent where nothing is described', async () => {
    const source = `document = {};
      async function handle(request, response, pathname) {
        const text = await bodyOf(request).catch(() => '');
        if (pathname !== '/notes') return answer(response, 404);
        try { JSON.parse(text).text.trim(); answer(response, 201, {}); } catch { answer(response, 500); }
      }`;
    const mapping: Mapping = { write: { path: '/notes', body: { text: 'hello {random}' } } };
    const seen = broken(await lookAt('H-2', source, { profile: 'twelve-factor', mapping }));
    expect(seen).toContainEqual(expect.stringMatching(/^POST \/notes with \{"a":: 500/));
    expect(broken(await lookAt('H-2', source, { profile: 'twelve-factor' }))).toEqual([]);
  });

  test('write: what needs a description is left out where there is none', async () => {
    const source = `document = undefined;
      async function handle(request, response, pathname) {
        if (pathname !== '/notes') return answer(response, 404);
        try { answer(response, 201, { id: 1, text: JSON.parse(await bodyOf(request)).text.trim() }); } catch { answer(response, 400); }
      }`;
    const mapping: Mapping = { write: { path: '/notes', body: { text: 'hello {random}' } } };
    const more = { profile: 'twelve-factor', mapping } as const;
    const { outcome, reason } = await lookAt('VI-3', source, more);
    expect([outcome, reason]).toEqual([
      'skipped',
      expect.stringContaining('no route with an id is described below it'),
    ]);
    expect(broken(await lookAt('H-2', source, more)).filter((one) => one.startsWith('the probe'))).toEqual([]);
  });

  test('exit_codes: a bad environment ends it with its own code', async () => {
    const about = async (mapping: Mapping) =>
      broken(await lookAt('VII-1', plain, { mapping })).filter((one) => one.startsWith('PORT=no'));
    const [mapped, unmapped] = await Promise.all([about({ configExit: 1 }), about({})]);
    expect(mapped).toEqual([]);
    expect(unmapped).toEqual(['PORT=no/number: exit 1']);
  });

  test('log_fields: lines are read by the names that they have', async () => {
    const source = `${plain} server.prependListener('request', ({ headers, url }) =>
        line({ rid: headers['x-request-id'], req: { route: url } }));
      const line = (more) => log({ ts: new Date().toISOString(), lvl: 'info', text: 'a', app: { name: 'a', version: '1' }, ...more });
      line({});`;
    const logFields = {
      time: 'ts',
      level: 'lvl',
      msg: 'text',
      'service.name': 'app.name',
      'service.version': 'app.version',
      request_id: 'rid',
      'http.route': 'req.route',
    };
    const about = async (mapping: Mapping) =>
      (await lookAt('XI-2', source, { mapping })).evidence.filter(({ ok }) => ok).map(({ sent }) => sent);
    expect(await about({})).toEqual([]);
    const read = await about({ logFields });
    expect(read[0]).toMatch(/lines of stdout$/);
    expect(read.filter((sent) => /: (http\.route|request_id)$/.test(sent))).toHaveLength(2);
  });

  const folder = makeFolder();
  afterAll(() => removeFolder(folder));
  write(folder, {
    'main.mjs': `import { createServer } from 'node:http';
      createServer((_, response) => response.end()).listen(Number(process.env.PORT), '127.0.0.1');`,
    'migrate.mjs': 'console.log(process.argv[2] ?? "up", process.env.DB_URL ? "a database" : "none");',
  });

  test('migrate and database: its command is run, with the URL where it reads it', async () => {
    const command = [process.execPath, `${folder}/migrate.mjs`];
    const mapping: Mapping = { database: 'DB_URL', migrate: { command, status: [...command, 'check'] } };
    const check = async (harness: Harness) => {
      const said = await Promise.all(
        [['migrate'], ['migrate', '--status']].map(async (verb) => (await harness.run(verb)).child.output.trim()),
      );
      harness.saw({ sent: '', expected: '', got: said.join(', '), ok: true });
      return harness.evidence;
    };
    const target = { ...serviceIn(folder, { mapping }), profile: 'house' } as const;
    const { results } = await verify(target, { watch: quiet, backing: new Backing(), rules: [ruleOf('I-1', check)] });
    expect(results[0]?.evidence[0]?.got).toBe('up a database, check a database');
  });
});

test('jobs: the queue of a generated worker is known by its verb, and that of a mapping wins', () => {
  const queueOf = (more: Partial<ProcessTarget>) => {
    const target: ProcessTarget = { kind: 'process', name: 'a', folder: '/a', command: ['/a/main'], ...more };
    return new Subject(target, [], new Backing()).queue;
  };
  const verb = ['worker', 'invoice-mailer'];
  expect(queueOf({ form: 'worker', verb })?.add).toContain("VALUES ('invoice-mailer', ");
  expect(queueOf({ form: 'worker', verb, profile: 'twelve-factor' })).toBeUndefined();
  expect(queueOf({ form: 'worker', verb: ['worker', "it's"] })).toBeUndefined();
  expect(queueOf({ verb })).toBeUndefined();
  const jobs = { add: 'INSERT INTO mails DEFAULT VALUES', left: 'SELECT 1' };
  expect(queueOf({ form: 'worker', verb, mapping: { jobs } })).toBe(jobs);
});
