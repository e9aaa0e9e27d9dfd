// @module-tag sampled
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { Backing } from '../../contract/harness/backing/backing.ts';
import type { Result } from '../../contract/result.ts';
import { rules } from '../../contract/rules/index.ts';
import type { ImageTarget } from '../../contract/target.ts';
import { verify } from '../../contract/verify.ts';
import { quiet } from '../support/quiet.ts';
import { type FakeDocker, fakeDocker } from './fake-docker.ts';

/**
 * Rules about images, on a client that runs the program of an image on this machine and has its files in a folder. What a
 * real engine does is looked at end to end (test/e2e/contract-image.e2e.ts).
 */

/** A service that logs JSON and stops when it is told to. CRASH says what an uncaught exception is to it. */
const SERVER = `
const { createServer } = require('node:http');
const log = (level, message, more) => process.stdout.write(JSON.stringify({ level, message, ...more }) + '\\n');
if (process.env.CRASH === 'logged')
  process.on('uncaughtException', ({ message }) => { log('fatal', message); process.exit(1); });
for (const name of ['SIGTERM', 'SIGINT']) process.on(name, () => process.exit(0));
createServer(({ url, headers }, response) => {
  response.statusCode = /no.such/.test(url) ? 404 : 200;
  response.end('ok');
  log('info', 'request', { request_id: headers['x-request-id'], 'http.route': url });
}).listen(Number(process.env.PORT), '127.0.0.1', () => log('info', 'up'));
`;

const ENGINE = `
case $1 in
  image) cat "$DOCKER_FAKE/config.json" ;;
  export) tar -C "$DOCKER_FAKE/root" -c . ;;
  run)
    case "$NEEDS_TOOLS $*" in yes*/dev/null*) exit 127 ;; esac
    echo "$PORT" > "$DOCKER_FAKE/port"; echo $$ > "$DOCKER_FAKE/pid"; exec $START "$NODE" "$DOCKER_FAKE/server.cjs" ;;
  kill) kill -s "\${3#SIG}" "$(cat "$DOCKER_FAKE/pid")" ;;
  inspect) echo 4194305 ;;
  exec)
    shift
    if [ "$1" = -e ]; then shift 2; else PORT=$(cat "$DOCKER_FAKE/port"); fi
    export PORT
    shift
    exec "$@" ;;
esac`;

interface Image {
  readonly config?: object;
  /** Programs and other files by path; a text that begins with "->" is a link. */
  readonly files?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  /** What package.json of the folder has besides. */
  readonly devDependencies?: Readonly<Record<string, string>>;
}

const ends: (() => unknown)[] = [];
afterEach(() => {
  for (const end of ends.splice(0).reverse()) end();
});

async function look(id: string, image: Image): Promise<Result & { docker: FakeDocker }> {
  const docker = fakeDocker(ENGINE);
  ends.push(docker.remove);
  const state = process.env.DOCKER_FAKE ?? '';
  writeFileSync(join(state, 'server.cjs'), SERVER);
  writeFileSync(join(state, 'config.json'), JSON.stringify(image.config ?? {}));
  mkdirSync(join(state, 'root'));
  for (const [path, text] of Object.entries(image.files ?? {})) {
    const file = join(state, 'root', path);
    mkdirSync(dirname(file), { recursive: true });
    if (text.startsWith('->')) symlinkSync(text.slice(2), file);
    else writeFileSync(file, text);
    if (text === '#!') chmodSync(file, 0o755);
  }
  const folder = mkdtempSync(join(tmpdir(), 'twelve-image-rules-'));
  ends.push(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ devDependencies: image.devDependencies ?? {} }));
  const target: ImageTarget = {
    kind: 'image',
    name: id,
    image: 'orders:1',
    serve: [],
    folder,
    env: { NODE: process.execPath, ...image.env },
    paths: { live: '/livez', ready: '/livez' },
  };
  const { results } = await verify(target, {
    watch: quiet,
    backing: new Backing(),
    rules: rules.filter((rule) => rule.id === id),
  });
  if (!results[0]) throw new Error(`${id} was not looked at`);
  return { ...results[0], docker };
}

const broken = ({ evidence }: Result) => evidence.filter(({ ok }) => !ok).map(({ got }) => got);

