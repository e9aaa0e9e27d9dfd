// @module-tag sampled
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { freePort } from '../../contract/harness/http/ports.ts';
import { hasProcfs } from '../../contract/harness/process/procfs.ts';
import { until } from '../../contract/harness/wait.ts';
import { makeFolder, removeFolder, write } from '../support/folder.ts';
import { PROGRAM, plainEnvironment, run } from '../support/program.ts';

/** `verify`: its options, its exit codes, and that no process is left. */

const folder = makeFolder();
afterAll(() => removeFolder(folder));

write(folder, {
  'plain/server.js': `require('node:http')
    .createServer((request, response) => {
      response.statusCode = request.url === '/' ? 200 : 404;
      response.end(String(process.env.GREETING));
    })
    .listen(Number(process.env.PORT), '127.0.0.1');`,
  'broken-build/package.json': '{ "scripts": { "build": "echo it is broken; exit 3", "start": "node server.js" } }',
  'no-start/package.json': '{ "name": "no-start" }',
  'no-json/package.json': '{',
  'odd-start/package.json': '{ "scripts": { "build": 5, "start": 5 } }',
  'verbs/package.json': '\uFEFF{ "scripts": { "start": "NODE_ENV=production node main.js web" } }',
  'verbs/main.js': `if (process.argv[2] !== 'web') process.exit(64);
    require('../plain/server.js');`,
  'endless-verb/main.js': `if (process.argv[2] !== 'web') setInterval(() => undefined, 1000);
    else require('../plain/server.js');`,
  'plain/hangs.js': 'setInterval(() => undefined, 1000);',
  'endless-build/package.json': '{ "scripts": { "build": "sleep 60", "start": "node server.js" } }',
  'built/package.json': `{ "scripts": { "build": "node -e \\"fs.copyFileSync('../plain/server.js', 'server.js')\\"", "start": "node server.js" } }`,
});

const verify = (...args: string[]) => run(['verify', ...args], { cwd: folder });
/** rule -> its outcome in the report */
function outcomes({ stdout }: { stdout: string }): Record<string, string> {
  const { results } = JSON.parse(stdout) as { results: { id: string; outcome: string }[] };
  return Object.fromEntries(results.map(({ id, outcome }) => [id, outcome]));
}

const JSON_REPORT = ['--format', 'json'];
const HOUSE = ['--profile', 'house'];
const plain = ['plain', '--cmd', 'node server.js', '--live', '/', '--ready', '/', ...HOUSE];

/** Processes that a verification has started and that still run. */
const leftovers = () =>
  readdirSync('/proc').filter((name) => {
    if (!/^\d+$/.test(name)) return false;
    try {
      return (
        readFileSync(`/proc/${name}/cmdline`, 'latin1').includes(join(folder, 'plain')) &&
        readFileSync(`/proc/${name}/environ`, 'latin1').includes('TWELVE_PROBE=')
      );
    } catch {
      return false; // It has ended in the meantime.
    }
  });

describe('bad input is 2', () => {
  it.each([
    [['nowhere'], 'nowhere is not a folder'],
    [['--rule', 'V-22'], '--rule V-22 is not a rule of the contract; did you mean V-2?'],
    [['--url', 'ftp://host'], '--url ftp://host is no http(s)://HOST[:PORT]'],
    [['--image', 'a', '--url', 'http://b'], '--image cannot be combined with --url'],
    [['--env', '1=2'], '--env 1 names no variable'],
    [['--env', 'NOT_SET_HERE'], 'NOT_SET_HERE is not set here'],
    [['--env', 'API-TOKEN=hunter22'], '--env API-TOKEN names no variable'],
    [['--url', 'http://b', '--env', 'A=b'], '--env, --port-variable and --start-timeout cannot be combined with --url'],
    [['--rule', ','], '--rule names no rule'],
    [['--header', 'Authorization Bearer abc'], '--header Authorization is not a header'],
    [['--live', 'healthy'], '"healthy" is not a path'],
    [['--port-variable', 'a b'], '--port-variable must be the name of a variable'],
    [['--form', 'work'], '--form work is not a form; did you mean worker?'],
    [['--form', 'worker', '--url', 'http://b'], 'a worker cannot be combined with --url'],
    [['plain', '--cmd', '{verb}'], 'is not a command'],
    [['plain', '--cmd', 'node "server.js'], 'has a quote that is not closed'],
    [['plain/server.js'], 'plain/server.js is not a folder'],
    [['plain'], 'nothing in plain says how the service is started'],
    [['no-start'], 'nothing in no-start says how the service is started'],
    [['no-json'], 'is not JSON'],
    [['odd-start'], 'nothing in odd-start says how the service is started'],
    [['--timeout', '0'], '--timeout 0 is not a number of seconds'],
    [['--colour'], '--colour is not an option'],
    [['plain', 'other'], 'is one argument too many'],
  ])('%j', async (args, said) => {
    const { code, stderr } = await verify(...args);
    expect(stderr).toContain(said);
    expect(code).toBe(2);
  });
});

