// @module-tag sampled
import { cpSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { makeFolder, removeFolder, snapshot, temporaryFolder, write } from '../support/folder.ts';
import { FILES_ONLY, run } from '../support/program.ts';

/** Faults when something is added to a service that people have edited. */
const home = makeFolder();
const made = join(home, 'orders');
afterAll(() => removeFolder(home));

beforeAll(async () => {
  const cwd = home;
  const result = await run(['orders', '--yes', ...FILES_ONLY], { cwd });
  expect(result.code, result.stderr).toBe(0);
});

/** The service, with a person's changes. */
function service(change: (folder: string) => void = () => undefined): string {
  const folder = join(temporaryFolder(), 'orders');
  cpSync(made, folder, { recursive: true });
  change(folder);
  return folder;
}

function edit(folder: string, path: string, how: (text: string) => string): void {
  const file = join(folder, path);
  const before = readFileSync(file, 'utf8');
  const after = how(before);
  expect(after).not.toBe(before);
  writeFileSync(file, after);
}

const answer = (name: string, value: string) => (folder: string) =>
  edit(folder, '.twelve.json', (text) => text.replace(new RegExp(`"${name}": "[^"]*"`), `"${name}": "${value}"`));

describe('growth', () => {
  it.each<[what: string, args: string[], exit: number, reason: RegExp, change?: (folder: string) => void]>([
    ['a stack that leaves the templates', ['add-flag', 'x'], 6, /"\.\.\/\.\.\/evil"/, answer('stack', '../../evil')],
    ['an unknown stack', ['add-flag', 'x'], 3, /"cobol"/, answer('stack', 'cobol')],
    ['a name that leaves the service', ['add-flag', 'x'], 6, /"\.\.\/x"/, answer('name', '../x')],
    [
      'a name that a service cannot have',
      ['add-flag', 'x'],
      3,
      /a name that a service cannot have/,
      answer('name', 'A B'),
    ],
    ['a variable of another concern', ['add-client', 'pay', '--base-url-env', 'DATABASE_URL'], 3, /database\.ts has/],
    ['a variable made from a name', ['add-client', 'request'], 3, /http\.ts has the variable REQUEST_TIMEOUT_MS/],
    [
      'the layout of an older version',
      ['add-task', 'late'],
      3,
      /has the layout of create-twelve-service 0\.1\.0, and what add-task adds has that of/,
      (folder) => edit(folder, '.twelve.json', (text) => text.replace(/"version": "[^"]*"/, '"version": "0.1.0"')),
    ],
    ['a path of every service', ['add-resource', 'metric', 'a:int'], 2, /\/metrics is a path that every service/],
    ['a path of every service, by its plural', ['add-resource', 'x', 'a:int', '--plural', 'healthz'], 2, /\/healthz/],
    ['the table of jobs', ['add-resource', 'job', 'a:int'], 2, /the service itself uses the table jobs/],
    ['one column twice', ['add-resource', 'x', 'aB:int', 'a_b:int'], 2, /has the same column as another field: a_b/],
    ['a column of PostgreSQL itself', ['add-resource', 'x', 'xmin:int'], 2, /PostgreSQL has a system column/],
    ['a list in a table', ['add-resource', 'x', 'a:int[]'], 2, /has no column/],
    ['a name that is long', ['add-worker', 'a'.repeat(61)], 2, /at most 60/],
    ['a device of Windows', ['add-client', 'aux'], 2, /device name on Windows/],
    ['a folder that is a device', ['add-endpoint', 'GET /x', '--folder', 'nul'], 2, /device name on Windows/],
    ['a name of Fastify', ['add-client', 'add-hook'], 2, /is taken/],
    [
      'another table named jobs',
      ['add-worker', 'mailer'],
      3,
      /is another table than the queue of workers/,
      (folder) => write(folder, { 'migrations/0002_jobs.up.sql': 'create table jobs (id int);\n' }),
    ],
    [
      'a package.json that is not JSON',
      ['add-client', 'pay'],
      3,
      /package\.json is not a JSON object/,
      (folder) => edit(folder, 'package.json', () => '{ not json\n'),
    ],
    [
      "a file of the team at a client's path",
      ['add-client', 'pay'],
      3,
      /src\/plugins\/pay\.ts already exists/,
      (folder) => write(folder, { 'src/plugins/pay.ts': 'export default 1;\n' }),
    ],
  ])('%s: refused with the reason, and nothing changed', async (_what, args, exit, reason, change) => {
    const cwd = service(change);
    const before = snapshot(cwd);
    const result = await run([...args, '--format', 'json'], { cwd });
    expect([result.code, JSON.parse(result.stdout).message]).toEqual([exit, expect.stringMatching(reason)]);
    expect(snapshot(cwd)).toEqual(before);
  });

  it('the same again: the plan is one line, and JSON says that nothing was applied', async () => {
    const cwd = service();
    const add = (...args: string[]) => run(['add-endpoint', 'GET /again', '--yes', ...args], { cwd });
    const first = await add('--format', 'json');
    expect([first.code, JSON.parse(first.stdout).applied]).toEqual([0, true]);
    const second = await add('--format', 'json');
    expect([second.code, JSON.parse(second.stdout).applied]).toEqual([0, false]);
    const planned = await add('--plan');
    expect([planned.code, planned.stdout]).toEqual([
      0,
      expect.stringMatching(/^Plan for this folder: nothing to do\. Nothing was written\.\n( {2}note .*\n)*$/),
    ]);
  });

  it('two paths of one folder: 3, and names the one that has it', async () => {
    const cwd = service();
    expect((await run(['add-endpoint', 'GET /a-b'], { cwd })).code).toBe(0);
    const second = await run(['add-endpoint', 'GET /a/b'], { cwd });
    expect([second.code, second.stderr]).toEqual([3, expect.stringContaining('GET /a-b has the folder')]);
    expect((await run(['add-endpoint', 'GET /a/b', '--folder', 'a-then-b'], { cwd })).code).toBe(0);
  });

  it.each<[string, (folder: string) => void]>([
    ['has no anchors any more', (folder) => edit(folder, 'docker-compose.orders.yaml', inlined)],
    [
      'has another name',
      (folder) => renameSync(join(folder, 'docker-compose.orders.yaml'), join(folder, 'compose.yaml')),
    ],
    [
      'is written in braces',
      (folder) => edit(folder, 'docker-compose.orders.yaml', (text) => JSON.stringify(parse(text, { merge: true }))),
    ],
  ])('a compose file that %s: 4, and it stays as it is', async (_what, change) => {
    const cwd = service(change);
    const before = snapshot(cwd);
    const worker = await run(['add-worker', 'mailer', '--format', 'json'], { cwd });
    expect([worker.code, JSON.parse(worker.stdout).attention.length]).toEqual([4, 1]);
    const after = snapshot(cwd);
    const compose = ['docker-compose.orders.yaml', 'compose.yaml'];
    expect(compose.map((path) => after[path])).toEqual(compose.map((path) => before[path]));
    expect((await run(['add-worker', 'mailer'], { cwd })).code).toBe(0);
  });

  it('a reserved word of SQL is quoted in a migration', async () => {
    const cwd = service();
    const result = await run(['add-migration', 'add_order_to_user', '--format', 'json'], { cwd });
    const { changes } = JSON.parse(result.stdout) as { changes: { path: string }[] };
    const up = changes.find(({ path }) => path.endsWith('.up.sql'))?.path ?? '';
    expect(readFileSync(join(cwd, up), 'utf8')).toBe('alter table "user" add column "order" text;\n');
  });

  it('a plan is applied from any folder of its service', async () => {
    const cwd = service();
    const src = join(cwd, 'src');
    expect((await run(['add-flag', 'x', '--plan=plan.json'], { cwd: src })).code).toBe(0);
    const applied = await run(['apply', 'plan.json'], { cwd: src });
    expect(applied.code, applied.stderr).toBe(0);
    expect(readFileSync(join(cwd, 'src/flags/x.ts'), 'utf8')).toContain('getBooleanValue');
  });

  it('an existing dependency of any kind keeps its version', async () => {
    const cwd = service((folder) =>
      edit(folder, 'package.json', (text) =>
        text.replace('"devDependencies": {', '"devDependencies": {\n    "cockatiel": "3.0.0",'),
      ),
    );
    expect((await run(['add-client', 'pay'], { cwd })).code).toBe(0);
    expect(readFileSync(join(cwd, 'package.json'), 'utf8').match(/"cockatiel": "[^"]*"/g)).toEqual([
      '"cockatiel": "3.0.0"',
    ]);
  });
});

function inlined(text: string): string {
  return text.replaceAll(/ &(process|environment|build)\b/g, '').replaceAll(/^ *<<: \*\w+\n/gm, '');
}
