import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { answers } from './support/http.ts';
import { npmCi } from './support/installed.ts';
import { eventually, run } from './support/run.ts';
import { makeService, workFolder } from './support/service.ts';

/** What a person sees who has no server at all, and copied `.env.example` as it is. */

const work = workFolder();
const folder = join(work.folder, 'orders');
const bare = { DATABASE_URL: undefined, REDIS_URL: undefined, LOG_LEVEL: undefined, LOG_FORMAT: undefined };
afterAll(() => work.remove());

beforeAll(async () => {
  await makeService('orders', folder, { database: 'postgres', cache: 'redis' });
  await npmCi(folder);
  copyFileSync(join(folder, '.env.example'), join(folder, '.env'));
}, 300_000);

test('npm run dev says what it does, what is missing in one line, and where to look', {
  timeout: 480_000,
}, async () => {
  const env = { ...process.env, ...bare, PORT: '0', REDIS_URL: 'redis://127.0.0.1:1' };
  const child = spawn(process.execPath, ['scripts/dev.mjs'], { cwd: folder, env, stdio: 'pipe' });
  let said = '';
  for (const output of [child.stdout, child.stderr]) output.on('data', (chunk) => (said += chunk));
  try {
    const find = async () => /listening on (http:\/\/localhost:\d+)/.exec(said)?.[1];
    const url = await eventually('an address in what dev says', find, { timeout: 480_000 });
    expect(said).toMatch(
      /^DATABASE_URL is not set: starting PostgreSQL, its data are in node_modules\/.cache\/postgres$/m,
    );
    expect(said).toMatch(/^[\d:.]+ WARN {2}the cache is unreachable, going on without it \(connect ECONNREFUSED/m);
    expect(said).not.toMatch(/^ +at /m);
    const { status, body } = await answers(`${url}/`, 404);
    expect([status, JSON.parse(body).detail]).toEqual([404, '/openapi.json has every path of this service.']);
  } finally {
    child.kill('SIGTERM');
    await new Promise((resolve) => child.once('close', resolve));
  }
});

test('npm run dev has the data of a killed one, and says who else has them', { timeout: 480_000 }, async () => {
  const env = { ...process.env, ...bare, PORT: '0' };
  const children: ChildProcess[] = [];
  async function database(): Promise<string> {
    const child = spawn(process.execPath, ['scripts/dev.mjs'], {
      cwd: folder,
      env,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    children.push(child);
    let said = '';
    child.stderr.on('data', (chunk) => (said += chunk));
    const find = async () => /^DATABASE_URL is not set: starting PostgreSQL(.*)$/m.exec(said)?.[1];
    return eventually('a line about the database', find, { timeout: 100_000 });
  }
  try {
    const kept = ', its data are in node_modules/.cache/postgres';
    expect(await database()).toBe(kept);
    const [first] = children;
    expect(await database()).toBe(` without data: process ${first?.pid} uses node_modules/.cache/postgres`);
    first?.kill('SIGKILL');
    await once(first as ChildProcess, 'exit');
    expect(await database()).toBe(kept);
  } finally {
    for (const child of children) {
      if (child.kill('SIGTERM')) await once(child, 'exit');
    }
  }
});

test('npm test prints results and no lines of the log', { timeout: 480_000 }, async () => {
  const { code, stdout } = await run(process.execPath, ['scripts/test.mjs'], { cwd: folder, env: bare });
  expect(code, stdout.slice(-4000)).toBe(0);
  expect(stdout).toMatch(/pass \d+/);
  expect(stdout.split('\n').filter((line) => line.startsWith('{'))).toEqual([]);
});

test('npm test of what no test has in its path fails', { timeout: 60_000 }, async () => {
  const { code, stderr } = await run(process.execPath, ['scripts/test.mjs', 'nowhere'], { cwd: folder, env: bare });
  expect([code, stderr]).toEqual([1, 'no test has nowhere in its path\n']);
});