describe('something missing on this machine is 3', () => {
  it.each([
    [['plain', '--cmd', 'no-such-program'], 'there is no program no-such-program'],
    [['plain', '--cmd', 'no-such-program --port $PORT'], 'its command cannot be run (exit 127): '],
    [['plain', '--cmd', 'cd . && ./server.js', '--rule', 'III-1'], 'its command cannot be run (exit 126): '],
    [['plain', '--cmd', './server.js'], './server.js, of "./server.js", is not a program that can be run'],
    [['plain', '--cmd', '../plain'], 'is not a program that can be run'],
    [['broken-build'], '  it is broken\nerror: npm run build: exit 3\nhelp:'],
    [['endless-build', '--timeout', '1'], 'npm run build: the time was over: 1 s (--timeout)'],
    [['--url', 'http://127.0.0.1:1'], 'cannot be reached'],
  ])('%j', async (args, said) => {
    const { code, stderr } = await verify(...args);
    expect(stderr).toContain(said);
    expect(code).toBe(3);
  });
});

it('is 0 if the requested rules are kept, and 4 if one is broken', async () => {
  const kept = await verify(...plain, ...JSON_REPORT, '--rule', 'IX-1', '--rule', 's-2');
  expect(outcomes(kept)).toEqual({ 'IX-1': 'kept', 'S-2': 'kept' });
  expect(kept.code).toBe(0);
  const broken = await verify(...plain, ...JSON_REPORT, '--rule', 'IX-1,H-4');
  expect(outcomes(broken)).toEqual({ 'IX-1': 'kept', 'H-4': 'broken' });
  expect(broken.code).toBe(4);
});

it('says what is broken and why, in text; a waived rule does not fail', async () => {
  const broken = await verify(...plain, '--rule', 'H-4');
  expect([broken.code, broken.stdout]).toEqual([4, expect.stringMatching(/H-4.*Why.*Mend/s)]);
  expect(broken.stderr).toMatch(/^\[1\/1\] H-4 broken.* \(\d+\.\d s\)$/m);
  write(folder, {
    'plain/.twelve-waivers.yaml':
      'waivers:\n  - rule: H-4\n    reason: nobody calls it yet\n    owner: team-a\n    expires: 2999-01-01\n',
  });
  const waived = await verify(...plain, '--rule', 'H-4', ...JSON_REPORT);
  rmSync(join(folder, 'plain/.twelve-waivers.yaml'));
  expect([waived.code, outcomes(waived)]).toEqual([0, { 'H-4': 'broken' }]);
});

it('ends in time with a report, in which a rule that was not checked fails', async () => {
  const hangs = ['plain', '--cmd', 'node hangs.js', '--timeout', '2', '--rule', 'H-1,III-3', ...HOUSE];
  const { code, stdout, stderr } = await verify(...hangs, ...JSON_REPORT);
  expect(outcomes({ stdout })).toEqual({ 'H-1': 'skipped', 'III-3': 'skipped' });
  const { findings, results } = JSON.parse(stdout);
  expect(findings).toContainEqual({ rule: 'verify/timeout', message: 'the time was over: 2 s (--timeout)' });
  expect(results.find(({ id }: { id: string }) => id === 'H-1').reason).toBe('the time was over: 2 s (--timeout)');
  expect(stderr).toMatch(/^\[2\/2\] H-1 skipped$/m);
  expect(code).toBe(4);
});

it('ends in time also while the service is asked for its variables', async () => {
  const args = ['endless-verb', '--cmd', 'node main.js {verb}', '--timeout', '2', '--rule', 'IX-1'];
  const { code, stdout } = await verify(...args, ...JSON_REPORT);
  const { findings, ms } = JSON.parse(stdout);
  expect(findings).toMatchObject([{}, { rule: 'verify/timeout' }]);
  // Otherwise it waits for the verb, which has 30 s, and is given up.
  expect(JSON.stringify(findings)).not.toContain('has not ended');
  expect(ms).toBeLessThan(20_000);
  expect(code).toBe(4);
});

