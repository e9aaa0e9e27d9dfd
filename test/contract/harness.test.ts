// @module-tag node
import { spawn } from 'node:child_process';
import { closeSync, openSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { Backing } from '../../contract/harness/backing/backing.ts';
import { Harness } from '../../contract/harness/harness.ts';
import { Endpoint } from '../../contract/harness/http/endpoint.ts';
import { freePort } from '../../contract/harness/http/ports.ts';
import { parseAnswer } from '../../contract/harness/http/raw-answer.ts';
import { RawConnection } from '../../contract/harness/http/raw-connection.ts';
import { TcpProxy } from '../../contract/harness/http/tcp-proxy.ts';
import { Child } from '../../contract/harness/process/child.ts';
import { filesOpenForWriting, hasProcfs } from '../../contract/harness/process/procfs.ts';
import { groupMembers } from '../../contract/harness/process/relatives.ts';
import { Session } from '../../contract/harness/session.ts';
import { TimedOut, until } from '../../contract/harness/wait.ts';
import { temporaryFolder } from '../support/folder.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const run = (script: string, env = {}) => {
  const child = new Child({ file: process.execPath, args: ['-e', script], cwd: '/', env });
  ends.push(() => child.dispose());
  return child;
};

describe('a child process', () => {
  test('inherits nothing and is read line by line', async () => {
    const child = run(
      "console.log(JSON.stringify({ env: process.env })); console.log('text'); process.stdout.write('rest')",
    );
    expect(await child.ended(5000)).toMatchObject({ code: 0, signal: null });
    expect(child.lines.map(({ text }) => text).slice(1)).toEqual(['text', 'rest']);
    expect(child.lines[0]?.json).toEqual({ env: {} });
  });

  test('may open /dev/stdout for its log, and /dev/stderr', async () => {
    const child = run(
      "for (const name of ['stdout', 'stderr']) require('node:fs').appendFileSync('/dev/' + name, 'to ' + name + '\\n')",
    );
    await child.ended(5000);
    expect(child.lines.map(({ text }) => text)).toEqual(['to stdout']);
    expect(child.stderr).toBe('to stderr\n');
  });

  test('says that its program is not there', async () => {
    const child = new Child({ file: '/no/such/program', args: [], cwd: '/', env: {} });
    await expect(child.exit).rejects.toThrow('/no/such/program cannot be started: ENOENT');
    await child.dispose();
  });

  test.skipIf(!hasProcfs())('leaves no file open here, be it one that could not be started', async () => {
    await run('').ended(5000); // What is opened once.
    const before = readdirSync('/proc/self/fd').length;
    const invalid = { file: process.execPath, args: ['\0'], cwd: '/', env: {} };
    expect(() => new Child(invalid)).toThrow();
    const missing = new Child({ file: '/no/such/program', args: [], cwd: '/', env: {} });
    await expect(missing.exit).rejects.toThrow();
    const holding = run("require('node:child_process').spawn('sleep', ['60'], { stdio: 'inherit' }); process.exit()");
    await holding.ended(5000);
    await holding.dispose();
    await until('the files to be closed', 2000, () =>
      readdirSync('/proc/self/fd').length <= before ? true : undefined,
    );
  });

  test('does not keep a verifier from ending', { timeout: 20_000 }, async () => {
    const source = fileURLToPath(new URL('../../contract/harness/process/child.ts', import.meta.url));
    const script = `import { Child } from ${JSON.stringify(source)};
      const child = new Child({ file: process.execPath, args: ['-e', 'setInterval(() => {}, 1000)'], cwd: '/', env: {}, paused: true });
      await child.dispose();
      const none = new Child({ file: '/no/such/program', args: [], cwd: '/', env: {} });
      await none.exit.catch(() => console.log('disposed'));`;
    const root = fileURLToPath(new URL('../..', import.meta.url));
    const verifier = new Child({
      file: process.execPath,
      args: ['--import', 'tsx', '--input-type=module', '-e', script],
      cwd: root,
      env: {},
    });
    ends.push(() => verifier.dispose());
    expect(await verifier.ended(15_000)).toMatchObject({ code: 0 });
    expect(verifier.lines.map(({ text }) => text)).toEqual(['disposed']);
  });

  test.skipIf(!hasProcfs())('is ended with everything that it started, however deaf', async () => {
    const deaf = "for (const name of ['SIGTERM', 'SIGINT']) process.on(name, () => {}); setInterval(() => {}, 1000);";
    const child = run(
      `require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(deaf)}]); ${deaf} console.log('up')`,
    );
    await child.line('it to be up', 5000, ({ text }) => text === 'up');
    expect(groupMembers(child.pid)).toHaveLength(2);
    await child.dispose();
    expect(groupMembers(child.pid)).toEqual([]);
  });

  test.skipIf(!hasProcfs())('does not outlive a harness that is killed', { timeout: 20_000 }, async () => {
    const source = fileURLToPath(new URL('../../contract/harness/process/child.ts', import.meta.url));
    const script = `import { Child } from ${JSON.stringify(source)};
      const child = new Child({ file: process.execPath, args: ['-e', 'setInterval(() => {}, 1000)'], cwd: '/', env: {} });
      console.log(child.pid);`;
    const root = fileURLToPath(new URL('../..', import.meta.url));
    const harness = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], { cwd: root });
    const printed = await new Promise<string>((resolve) =>
      harness.stdout.once('data', (chunk) => resolve(String(chunk))),
    );
    expect(groupMembers(Number(printed))).toHaveLength(1);
    harness.kill('SIGKILL');
    await until('the group to be gone', 5000, () => (groupMembers(Number(printed)).length === 0 ? true : undefined));
  });

  test('that hangs is waited for no longer than asked', async () => {
    await expect(run('setInterval(() => {}, 1000)').ended(300)).rejects.toThrow(TimedOut);
  });
});