describe('an image of nothing but a program', () => {
  const files = { 'app/server': '#!' };

  test('keeps II-2', async () => {
    const result = await look('II-2', { files });
    expect([result.outcome, broken(result)]).toEqual(['kept', []]);
    expect(result.evidence[0]?.sent).toContain('which has none of these tools');
  });

  test('keeps V-3', async () => {
    const result = await look('V-3', { files });
    expect([result.outcome, broken(result)]).toEqual(['kept', []]);
  });
});

test('II-2 hides what PATH finds, at the end of every link, and leaves the shell', async () => {
  const { docker, outcome } = await look('II-2', {
    config: { Env: ['PATH=/usr/local/bin:/bin:/sbin'] },
    files: {
      bin: '->usr/bin',
      'usr/bin/bash': '#!',
      'usr/local/bin/npm': '->../lib/npm-cli.js',
      'usr/local/lib/npm-cli.js': '#!',
      'usr/bin/busybox': '#!',
      'sbin/apk': '->/bin/busybox',
      'opt/curl': '#!',
    },
  });
  expect(outcome).toBe('kept');
  const hidden = docker.calls().flatMap((call) => call.match(/\/dev\/null:\S+/g) ?? []);
  expect(hidden.sort()).toEqual(['/dev/null:/usr/bin/bash:ro', '/dev/null:/usr/local/lib/npm-cli.js:ro']);
});

test('V-3 finds compilers and development dependencies without a shell', async () => {
  const result = await look('V-3', {
    config: { WorkingDir: '/app' },
    devDependencies: { typescript: '6', vitest: '4', '@types/node': '26' },
    files: {
      'usr/bin/gcc': '#!',
      'usr/bin/make': 'a text',
      'app/node_modules/typescript/package.json': '{}',
      'app/node_modules/@types/node/package.json': '{}',
      'elsewhere/node_modules/vitest/package.json': '{}',
    },
  });
  expect(broken(result)).toEqual(['/usr/bin/gcc, /app/node_modules/typescript, /app/node_modules/@types/node']);
});

test('V-3 finds tools of a language wherever they are, with the versions in their names', async () => {
  const result = await look('V-3', {
    files: {
      'opt/venv/bin/pytest': '#!',
      'usr/lib/llvm-15/bin/clang': '#!',
      'usr/bin/clang-15': '->../lib/llvm-15/bin/clang',
      'usr/bin/x86_64-linux-gnu-gcc-12': '#!',
      'opt/venv/lib/python3.12/site-packages/mypy/__init__.py': '',
      'root/.local/bin/uv': '#!',
      'usr/local/bin/pip3.12': '#!',
      'usr/bin/assemble': '#!',
      'usr/bin/busybox': '#!',
      'usr/bin/make': '->busybox',
    },
  });
  expect(broken(result)[0]?.split(', ').sort()).toEqual([
    '/opt/venv/bin/pytest',
    '/opt/venv/lib/python3.12/site-packages/mypy',
    '/root/.local/bin/uv',
    '/usr/bin/x86_64-linux-gnu-gcc-12',
    '/usr/lib/llvm-15/bin/clang',
  ]);
});

test('II-2 hides package managers that PATH does not find, with the versions in their names', async () => {
  const { docker } = await look('II-2', { files: { 'opt/venv/bin/pip3.12': '#!', 'root/.local/bin/uv': '#!' } });
  const hidden = docker.calls().flatMap((call) => call.match(/\/dev\/null:\S+/g) ?? []);
  expect(hidden.sort()).toEqual(['/dev/null:/opt/venv/bin/pip3.12:ro', '/dev/null:/root/.local/bin/uv:ro']);
});

describe('IX-9', () => {
  const stopsBy = (StopSignal?: string) => look('IX-9', { config: StopSignal === undefined ? {} : { StopSignal } });

  test('is not asked of an image that names no other signal than SIGTERM', async () => {
    const reason = 'the image names no other signal than SIGTERM';
    expect(await stopsBy()).toMatchObject({ outcome: 'skipped', reason });
    expect(await stopsBy('SIGTERM')).toMatchObject({ outcome: 'skipped', reason });
  });

  test('is kept by a program that stops in order by the signal of its image', async () => {
    const result = await stopsBy('SIGINT');
    expect([result.outcome, broken(result)]).toEqual(['kept', []]);
    expect(result.docker.calls().filter((call) => call.startsWith('kill'))).toEqual([
      expect.stringMatching(/^kill -s SIGINT twelve-probe-/),
    ]);
  });

  test('is broken by a program that does not know it', async () => {
    expect(broken(await stopsBy('SIGQUIT'))).toEqual([expect.stringMatching(/SIGQUIT|exit 131/)]);
  });
});

