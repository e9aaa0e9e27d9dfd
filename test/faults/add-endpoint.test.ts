// @module-tag sampled
import { existsSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { sampleOf } from '../support/extent.ts';
import {
  type Contents,
  filesIn,
  removeFolder,
  snapshot,
  temporaryFolder,
  withFolder,
  write,
} from '../support/folder.ts';
import { execute, run } from '../support/program.ts';
import { callsOf, inParallel, runSabotaged } from '../support/sabotage.ts';
import { serviceBelow } from '../support/service.ts';

/** docs/faults.md, "add-endpoint": one test a row, against the built program. */

const ADD = [
  'add-endpoint',
  'POST /orders/:orderId/items',
  '--body',
  'quantity:int>0',
  '--response',
  'id:uuid',
  '--yes',
];
const FOLDER = 'src/features/orders-by-order-id-items-post';

/** A folder with the service `orders` in it. */
function shop(more: Readonly<Record<string, string>> = {}): { parent: string; orders: string } {
  const parent = temporaryFolder(serviceBelow('orders', more));
  return { parent, orders: join(parent, 'orders') };
}

interface Refusal {
  readonly exit: number;
  readonly code: string;
  readonly reason: string | RegExp;
}

/** Checks a run that is refused: a code for programs, two lines for people, and no byte changed. */
async function expectRefused(args: readonly string[], cwd: string, refusal: Refusal, whole = cwd): Promise<void> {
  const { exit, code, reason } = refusal;
  const before = snapshot(whole);
  const result = await run([...args, '--format', 'json'], { cwd });
  expect([result.code, result.stderr]).toEqual([exit, expect.stringMatching(/^error: .+\nhelp: .+\n$/)]);
  expect(JSON.parse(result.stdout)).toMatchObject({ ok: false, code, exit, message: expect.stringMatching(reason) });
  expect(snapshot(whole)).toEqual(before);
}

const FORM = 'application/x-www-form-urlencoded';

describe('add-endpoint', () => {
  it('the same endpoint twice: 0, already exists, zero diff', async () => {
    const { orders } = shop();
    const first = await run(ADD, { cwd: orders });
    expect(first.code, first.stderr).toBe(0);
    expect(filesIn(orders)).toEqual(expect.arrayContaining([`${FOLDER}/handler.ts`, `${FOLDER}/routes.ts`]));
    write(orders, { [`${FOLDER}/handler.ts`]: '// written by now\n' });
    const before = snapshot(orders);
    const second = await run(ADD, { cwd: orders });
    expect([second.code, second.stdout]).toEqual([0, '']);
    expect(second.stderr).toContain('POST /orders/:orderId/items already exists');
    expect(snapshot(orders)).toEqual(before);
  });

  it.each(['post /orders/:orderId/items', 'POST /orders/{orderId}/items', '  POST   /orders/:orderId/items '])(
    'the same endpoint, its route written as "%s": 0, already exists, zero diff',
    async (route) => {
      const { orders } = shop();
      expect((await run(ADD, { cwd: orders })).code).toBe(0);
      const before = snapshot(orders);
      const second = await run(ADD.with(1, route), { cwd: orders });
      expect([second.code, second.stderr]).toEqual([0, expect.stringContaining('already exists')]);
      expect(snapshot(orders)).toEqual(before);
    },
  );

  it('the same route with other options: 3, with the difference', async () => {
    const { orders } = shop();
    expect((await run(ADD, { cwd: orders })).code).toBe(0);
    const cases: [string[], RegExp][] = [
      [ADD.with(3, 'quantity:int>1'), /body is \["quantity:int>0"\], not \["quantity:int>1"\]/],
      [[...ADD, '--status', '200'], /status is "", not "200"/],
      [[...ADD, '--query', 'dry:boolean?'], /query is \[\], not \["dry:boolean\?"\]/],
      [[...ADD, '--folder', 'elsewhere'], /folder is "", not "elsewhere"/],
    ];
    for (const [args, reason] of cases)
      await expectRefused(args, orders, { exit: 3, code: 'ADDITION_DIFFERS', reason });
  });

  it.each(['handler.ts', 'routes.test.ts'])(
    'a file of that name that the generator did not write: 3 (%s)',
    async (name) => {
      const { orders } = shop({ [`${FOLDER}/${name}`]: '// mine\n' });
      const reason = new RegExp(`${name} already exists, and this generator did not write it`);
      await expectRefused(ADD, orders, { exit: 3, code: 'NAME_TAKEN', reason });
    },
  );

  it('a helper of that name that the generator did not write: 3', async () => {
    const { orders } = shop({ 'src/platform/values.ts': 'export const mine = 1;\n' });
    const args = [...ADD, '--query', 'limit:int'];
    await expectRefused(args, orders, {
      exit: 3,
      code: 'NAME_TAKEN',
      reason: /src\/platform\/values\.ts already exists/,
    });
  });

  it('the helper that an earlier endpoint brought, edited since, is shared and left as it is', async () => {
    const { orders } = shop();
    expect((await run([...ADD, '--query', 'limit:int'], { cwd: orders })).code).toBe(0);
    const helper = join(orders, 'src/platform/values.ts');
    writeFileSync(helper, `${readFileSync(helper, 'utf8')}// mine\n`);
    const before = readFileSync(helper, 'utf8');
    const next = await run(['add-endpoint', 'GET /other', '--query', 'limit:int', '--yes'], { cwd: orders });
    expect(next.code, next.stderr).toBe(0);
    expect(readFileSync(helper, 'utf8')).toBe(before);
  });

  it.each<[string, string[], RegExp]>([
    ['__proto__', ['GET /__proto__'], /"__proto__" is a reserved word/],
    ['constructor', ['GET /:constructor'], /"constructor" is a reserved word/],
    ['__proto__ of a body', ['POST /a', '--body', '__proto__:string'], /"__proto__" is a reserved word/],
    ['constructor?', ['GET /a', '--response', 'x:{constructor:int?}'], /every object has a member of this name/],
    ['a name with ../', ['POST /a', '--body', '../x:string'], /"\.\.\/x" is not a valid name/],
    ['../x', ['GET /../x'], /the segment "\.\."/],
    ['../x without a slash', ['GET ../x'], /must start with "\/"/],
    ['a folder ../x', ['GET /a', '--folder', '../x'], /--folder must be lower case words/],
    ['a word of JSON Schema', ['GET /a', '--response', 'x:{"$ref":int}[]'], /\$ref is a keyword of JSON Schema/],
    ['a word of JSON Schema in a query', ['GET /a', '--query', 'const:int'], /const is a keyword of JSON Schema/],
    ['/a//b', ['GET /a//b'], /an empty segment/],
    ['/a/', ['GET /a/'], /an empty segment/],
    ['a repeated parameter', ['GET /:id/x/:id'], /there are two parameters ":id"/],
    ['a repeated field', ['POST /a', '--body', 'x:int', '--body', 'x:uuid'], /two fields x/],
    ['a route of every service', ['GET /metrics'], /a path that every service already has/],
    ['an unknown type', ['POST /a', '--body', 'x:text'], /no known type; the types are string, int/],
    ['a body of a GET', ['GET /a', '--body', 'x:int'], /a GET request has no body/],
    ['a type of an unknown parameter', ['GET /a', '--param', 'id:uuid'], /--param id is not in the path/],
    ['an optional parameter', ['GET /:id', '--param', 'id:uuid?'], /cannot be optional/],
    [
      'a form with an object',
      ['POST /a', '--body', 'x:{a:int}', '--body-type', FORM],
      /in a body or a response of JSON/,
    ],
    ['a form of any members', ['POST /a', '--body', '*:string', '--body-type', FORM], /a form has named fields/],
    ['text that is no text', ['GET /a', '--response', 'x:int', '--response-type', 'text/csv'], /is written :string/],
    ['one of several types in a query', ['GET /a', '--query', 'x:int|uuid'], /one of several types can only be/],
    ['any value in a header', ['GET /a', '--header', 'x:any'], /any value can only be/],
    ['commas in a body', ['POST /a', '--body', 'x:int[]:csv'], /only a list in a query can be csv/],
    ['a value with a comma', ['GET /a', '--query', 'x:enum("a,b")[]:csv'], /"a,b" cannot be a value there/],
    ['an empty part of a path', ['GET /:a', '--param', 'a:enum("")'], /"" cannot be a value there/],
    ['letters of a header', ['GET /a', '--header', 'x:enum("größe")'], /"größe" cannot be a value there/],
    ['an object in a query', ['GET /a', '--query', 'x:{a:int}'], /an object can only be in a body or a response/],
    ['204 with a response', ['GET /a', '--status', '204', '--response', 'id:uuid'], /204 has no --response/],
    ['a header of HTTP', ['GET /a', '--header', 'Host:string'], /host belongs to HTTP itself/],
    ['code in a route', ['GET /a"+process.exit()+"'], /a character other than letters/],
    ['ANSI in a route', ['GET /a\u001b[31m'], /a character other than letters/],
  ])(
    '`__proto__`, `constructor`, `../x`, reserved words, `/a//b`, a repeated parameter: 2 with the reason (%s)',
    async (_what, args, reason) => {
      const { parent, orders } = shop();
      await expectRefused(
        ['add-endpoint', ...args, '--yes'],
        orders,
        { exit: 2, code: 'INPUT_INVALID', reason },
        parent,
      );
    },
  );

  it('`:id` against an existing `:name`: 3', async () => {
    const { orders } = shop();
    const made = await run(['add-endpoint', 'GET /orders/:name', '--yes'], { cwd: orders });
    expect(made.code, made.stderr).toBe(0);
    for (const route of ['GET /orders/:id', 'DELETE /orders/:id'])
      await expectRefused(['add-endpoint', route, '--yes'], orders, {
        exit: 3,
        code: 'NAME_TAKEN',
        reason: /routes\.ts calls the same path \/orders\/:name/,
      });
    const alike = await run(['add-endpoint', 'DELETE /orders/:name', '--yes'], { cwd: orders });
    expect(alike.code, alike.stderr).toBe(0);
  });

  it('a route that a person wrote by hand: 3', async () => {
    const { orders } = shop({ 'src/plugins/mine.ts': "app.post<Body>('/mine', handle);\napp.all(`/any`, handle);\n" });
    const cases = {
      'GET /products': 'products/routes.ts',
      'POST /mine': 'src/plugins/mine.ts',
      'PUT /any': 'src/plugins/mine.ts',
    };
    for (const [route, file] of Object.entries(cases))
      await expectRefused(['add-endpoint', route, '--yes'], orders, {
        exit: 3,
        code: 'NAME_TAKEN',
        reason: `${file} has ${route} already`,
      });
    const other = await run(['add-endpoint', 'GET /mine', '--yes'], { cwd: orders });
    expect(other.code, other.stderr).toBe(0);
  });

  it('outside a service: 3', async () => {
    const parent = temporaryFolder({ 'src/main.ts': 'mine', '.git/HEAD': 'ref: refs/heads/main\n', 'sub/': '' });
    const refusal = { exit: 3, code: 'SERVICE_NOT_FOUND', reason: /is not in a service/ };
    await expectRefused(ADD, parent, refusal);
    await expectRefused([...ADD, '--dir', 'sub'], parent, refusal);
    await expectRefused([...ADD, '--dir', 'nowhere'], parent, refusal);
  });

  it('in a folder of a service, and with --dir: the service around it grows', async () => {
    const { parent, orders } = shop();
    const inside = await run(ADD, { cwd: join(orders, 'src/platform') });
    const named = await run(['add-endpoint', 'GET /b', '--yes', '--dir', 'orders'], { cwd: parent });
    expect([inside.code, named.code], inside.stderr + named.stderr).toEqual([0, 0]);
    expect(existsSync(join(orders, FOLDER, 'routes.ts'))).toBe(true);
    expect(existsSync(join(orders, 'src/features/b-get/routes.ts'))).toBe(true);
  });

  it.each([
    ['no JSON', '{ "schema": 1,'],
    ['not an object', '[]'],
    ['null', 'null'],
    ['empty', ''],
    ['without files', '{"schema":1,"template":{},"answers":{}}'],
    ['files that are a list', '{"schema":1,"template":{},"answers":{},"files":[]}'],
    ['a file without a hash', '{"schema":1,"template":{},"answers":{},"files":{"a":{"owner":"seeded"}}}'],
    ['an addition of text', '{"schema":1,"template":{},"answers":{},"files":{},"additions":{"x":"y"}}'],
    ['conflict markers in it', '<<<<<<< HEAD\n{}\n=======\n{}\n>>>>>>> other\n'],
  ])('its manifest broken: 3 (%s)', async (_what, text) => {
    const { orders } = shop();
    write(orders, { '.twelve.json': text });
    await expectRefused(ADD, orders, { exit: 3, code: 'MANIFEST_BROKEN', reason: /^\.twelve\.json / });
  });

  it('newer: 3', async () => {
    const { orders } = shop();
    write(orders, { '.twelve.json': '{"schema":3,"template":{},"answers":{},"files":{}}' });
    await expectRefused(ADD, orders, { exit: 3, code: 'MANIFEST_NEWER', reason: /newer version/ });
  });

  it.each(['../evil.ts', '/etc/passwd', '.git/hooks/pre-commit', 'src/../../x', 'C:\\x', 'src/nul', ''])(
    'hand-edited to `../`: 6 (%s)',
    async (path) => {
      const { parent, orders } = shop();
      const files = JSON.stringify({ [path]: { hash: 'sha256-x', owner: 'managed' } });
      write(orders, {
        '.twelve.json': `{"schema":1,"template":{"source":"","version":"","integrity":""},"answers":{},"files":${files}}`,
      });
      const refusal = { exit: 6, code: 'MANIFEST_UNSAFE', reason: /names a file that a service cannot have/ };
      await expectRefused(ADD, orders, refusal, parent);
    },
  );

  it.each<[string, Contents]>([
    ['src/features', { 'src/features': { link: '../../outside' } }],
    ['the folder itself', { [FOLDER]: { link: '../../../outside' } }],
  ])('a link where its files belong: 3, and nothing outside is touched (%s)', async (_what, links) => {
    const { parent, orders } = shop();
    if ('src/features' in links) removeFolder(join(orders, 'src/features'));
    write(parent, { 'outside/': '' });
    write(orders, links);
    await expectRefused(ADD, orders, { exit: 3, code: 'TARGET_CHANGED', reason: /./ }, parent);
  });
});

describe('killed inside add-endpoint', () => {
  const BEFORE = serviceBelow('orders');

  it('the next command rolls back, or the run was complete, and says which', {
    tags: ['wider'],
    timeout: 300_000,
  }, async () => {
    const zoned = (parent: string) => ({ cwd: join(parent, 'orders') });
    const { calls, complete } = await withFolder(BEFORE, async (parent) => ({
      calls: await callsOf(ADD, zoned(parent), parent),
      complete: withoutOurs(snapshot(parent)),
    }));
    expect(calls.length).toBeGreaterThan(60);
    const commit = calls.findIndex((call) => /^renameSync .*twelve-stage-.* .*\.twelve-stage$/.test(call));
    expect(commit).toBeGreaterThan(0);
    // Every call between taking the lock and releasing it is tried.
    const points = [...new Set([...sampleOf([...calls.keys()], 12), commit + 1])];
    const said = await inParallel(points, (at) =>
      withFolder(BEFORE, async (parent) => {
        const before = snapshot(parent);
        const killed = await runSabotaged(ADD, zoned(parent), { zone: parent, at: at + 1, act: 'kill' });
        const what = `killed before call ${at + 1}, ${calls[at]}`;
        expect(killed.signal, `${what}: ${killed.stderr}`).toBe('SIGKILL');
        const stage = join(parent, 'orders/.twelve-stage');
        const isHeld = existsSync(stage);
        const isHalf = isHeld && !existsSync(join(stage, 'done'));
        const left = withoutOurs(snapshot(parent));
        const isComplete = !isHalf && isDeepStrictEqual(left, complete);
        if (!isHalf && !isComplete) expect(left, what).toEqual(withoutOurs(before));

        const next = await run(ADD, zoned(parent));
        expect(next.code, `${what}, then ${next.stderr}`).toBe(0);
        expect(next.stderr.includes('an interrupted run in'), `${what}, then ${next.stderr}`).toBe(isHeld);
        expect(next.stderr.includes('was rolled back'), what).toBe(isHalf);
        expect(next.stderr.includes('already exists'), `${what}, then ${next.stderr}`).toBe(isComplete);
        expect(withoutOurs(snapshot(parent)), what).toEqual(complete);
        return isHalf ? 'rolled back' : isComplete ? 'complete' : 'as before';
      }),
    );
    expect(new Set(said)).toEqual(new Set(['as before', 'rolled back', 'complete']));
  });

  it('undo and another endpoint roll back first too, and a plan says that it cannot', async () => {
    const parent = temporaryFolder(BEFORE);
    const cwd = join(parent, 'orders');
    const before = snapshot(parent);
    const kill = { zone: parent, at: 8, act: 'kill', only: ['linkSync', 'renameSync'] } as const;
    const half = async () => {
      // Before the last rename: the manifest is replaced or files are linked, and the lock is still held.
      const killed = await runSabotaged(ADD, { cwd }, { ...kill, at: 4 });
      expect(killed.signal).toBe('SIGKILL');
      expect(existsSync(join(cwd, '.twelve-stage'))).toBe(true);
    };
    await half();
    const planned = await run([...ADD, '--plan'], { cwd });
    expect([planned.code, planned.stderr]).toEqual([
      3,
      expect.stringContaining('has a half-done run that was interrupted'),
    ]);
    const undone = await run(['undo'], { cwd });
    expect([undone.code, undone.stderr]).toEqual([3, expect.stringContaining('there is nothing to undo in')]);
    expect(withoutOurs(snapshot(parent))).toEqual(before);
    await half();
    const other = await run(['add-endpoint', 'GET /other', '--yes'], { cwd });
    expect(other.code, other.stderr).toBe(0);
    expect(other.stderr).toContain(`an interrupted run in ${cwd} was rolled back`);
    expect(filesIn(cwd).filter((path) => path.startsWith(FOLDER))).toEqual([]);
  });

  it('a file that somebody edited after the kill is kept, and named', async () => {
    const parent = temporaryFolder(BEFORE);
    const cwd = join(parent, 'orders');
    const before = snapshot(parent);
    await runSabotaged(ADD, { cwd }, { zone: parent, at: 6, act: 'kill', only: ['linkSync', 'renameSync'] });
    const made = filesIn(cwd).filter((path) => path.startsWith(FOLDER));
    expect(made.length).toBeGreaterThan(0);
    const [edited = ''] = made;
    // Editors save like this: a new file replaces the old one.
    unlinkSync(join(cwd, edited));
    const staged = join(cwd, '.twelve-stage/new', edited);
    if (existsSync(staged)) unlinkSync(staged);
    writeFileSync(join(cwd, edited), '// mine\n');
    const undone = await run(['undo'], { cwd });
    expect(undone.code, undone.stderr).toBe(3);
    expect(readFileSync(join(cwd, edited), 'utf8')).toBe('// mine\n');
    const after = withoutOurs(snapshot(parent));
    expect(Object.keys(after).filter((path) => !(path in before) && path.endsWith('.ts'))).toEqual([
      `orders/${edited}`,
    ]);
  });
});

/** The files without stages, which the next run removes, and without the record of the last run. */
function withoutOurs(tree: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(tree).filter(([path]) => !/(^|\/)\.[^/]*twelve-(stage|undo)/.test(path)));
}

describe('added to a repository', () => {
  it('git does not see the record of the run as a change', async () => {
    const { orders } = shop();
    const git = async (...args: string[]) => (await execute('git', args, { cwd: orders })).stdout;
    await git('init', '-q');
    expect((await run(ADD, { cwd: orders })).code).toBe(0);
    const status = await git('status', '--porcelain', '--ignored', '-uall');
    expect(status).toContain(`${FOLDER}/routes.ts`);
    expect(status).not.toMatch(/twelve-(undo|stage)/);
  });
});