it('uses the path of the contract if none is named', { tags: ['long'] }, async () => {
  const args = ['plain', '--cmd', 'node server.js', '--live', '/', '--rule', 'IX-1', '--start-timeout', '5', ...HOUSE];
  const { stdout } = await verify(...args, ...JSON_REPORT);
  const [{ outcome, evidence }] = JSON.parse(stdout).results;
  expect([outcome, evidence[0].sent]).toEqual(['broken', 'start, then GET /health/ready']);
});

it('gives the verb to a command that needs a shell, and the shell does not stay', async () => {
  const args = ['verbs', '--live', '/', '--ready', '/', '--rule', 'IX-1,VIII-1', ...HOUSE];
  const { stdout, stderr } = await verify(...args, ...JSON_REPORT);
  expect(stderr).toContain('starting "NODE_ENV=production node main.js {verb}"');
  expect(outcomes({ stdout })['IX-1']).toBe('kept');
  const { evidence } = JSON.parse(stdout).results.find(({ id }: { id: string }) => id === 'VIII-1');
  expect(evidence[0]).toMatchObject({ sent: 'count the processes of web', got: '1' });
});

it('builds a folder with its own script, and starts it with its own script', async () => {
  const { stdout, stderr, code } = await verify(
    'built',
    '--live',
    '/',
    '--ready',
    '/',
    '--rule',
    'IX-1',
    ...JSON_REPORT,
  );
  expect(stderr).toContain('running npm run build\nstarting "node server.js"');
  expect(outcomes({ stdout })).toEqual({ 'IX-1': 'kept' });
  expect(code).toBe(0);
});

it('passes variables on, and checks a service that already runs', async () => {
  const port = await freePort();
  const env = plainEnvironment({ PORT: String(port), GREETING: 'hello' });
  const service = spawn(process.execPath, [join(folder, 'plain/server.js')], { env, stdio: 'ignore' });
  try {
    const url = `http://127.0.0.1:${port}`;
    await until(
      'the service',
      10_000,
      async () =>
        (await fetch(url).then(
          ({ ok }) => ok,
          () => false,
        )) || undefined,
    );
    const { stdout, code } = await verify(
      '--url',
      url,
      '--live',
      '/',
      '--ready',
      '/',
      '--rule',
      'S-2',
      '--rule',
      'VI-1',
      '--rule',
      'V-1',
      ...HOUSE,
      ...JSON_REPORT,
    );
    expect(outcomes({ stdout })).toEqual({ 'S-2': 'kept', 'VI-1': 'skipped', 'V-1': 'broken' });
    expect(stdout).toContain('hello');
    expect(JSON.parse(stdout).notes).toEqual([
      expect.stringContaining('no waiver and no policy of the service was read'),
    ]);
    expect(code).toBe(4);
  } finally {
    service.kill('SIGKILL');
  }
});

it('ends when its report is printed, even if something was left open', async () => {
  write(folder, { 'left-open.cjs': 'setInterval(() => undefined, 1000);' });
  const options = { cwd: folder, node: ['--require', join(folder, 'left-open.cjs')] };
  const { code, signal } = await run(['verify', ...plain, '--rule', 'H-4'], options);
  expect([code, signal]).toEqual([4, null]);
});

describe.skipIf(!hasProcfs())('stopped from outside', () => {
  it.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
    ['SIGKILL', null],
  ] as const)('by %s it leaves nothing running', async (signal, expected) => {
    // A service that ends by itself would hide that it was not stopped.
    const started = spawn(
      process.execPath,
      [PROGRAM, 'verify', 'plain', '--cmd', 'node hangs.js', ...HOUSE, '--rule', 'H-1'],
      {
        cwd: folder,
        env: plainEnvironment(),
        stdio: 'ignore',
      },
    );
    const ended = new Promise<number | null>((resolve) => started.once('exit', resolve));
    await until('a service to run', 30_000, () => (leftovers().length > 0 ? true : undefined));
    started.kill(signal);
    expect(await ended).toBe(expected);
    try {
      await until('everything to be gone', 10_000, () => (leftovers().length === 0 ? true : undefined));
    } finally {
      for (const pid of leftovers()) process.kill(Number(pid), 'SIGKILL');
    }
  });
});