describe('XI-1', () => {
  test('lets a program that is not Node live', async () => {
    const result = await look('XI-1', { env: { START: 'env -u NODE_OPTIONS' } });
    expect([result.outcome, broken(result)]).toEqual(['partly', []]);
    expect(result.docker.calls().filter((call) => call.startsWith('kill'))).toEqual([]);
  });

  test('lets Node crash, and reads of it in the log', async () => {
    const result = await look('XI-1', { env: { CRASH: 'logged' } });
    expect([result.outcome, broken(result)]).toEqual(['partly', []]);
    expect(result.evidence.map(({ expected }) => expected)).toContain('one JSON line with its message');
  });

  test('is broken by a crash that is left to the runtime', async () => {
    const result = await look('XI-1', {});
    expect(result.outcome).toBe('broken');
  });

  test('does not take the crash of what started the program for its own', async () => {
    const start = `${process.execPath} -e require('node:child_process').spawn(process.argv[1],[process.argv[2]],{stdio:'inherit'})`;
    const result = await look('XI-1', { env: { START: start } });
    expect([result.outcome, broken(result)]).toEqual(['partly', []]);
  });
});

describe('H-1 runs the HEALTHCHECK', () => {
  const asking = (what: string) =>
    `fetch('http://127.0.0.1:'+${what}).then(({ok})=>process.exit(ok?0:1),()=>process.exit(1))`;
  const check = (script: string) => ({
    config: { Healthcheck: { Test: ['CMD', process.execPath, '-e', script] } },
  });

  test.each([
    ['a program that asks for liveness', check(asking("process.env.PORT+'/livez'"))],
    [
      'a shell that asks for liveness',
      {
        config: {
          Healthcheck: { Test: ['CMD-SHELL', `"${process.execPath}" -e "${asking("process.env.PORT+'/healthz'")}"`] },
        },
      },
    ],
  ])('%s keeps it', async (_, image) => {
    expect(broken(await look('H-1', image))).toEqual([]);
  });

  const curl = { ...check(asking("process.env.PORT+'/livez'")), files: { 'usr/bin/curl': '#!' } };

  test('without tools that the image happens to have', async () => {
    const { docker, outcome } = await look('H-1', curl);
    expect(outcome).toBe('kept');
    expect(docker.calls().filter((call) => call.includes('/dev/null:/usr/bin/curl:ro'))).toHaveLength(1);
  });

  test('with these tools if the program does not start without them, which is for II-2 to report', async () => {
    const env = { NEEDS_TOOLS: 'yes' };
    expect([(await look('H-1', { ...curl, env })).outcome, (await look('II-2', { ...curl, env })).outcome]).toEqual([
      'kept',
      'broken',
    ]);
  });

  test.each([
    ['that says the right words', { config: { Healthcheck: { Test: ['CMD-SHELL', 'echo 127.0.0.1 PORT live'] } } }],
    ['that asks for readiness', check(asking("process.env.PORT+'/health/ready'"))],
    ['that is content with any answer', check("fetch('http://127.0.0.1:'+process.env.PORT+'/livez')")],
    ['that asks on a fixed port', check(asking("'1/livez'"))],
    ['that needs what is not there', { config: { Healthcheck: { Test: ['CMD', '/no/such/curl'] } } }],
    [
      'that asks nobody',
      check("process.exit(process.env.PORT==fs.readFileSync(process.env.DOCKER_FAKE+'/port','utf8').trim()?0:1)"),
    ],
    ['that is switched off', { config: { Healthcheck: { Test: ['NONE'] } } }],
    ['that is none', {}],
  ])('one %s breaks it', async (_, image) => {
    expect(broken(await look('H-1', image))).not.toEqual([]);
  });
});