test('a proxy goes down, falls silent, comes back on its port, cuts connections and is slow', async () => {
  const server = createServer((_, response) => response.end('here'));
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  ends.push(() => server.close());
  const proxy = await TcpProxy.open('127.0.0.1', port);
  ends.push(() => proxy.down());
  const ask = async () => {
    const connection = await RawConnection.open(new URL(`http://127.0.0.1:${proxy.port}`));
    ends.push(() => connection.destroy());
    connection.get('/');
    return connection;
  };
  expect((await (await ask()).answer()).body).toBe('here');
  const open = await RawConnection.open(new URL(`http://127.0.0.1:${proxy.port}`));
  await proxy.down();
  await until('the open connection to be cut', 1000, () => (open.closed ? true : undefined));
  await expect(RawConnection.open(new URL(`http://127.0.0.1:${proxy.port}`))).rejects.toMatchObject({
    code: 'ECONNREFUSED',
  });
  await proxy.up();
  expect((await (await ask()).answer()).status).toBe(200);
  proxy.stall();
  const silent = await ask();
  await expect(silent.answer(200)).rejects.toThrow(TimedOut);
  await proxy.up();
  expect((await silent.answer()).body).toBe('here');
  proxy.cut();
  await until('the connection to be cut', 1000, () => (silent.closed ? true : undefined));
  expect((await (await ask()).answer()).body).toBe('here');
  proxy.slow(150);
  const from = performance.now();
  expect((await (await ask()).answer()).body).toBe('here');
  expect(performance.now() - from).toBeGreaterThanOrEqual(300);
  await proxy.close();
  await expect(proxy.up()).rejects.toThrow('the proxy is closed');
  await expect(RawConnection.open(new URL(`http://127.0.0.1:${proxy.port}`))).rejects.toMatchObject({
    code: 'ECONNREFUSED',
  });
});

test('backing services are not started once they were stopped', async () => {
  const backing = new Backing({ databaseUrl: 'postgresql://nobody@127.0.0.1:1/none' });
  await backing.stop();
  expect(() => backing.postgres()).toThrow('the backing services were stopped');
  expect(() => backing.redis()).toThrow('the backing services were stopped');
});

test('a raw connection reads answers in chunks, one after another', async () => {
  const server = createServer((request, response) => {
    response.write(`first ${request.url} 0\r\n`);
    response.end('second');
  });
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  ends.push(() => server.close());
  const connection = await RawConnection.open(new URL(`http://127.0.0.1:${port}`));
  ends.push(() => connection.destroy());
  connection.get('/a');
  connection.get('/b');
  expect((await connection.answer()).body).toBe('first /a 0\r\nsecond');
  expect((await connection.answer()).body).toBe('first /b 0\r\nsecond');
});

