import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { Backing } from '../../contract/harness/backing/backing.ts';
import { stackNamed } from './http/stacks.ts';
import { npmCi } from './support/installed.ts';
import { rowsHere, rowsOf } from './support/rows.ts';
import { eventually, must } from './support/run.ts';
import { makeService, type Options, workFolder } from './support/service.ts';

/** What a person works with all day, in each language: a service that starts again on every change. */

interface Development {
  readonly name: string;
  readonly missing: () => string | undefined;
  readonly options: Options;
  readonly prepare: (folder: string) => Promise<void>;
  readonly command: readonly [file: string, ...args: string[]];
  /** A source, and a text of it that `/openapi.json` shows. */
  readonly source: string;
  readonly shown: string;
  /** What makes the source faulty, and what is said of it. */
  readonly fault: string;
  readonly told: RegExp;
  /** Answers 200 once the schema is there. */
  readonly path: string;
  /** How it ends on a port that is taken; it may also wait for a change. */
  readonly taken: number | 'waits';
  /** How it ends after Ctrl-C: a code, or the signal. */
  readonly ended: readonly [code: number | null, signal: string | null];
}

const backing = new Backing();
const DEVELOPMENT: readonly Development[] = [
  {
    name: 'typescript',
    missing: () => undefined,
    options: { database: 'none', cache: 'none' },
    prepare: (folder) => npmCi(folder),
    command: [process.execPath, 'scripts/dev.mjs'],
    source: 'src/features/slugs/routes.ts',
    shown: 'Make a slug',
    fault: 'throw new Error("broken on purpose");\n',
    told: /broken on purpose[\s\S]*the service failed; a change of a file tries it again/,
    path: '/livez',
    taken: 1,
    ended: [0, null],
  },
  {
    name: 'go',
    missing: () => stackNamed('go').missing() ?? (backing.hasPostgres ? undefined : 'PostgreSQL is not installed'),
    options: { database: 'postgres', cache: 'none', stack: 'go' },
    prepare: async () => undefined,
    command: ['make', 'dev'],
    source: 'internal/features/products.go',
    shown: 'List products',
    fault: 'broken on purpose\n',
    told: /internal\/features\/products\.go:\d+:\d+: syntax error/,
    path: '/products',
    taken: 'waits',
    // As make does it. It says so where a command of its own failed.
    ended: [null, 'SIGINT'],
  },
  {
    name: 'python',
    missing: () => stackNamed('python').missing() ?? (backing.hasPostgres ? undefined : 'PostgreSQL is not installed'),
    options: { database: 'postgres', cache: 'none', stack: 'python' },
    prepare: async (folder) => void (await must('make', ['install'], { cwd: folder })),
    command: ['make', 'dev'],
    source: 'src/service/features/products.py',
    shown: 'List products',
    fault: 'broken on purpose\n',
    told: /SyntaxError: [^\n]*\(src\/service\/features\/products\.py:\d+\)/,
    path: '/products',
    taken: 'waits',
    ended: [null, 'SIGINT'],
  },
];

const work = workFolder();

/** Whether a process is left of the group that the child leads. */
function isThere({ pid }: ChildProcess): boolean {
  try {
    return process.kill(-(pid as number), 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}
const started: ChildProcess[] = [];
afterAll(() => {
  for (const { pid } of started) {
    try {
      process.kill(-(pid as number), 'SIGTERM');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
  work.remove();
});

const title = 'languages of development';
const available = rowsHere(rowsOf(DEVELOPMENT, title, 2), title, ({ missing }) => missing());

describe.each(available)('development in $name', (stack) => {
  const folder = join(work.folder, stack.name);

  beforeAll(async () => {
    await makeService('orders', folder, stack.options);
    await stack.prepare(folder);
  }, 300_000);

  function dev(PORT: number): { child: ChildProcess; said: () => string } {
    const env = { ...process.env, PORT: String(PORT), HOST: '127.0.0.1', DATABASE_URL: undefined };
    const [file, ...args] = stack.command;
    const child = spawn(file, args, { cwd: folder, env, stdio: 'pipe', detached: true });
    started.push(child);
    let said = '';
    for (const output of [child.stdout, child.stderr]) output?.on('data', (chunk) => (said += chunk));
    return { child, said: () => said };
  }

  test('tells a fault, serves what is mended, and ends with all of its processes', { timeout: 480_000 }, async () => {
    const source = join(folder, stack.source);
    const good = readFileSync(source, 'utf8');
    writeFileSync(source, `${good}${stack.fault}`);
    onTestFinished(() => writeFileSync(source, good));
    const { child, said } = dev(0);
    const heard = (text: RegExp) =>
      eventually(
        () => `${text} of ${said()}`,
        async () => text.exec(said()) ?? undefined,
        { timeout: 480_000 },
      );
    await heard(stack.told);
    expect(good).toContain(stack.shown);
    writeFileSync(source, good.replace(stack.shown, 'What was changed'));
    const [, url = ''] = await heard(/listening on (http:\/\/127\.0\.0\.1:\d+)/);
    expect((await fetch(`${url}${stack.path}`)).status).toBe(200);
    expect(await (await fetch(`${url}/openapi.json`)).text()).toContain('What was changed');

    const closed = once(child, 'close');
    process.kill(-(child.pid as number), 'SIGINT');
    expect(await closed).toEqual(stack.ended);
    expect(said()).toMatch(/stopping|SIGTERM/);
    expect(said()).not.toMatch(/at once|Error \d/);
    // Who listens, and where its data were: nothing stays.
    const answers = async () => fetch(`${url}/livez`).catch(() => undefined);
    await eventually('nobody to listen', async () => ((await answers()) === undefined ? true : undefined));
    const [, data] = /data in (\S+) until it stops/.exec(said()) ?? [];
    if (data !== undefined) expect(existsSync(data)).toBe(false);
    await eventually('no process to stay', async () => (isThere(child) ? undefined : true));
  });

  test('on a port that is taken it says what to do', { timeout: 120_000 }, async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const { child, said } = dev(port);
    const closed = once(child, 'close');
    const words = `port ${port} of 127.0.0.1 is already in use: stop what listens there, or set PORT`;
    await eventually(
      () => `"${words}" of ${said()}`,
      async () => said().includes(words) || undefined,
      { timeout: 100_000 },
    );
    if (stack.taken === 'waits') process.kill(-(child.pid as number), 'SIGINT');
    const [code] = await closed;
    other.close();
    if (stack.taken !== 'waits') expect(code).toBe(stack.taken);
  });
});