test.each([
  ['a chunk of no size', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n', /a chunk of the size "zz"/],
  ['a chunk of a negative size', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\n', /a chunk of the size/],
  ['no status line', 'hello\r\n\r\n', /not HTTP\/1: "hello"/],
  ['a length that is none', 'HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n', /Content-Length: many/],
])('a raw connection refuses %s', async (_, text, reason) => {
  expect(() => parseAnswer(Buffer.from(text), false)).toThrow(reason);
});

test.each([
  ['HTTP/1.0, ended by the connection', 'HTTP/1.0 200 OK\r\n\r\nbody', true, { body: 'body', isLast: true }],
  ['a body without a length, before the end', 'HTTP/1.1 200 OK\r\n\r\nbo', false, undefined],
  ['no content', 'HTTP/1.1 204 No Content\r\n\r\n', false, { body: '', isLast: false }],
  [
    'chunks, extensions and trailers',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n2;a=b\r\nhi\r\n0\r\nX: 1\r\n\r\n',
    false,
    { body: 'hi' },
  ],
  [
    'trailers that are not complete',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: 1\r\n',
    false,
    undefined,
  ],
])('a raw answer may be %s', (_, text, ended, expected) => {
  const taken = parseAnswer(Buffer.from(text), ended);
  if (expected === undefined) expect(taken).toBeUndefined();
  else expect(taken).toMatchObject({ answer: expected, length: Buffer.byteLength(text) });
});

const VERBLESS = {
  kind: 'process',
  name: 'any',
  folder: '/',
  command: [process.execPath, '-e', ''],
  verbless: true,
} as const;

test('each process has a TMPDIR of its own, those of leaseApart one together, and --env wins', async () => {
  const foldersOf = async (env: Record<string, string>) => {
    const harness = new Harness(await Session.open({ ...VERBLESS, env }, new Backing()));
    ends.push(() => harness.dispose());
    const { temp } = harness;
    const options = [{}, {}, { temp }, { temp }];
    const all = await Promise.all(options.map((one) => harness.environment(one)));
    return all.map(({ TMPDIR, HOME }) => `${TMPDIR} ${HOME}`);
  };
  const [one, other, shared, same] = await foldersOf({});
  expect(shared).toBe(same);
  expect(new Set([one, other, shared]).size).toBe(3);
  expect(new Set(await foldersOf({ TMPDIR: '/given', HOME: '/home/given' }))).toEqual(new Set(['/given /home/given']));
});

test('a check that goes on after its end gets nothing more', async () => {
  const backing = new Backing();
  const harness = new Harness(await Session.open(VERBLESS, backing));
  await harness.dispose();
  await expect(harness.spawn(['web'])).rejects.toThrow('the check is over');
  await expect(harness.tool(['sh', '-c', 'true'], { cwd: '/' })).rejects.toThrow('the check is over');
  const server = createServer((_, response) => response.end('here'));
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  ends.push(() => server.close());
  const endpoint = new Endpoint(`http://127.0.0.1:${port}`, { live: '/', ready: '/' });
  await expect(harness.connect(endpoint)).rejects.toThrow('the check is over');
});

test('ports are free and never handed out twice', async () => {
  const ports = await Promise.all(Array.from({ length: 50 }, freePort));
  expect(new Set(ports).size).toBe(50);
  const socket = connect({ port: ports[0] ?? 0, host: '127.0.0.1' });
  const error = await new Promise<NodeJS.ErrnoException>((resolve) => socket.once('error', resolve));
  expect(error.code).toBe('ECONNREFUSED');
});

test.skipIf(!hasProcfs())('a file that was removed when it was opened is memory, and no log', () => {
  const folder = temporaryFolder();
  const files = ['app.log', 'scratch'].map((name) => `${folder}/${name}`);
  const opened = files.map((file) => openSync(file, 'w'));
  ends.push(() => opened.forEach(closeSync));
  rmSync(`${folder}/scratch`);
  expect(filesOpenForWriting(process.pid).filter((path) => path.startsWith(folder))).toEqual([`${folder}/app.log`]);
});
