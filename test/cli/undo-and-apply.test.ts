// @module-tag sampled
import { chmodSync, readFileSync, rmSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv2020 from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../engine/core/errors.ts';
import { parsePlan, replan } from '../../engine/core/plan-file.ts';
import { hashContent } from '../../engine/core/tree.ts';
import { applyPlanFile } from '../../maintenance/apply/run.ts';
import { filesIn, snapshot, temporaryFolder, withFolder, write } from '../support/folder.ts';
import { execute, FILES_ONLY, run } from '../support/program.ts';
import { serviceBelow } from '../support/service.ts';

/** Plans that are saved and applied later, and runs that are undone. */

const ADD = [
  'add-endpoint',
  'POST /orders/:orderId/items',
  '--query',
  'dry:boolean?',
  '--response',
  'id:uuid',
  '--yes',
];
/** It puts lines into files that are there. */
const FLAG = ['add-flag', 'dark-mode', '--yes'];
const COMPOSE = 'docker-compose.orders.yaml';
const MORE = { [COMPOSE]: 'x-orders:\n  environment:\n    A: 1\n' };
const FOLDER = 'src/features/orders-by-order-id-items-post';

function shop(more: Readonly<Record<string, string>> = {}): { parent: string; orders: string } {
  const parent = temporaryFolder(serviceBelow('orders', more));
  return { parent, orders: join(parent, 'orders') };
}

/** Without the record of the last run. */
function work(folder: string): Record<string, string> {
  return Object.fromEntries(Object.entries(snapshot(folder)).filter(([path]) => !path.includes('.twelve-undo')));
}

async function succeed(args: readonly string[], cwd: string): Promise<string> {
  const result = await run(args, { cwd });
  expect(result.code, result.stderr).toBe(0);
  return result.stderr;
}

async function refuse(args: readonly string[], cwd: string, exit: number, code: string, whole = cwd): Promise<string> {
  const before = snapshot(whole);
  const result = await run([...args, '--format', 'json'], { cwd });
  expect([result.code, result.stdout === '' ? '' : JSON.parse(result.stdout).code], result.stderr).toEqual([
    exit,
    code,
  ]);
  expect(result.stderr).toMatch(/^error: .+\nhelp: .+\n$/);
  expect(snapshot(whole)).toEqual(before);
  return result.stderr;
}

describe('--plan=FILE', () => {
  it('writes only the plan file, for an existing service and for a new one', async () => {
    for (const args of [ADD, ['create', 'other', '--yes']]) {
      const { parent, orders } = shop();
      const before = snapshot(parent);
      await succeed([...args, '--plan=../plan.json'], orders);
      const { 'plan.json': kept, ...after } = snapshot(parent);
      expect(after).toEqual(before);
      expect(parsePlan(kept?.replace(/^file 644 /, '') ?? '').generator).toBe(args[0]);
    }
  });

  it('that cannot be written: 7, and nothing is written', async () => {
    const { parent, orders } = shop();
    await refuse([...ADD, '--plan=../none/plan.json'], orders, 7, 'DISK_FAILED', parent);
  });

  it.each([[['undo']], [['apply', 'kept.json']]])(
    'of %j: writes a plan file too, or says that it does not',
    async (verb) => {
      const { orders } = shop();
      await succeed([...ADD, '--plan=kept.json'], orders);
      if (verb[0] === 'undo') await succeed(ADD, orders);
      const result = await run([...verb, '--plan=more.json'], { cwd: orders });
      expect([0, 2]).toContain(result.code);
      expect(filesIn(orders).includes('more.json')).toBe(result.code === 0);
    },
  );
});

describe('apply', () => {
  it('does exactly what the direct run does', async () => {
    const [planned, direct] = [shop(), shop()];
    for (const { orders } of [planned, direct]) chmodSync(join(orders, '.twelve.json'), 0o755);
    await succeed([...ADD, '--plan=../plan.json'], planned.orders);
    const said = await succeed(['apply', '../plan.json'], planned.orders);
    expect(said).toContain(`create ${FOLDER}/routes.ts`);
    await succeed(ADD, direct.orders);
    expect(work(planned.orders)).toEqual(work(direct.orders));
    // It can be undone like a direct run.
    await succeed(['undo'], planned.orders);
    expect(filesIn(planned.orders).filter((path) => path.startsWith(FOLDER))).toEqual([]);
  });

  it('from another folder needs --dir, and then does the same', async () => {
    const [planned, direct] = [shop(), shop()];
    await succeed([...ADD, '--plan=../plan.json'], planned.orders);
    await succeed(['apply', 'plan.json', '--dir', 'orders'], planned.parent);
    await succeed(ADD, direct.orders);
    expect(work(planned.orders)).toEqual(work(direct.orders));
  });

  it('of a plan for a new service makes it, like create', async () => {
    const cwd = temporaryFolder();
    await succeed(['create', 'orders', '--yes', '--plan=plan.json'], cwd);
    await succeed(['apply', 'plan.json', ...FILES_ONLY], cwd);
    const direct = temporaryFolder();
    await succeed(['create', 'orders', '--yes', ...FILES_ONLY], direct);
    expect(snapshot(join(cwd, 'orders'))).toEqual(snapshot(join(direct, 'orders')));
    await refuse(['apply', 'plan.json', ...FILES_ONLY], cwd, 3, 'PLAN_OUTDATED');
  });

  it('with --plan shows the plan again, and writes nothing', async () => {
    const { parent, orders } = shop();
    await succeed([...ADD, '--plan=../plan.json'], orders);
    const before = snapshot(parent);
    const shown = await run(['apply', '../plan.json', '--plan'], { cwd: orders });
    expect([shown.code, shown.stdout]).toEqual([0, expect.stringContaining(`create ${FOLDER}/routes.ts`)]);
    expect(snapshot(parent)).toEqual(before);
  });

  it.each<[string, (orders: string) => void, RegExp]>([
    ['a file of the plan was edited', (orders) => writeFileSync(join(orders, COMPOSE), '{}'), /docker-compose/],
    ['a file of the plan was removed', (orders) => unlinkSync(join(orders, COMPOSE)), /docker-compose/],
    [
      'a file is where one would be made',
      (orders) => write(orders, { 'src/flags/dark-mode.ts': '' }),
      /src\/flags\/dark-mode\.ts/,
    ],
  ])('when the tree changed since: 3 PLAN_OUTDATED and nothing changed (%s)', async (_what, change, named) => {
    const { parent, orders } = shop(MORE);
    await succeed([...FLAG, '--plan=../plan.json'], orders);
    change(orders);
    expect(await refuse(['apply', '../plan.json'], orders, 3, 'PLAN_OUTDATED', parent)).toMatch(named);
  });

  it('twice: the second is outdated', async () => {
    const { parent, orders } = shop();
    await succeed([...ADD, '--plan=../plan.json'], orders);
    await succeed(['apply', '../plan.json'], orders);
    await refuse(['apply', '../plan.json'], orders, 3, 'PLAN_OUTDATED', parent);
  });

  it('without a file, or with a missing one: 2', async () => {
    const { orders } = shop();
    await refuse(['apply'], orders, 2, 'INPUT_MISSING');
    expect(await refuse(['apply', 'none.json'], orders, 2, 'INPUT_INVALID')).toContain(
      'none.json cannot be read: there is no such file',
    );
    await refuse(['apply', '.'], orders, 2, 'INPUT_INVALID');
    await refuse(['apply', 'a.json', 'b.json'], orders, 2, 'INPUT_INVALID');
  });
});

/** A valid plan with some changes. */
const planOf = (more: object = {}, change: object = {}) => ({
  schema: 1,
  program: 'create-twelve-service',
  generator: 'add-endpoint',
  target: '.',
  answers: {},
  changes: [
    {
      kind: 'create',
      path: 'src/new.ts',
      after: { hash: hashContent('new'), bytes: 3, mode: '0644', content: Buffer.from('new').toString('base64') },
      ...change,
    },
  ],
  notes: [],
  next: [],
  ...more,
});

const after = { mode: '0644', content: 'eA==' };

describe('a plan file from an attacker', () => {
  /** Runs the program's code for it in this process, to save the start. */
  async function applied(text: string | Buffer): Promise<string> {
    return withFolder(
      { ...serviceBelow('orders'), 'orders/bad.json': text, 'outside/mine': 'mine' },
      async (parent) => {
        const before = snapshot(parent);
        try {
          await applyPlanFile('bad.json', { cwd: join(parent, 'orders'), overwrite: false, planOnly: false });
        } catch (error) {
          if (!(error instanceof UserError)) throw error;
          expect(snapshot(parent)).toEqual(before);
          return `${error.code} ${error.exit}`;
        }
        return 'applied';
      },
    );
  }

  it('that is valid is applied', async () => {
    expect(await applied(JSON.stringify(planOf()))).toBe('applied');
  });

  it.each([
    '../evil.ts',
    '../outside/mine',
    'src/../../outside/mine',
    '/tmp/evil.ts',
    'C:\\evil.ts',
    'src\\..\\..\\evil.ts',
    '.git/hooks/pre-commit',
    '.GIT/config',
    'src/.git/config',
    '.git',
    '.twelve-stage/journal.json',
    '.twelve-undo/journal.json',
    '.Twelve-Undo/journal.json',
    '.orders.twelve-stage-x-1-0/journal.json',
    'src//x',
    'src/./x',
    '',
    'nul',
    'src/a\u0000b',
    'src/\u202eb',
  ])('with the path %j: 2 and nothing changed', async (path) => {
    expect(await applied(JSON.stringify(planOf({}, { path })))).toBe('INPUT_INVALID 2');
  });

  it.each<[string, unknown]>([
    ['no JSON', '{'],
    ['empty', ''],
    ['null', null],
    ['a list', []],
    ['a text', '"x"'],
    ['bytes', Buffer.from([0xff, 0xfe, 0])],
    ['another schema', planOf({ schema: 2 })],
    ['another program', planOf({ program: 'x' })],
    ['without a target', planOf({ target: undefined })],
    ['without changes', planOf({ changes: undefined })],
    ['changes that are a map', planOf({ changes: {} })],
    ['a change that is null', planOf({ changes: [null] })],
    ['a change of text', planOf({ changes: ['x'] })],
    ['without a path', planOf({}, { path: undefined })],
    ['a path that is a list', planOf({}, { path: ['../x'] })],
    ['an unknown kind', planOf({}, { kind: 'link' })],
    ['a kind that is a method of the prototype', planOf({}, { kind: 'constructor' })],
    ['a creation with a before', planOf({}, { before: { hash: 'x' } })],
    ['an update without a before', planOf({}, { kind: 'update' })],
    ['a deletion with an after', planOf({}, { kind: 'delete', before: { hash: 'x' }, after })],
    ['a mode with the setuid bit', planOf({}, { after: { ...after, mode: '04755' } })],
    ['a mode that is a number', planOf({}, { after: { ...after, mode: 644 } })],
    ['content that is a list', planOf({}, { after: { ...after, content: [1] } })],
    ['answers that are null', planOf({ answers: null })],
    ['without a generator', planOf({ generator: undefined })],
    ['a generator that is a map', planOf({ generator: {} })],
    ['notes that are a number', planOf({ notes: 1 })],
    ['next that is a map', planOf({ next: {} })],
    ['one path twice', planOf({ changes: [...planOf().changes, ...planOf().changes] })],
    [
      'a file below a file',
      planOf({ changes: [...planOf().changes, { kind: 'create', path: 'src/new.ts/x', after }] }),
    ],
    ['content that does not match its hash', planOf({}, { after: { ...planOf().changes[0]?.after, content: 'eA==' } })],
  ])('%s: 2 and nothing changed', async (_what, plan) => {
    const text = typeof plan === 'string' || Buffer.isBuffer(plan) ? plan : JSON.stringify(plan);
    expect(await applied(text)).toBe('INPUT_INVALID 2');
  });

  it('any garbage in any place: refused with 2 or 3, or a valid plan; never our bug', () => {
    const value = fc.oneof(fc.jsonValue(), fc.constantFrom('__proto__', 'create', 'delete', '0755', '../x', {}, []));
    const keys = fc.constantFrom('schema', 'target', 'answers', 'changes', 'kind', 'path', 'before', 'after', 'mode');
    const garbage = fc.oneof(
      fc.dictionary(keys, value, { noNullPrototype: true }).map((more) => planOf(more)),
      fc.dictionary(keys, value, { noNullPrototype: true }).map((change) => planOf({}, change)),
      fc.jsonValue(),
    );
    fc.assert(
      fc.property(garbage, (plan) => {
        try {
          for (const { path } of replan(parsePlan(JSON.stringify(plan)), () => undefined).changes)
            expect(path).not.toMatch(/\.\.|^\//);
        } catch (error) {
          expect(error).toBeInstanceOf(UserError);
          expect([2, 3]).toContain((error as UserError).exit);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('a link where it would write: 3, and what the link leads to is untouched', async () => {
    const { parent, orders } = shop({ 'bad.json': JSON.stringify(planOf({}, { path: 'src/link/new.ts' })) });
    write(parent, { 'outside/': '', 'orders/src/link': { link: '../../outside' } });
    await refuse(['apply', 'bad.json'], orders, 3, 'TARGET_CHANGED', parent);
  });

  it('its texts cannot move the cursor of a terminal', async () => {
    const plan = planOf({ next: ['npm \u001b[2J install\u202e'], notes: ['\u001b[31mred'] });
    const { orders } = shop({ 'bad.json': JSON.stringify(plan) });
    const said = await succeed(['apply', 'bad.json'], orders);
    expect(said).toContain('npm <U+001B>[2J install<U+202E>');
    expect(said).not.toContain('\u001b');
  });
});

describe('undo', () => {
  it.each([false, true])(
    'restores every byte and mode, and removes the folders that were made (git: %s)',
    async (git) => {
      const { orders } = shop({ 'src/mine.txt': 'a\r\nb\u0000' });
      if (git) await execute('git', ['init', '-q'], { cwd: orders });
      chmodSync(join(orders, '.twelve.json'), 0o755);
      chmodSync(join(orders, 'src/mine.txt'), 0o600);
      const before = snapshot(orders);
      await succeed(ADD, orders);
      expect(filesIn(orders)).toContain(`${FOLDER}/routes.ts`);
      expect(await succeed(['undo'], orders)).toContain(`delete ${FOLDER}/routes.ts`);
      expect(snapshot(orders)).toEqual(before);
    },
  );

  it.each(['600', '640'])('restores the mode %s, which git does not keep', async (mode) => {
    const { orders } = shop(MORE);
    chmodSync(join(orders, COMPOSE), Number.parseInt(mode, 8));
    await succeed(FLAG, orders);
    const grown = statSync(join(orders, COMPOSE)).mode & 0o777;
    await succeed(['undo'], orders);
    const undone = statSync(join(orders, COMPOSE)).mode & 0o777;
    expect([grown, undone].map((bits) => bits.toString(8))).toEqual([mode, mode]);
  });

  it('keeps files that a person made in the meantime', async () => {
    const { orders } = shop();
    await succeed(ADD, orders);
    write(orders, { [`${FOLDER}/mine.ts`]: 'mine', 'src/other.ts': 'mine' });
    await succeed(['undo'], orders);
    expect(filesIn(orders).filter((path) => path.startsWith(FOLDER))).toEqual([`${FOLDER}/mine.ts`]);
    expect(readFileSync(join(orders, 'src/other.ts'), 'utf8')).toBe('mine');
  });

  it.each([
    ['a file that was made', `${FOLDER}/handler.ts`],
    ['the record of the addition', '.twelve/additions/endpoint-post-orders-orderid-items.3e4ed3a5.json'],
  ])('after an edit: 3 EDITED_SINCE and nothing changed (%s)', async (_what, path) => {
    const { orders } = shop();
    await succeed(ADD, orders);
    writeFileSync(join(orders, path), `${readFileSync(join(orders, path), 'utf8')}\n`);
    expect(await refuse(['undo'], orders, 3, 'EDITED_SINCE')).toContain(path);
  });

  it('undoes the rest if a new file was removed since', async () => {
    const { orders } = shop();
    const before = snapshot(orders);
    await succeed(ADD, orders);
    rmSync(join(orders, FOLDER, 'handler.ts'));
    await succeed(['undo'], orders);
    expect(snapshot(orders)).toEqual(before);
  });

  it('twice: the second 3 NOTHING_TO_UNDO', async () => {
    const { orders } = shop();
    await refuse(['undo'], orders, 3, 'NOTHING_TO_UNDO');
    await succeed(ADD, orders);
    await succeed(['add-endpoint', 'GET /other', '--yes'], orders);
    await succeed(['undo'], orders);
    expect(filesIn(orders)).toContain(`${FOLDER}/routes.ts`);
    await refuse(['undo'], orders, 3, 'NOTHING_TO_UNDO');
  });

  it('a run that changed nothing does not replace the record of the run before', async () => {
    const { orders } = shop();
    const before = snapshot(orders);
    await succeed(ADD, orders);
    await succeed(ADD, orders);
    await succeed(['undo'], orders);
    expect(snapshot(orders)).toEqual(before);
  });

  it('with --plan shows what it would do, and changes nothing', async () => {
    const { orders } = shop();
    await succeed(ADD, orders);
    const before = snapshot(orders);
    const shown = await run(['undo', '--plan'], { cwd: orders });
    expect([shown.code, shown.stdout]).toEqual([0, expect.stringContaining(`delete ${FOLDER}/routes.ts`)]);
    expect(snapshot(orders)).toEqual(before);
    await succeed(['undo'], orders);
  });

  it('its record is not in `git status`: with git, in a worktree, and if git is added later', async () => {
    const { parent, orders } = shop();
    const git = async (cwd: string, ...args: string[]) => {
      const env = ['-c', 'user.name=x', '-c', 'user.email=x@example.com'];
      const result = await execute('git', [...env, ...args], { cwd });
      expect(result.code, result.stderr).toBe(0);
      return result.stdout;
    };
    const status = (cwd: string) => git(cwd, 'status', '--porcelain', '-uall');
    await git(orders, 'init', '-q');
    await git(orders, 'add', '-A');
    await git(orders, 'commit', '-qm', 'first');
    await git(orders, 'worktree', 'add', '-q', '../tree', 'HEAD');
    await succeed(ADD, orders);
    expect(await status(orders)).toContain(`?? ${FOLDER}/routes.ts`);
    expect(await status(orders)).not.toContain('twelve-');
    expect(filesIn(orders).filter((path) => !path.startsWith('.git/') && path.includes('twelve-'))).toEqual([]);
    await succeed(['undo'], orders);
    expect(await status(orders)).toBe('');

    const tree = join(parent, 'tree');
    await succeed(ADD, tree);
    expect(await status(tree)).not.toContain('twelve-');
    await succeed(['undo'], tree);
    expect(await status(tree)).toBe('');

    const later = shop().orders;
    await succeed(ADD, later);
    await git(later, 'init', '-q');
    expect(await status(later)).toContain(`?? ${FOLDER}/routes.ts`);
    expect(await status(later)).not.toContain('twelve-');
  });

  it("takes out of git's index what the run wrote, and leaves what a person staged before or edited", async () => {
    const { orders } = shop({ ...MORE, 'mine.txt': 'mine\n' });
    const git = async (...args: string[]) => {
      const who = ['-c', 'user.name=x', '-c', 'user.email=x@example.com'];
      const result = await execute('git', [...who, ...args], { cwd: orders });
      expect(result.code, result.stderr).toBe(0);
      return result.stdout;
    };
    await git('init', '-q');
    await git('add', '-A');
    await git('commit', '-qm', 'first');
    writeFileSync(join(orders, COMPOSE), `# mine\n${MORE[COMPOSE]}`);
    await git('add', COMPOSE);
    write(orders, { 'mine.txt': 'edited\n' });
    await git('add', 'mine.txt');
    const before = await git('status', '--porcelain');
    await succeed(FLAG, orders);
    await git('add', '.twelve', 'src');
    await succeed(['undo'], orders);
    expect(await git('status', '--porcelain')).toBe(before);

    await succeed(FLAG, orders);
    await git('add', '-A');
    await succeed(['undo'], orders);
    expect(await git('status', '--porcelain')).toBe(` M ${COMPOSE}\nM  mine.txt\n`);
    expect(await git('diff', '--cached')).not.toContain('DARK_MODE');
  });

  it('works if git was added after the run', async () => {
    const { orders } = shop();
    const before = snapshot(orders);
    await succeed(ADD, orders);
    await execute('git', ['init', '-q'], { cwd: orders });
    await succeed(['undo'], orders);
    rmSync(join(orders, '.git'), { recursive: true });
    expect(snapshot(orders)).toEqual(before);
  });
});

describe('a record from an attacker', () => {
  const record = (entries: object[], folders: string[] = []) => ({
    '.twelve-undo/journal.json': JSON.stringify({ schema: 1, owner: '..twelve-stage-x-1-0', folders, entries }),
  });

  it.each<[string, object[], string[], Record<string, { link: string } | string>]>([
    ['removes a file outside', [{ kind: 'create', path: '../outside/secret', afterHash: hashContent('mine') }], [], {}],
    ['removes a folder outside', [], ['../outside/empty'], {}],
    [
      'removes a file behind a link',
      [{ kind: 'create', path: 'link/secret', afterHash: hashContent('mine') }],
      [],
      { link: { link: '../outside' } },
    ],
    ['removes a folder behind a link', [], ['link/empty'], { link: { link: '../outside' } }],
    [
      'fetches a file from behind a link',
      [{ kind: 'update', path: 'README.md', afterHash: hashContent('# orders\n') }],
      [],
      { '.twelve-undo/old/README.md': { link: '../../../outside/secret' } },
    ],
    [
      'fetches a file from behind a linked folder',
      [{ kind: 'delete', path: 'secret' }],
      [],
      { '.twelve-undo/old': { link: '../../outside' } },
    ],
    [
      'makes a folder behind a link',
      [],
      [],
      {
        '.twelve-undo/journal.json': JSON.stringify({
          schema: 1,
          owner: '..twelve-stage-x-1-0',
          folders: [],
          removed: [{ path: 'link/made', mode: 0o4777 }],
          entries: [],
        }),
        link: { link: '../outside' },
      },
    ],
    ['is not JSON', [], [], { '.twelve-undo/journal.json': '{' }],
    ['has lost a file that it would restore', [{ kind: 'delete', path: 'gone.ts' }], [], {}],
  ])('%s: refused', async (_what, entries, folders, links) => {
    const { parent, orders } = shop();
    write(parent, { 'outside/secret': 'mine', 'outside/empty/': '' });
    write(orders, { ...record(entries, folders), ...links });
    const before = snapshot(join(parent, 'outside'));
    const result = await run(['undo', '--format', 'json'], { cwd: orders });
    expect(snapshot(join(parent, 'outside'))).toEqual(before);
    expect(readFileSync(join(orders, 'README.md'), 'utf8')).toBe('# orders\n');
    expect(filesIn(orders)).not.toContain('secret');
    expect([0, 3], result.stderr).toContain(result.code);
  });
});

describe('the command line of a generator', () => {
  it('--format json is one JSON object on stdout that lists the changes', async () => {
    const { orders } = shop();
    const result = await run([...ADD, '--format', 'json'], { cwd: orders });
    expect([result.code, result.stderr]).toEqual([0, '']);
    expect(result.stdout.trimEnd()).not.toContain('\n');
    const outcome = JSON.parse(result.stdout);
    expect(outcome).toMatchObject({ schema: 1, ok: true, command: 'add-endpoint', applied: true, target: orders });
    const files = ['handler.ts', 'routes.test.ts', 'routes.ts', 'schemas.ts'].map((name) => `create ${FOLDER}/${name}`);
    expect(outcome.changes.map(({ kind, path }: { kind: string; path: string }) => `${kind} ${path}`)).toEqual([
      'create .twelve/additions/endpoint-post-orders-orderid-items.3e4ed3a5.json',
      ...files,
      'create src/platform/values.ts',
    ]);
    for (const { path, after: made } of outcome.changes)
      expect([path, hashContent(readFileSync(join(orders, path)))]).toEqual([path, made.hash]);
    const again = JSON.parse((await run([...ADD, '--format', 'json'], { cwd: orders })).stdout);
    expect(again).toMatchObject({ ok: true, changes: [], notes: [expect.stringContaining('already exists')] });
    const undone = JSON.parse((await run(['undo', '--format', 'json'], { cwd: orders })).stdout);
    expect(undone).toMatchObject({ ok: true, command: 'undo', applied: true });
    expect(undone.changes).toHaveLength(6);
  });

  it('the command that repeats the run adds the same to another service', async () => {
    const [one, other] = [shop(), shop()];
    const args = [...ADD, '--body', 'note:enum(b c,d)', '--summary', `It's "$HOME"`];
    const result = await run([...args, '--format', 'json'], { cwd: one.orders });
    const { repeat } = JSON.parse(result.stdout);
    const echo = await execute('sh', ['-c', `printf '%s\\n' ${repeat.replace('npx create-twelve-service ', '')}`], {
      cwd: '/',
    });
    await succeed(echo.stdout.trimEnd().split('\n'), other.orders);
    expect(work(other.orders)).toEqual(work(one.orders));
  });

  it('the commands that repeat and undo it name a document, and the folder where that is elsewhere', async () => {
    const { orders } = shop();
    const cwd = temporaryFolder({
      'api.json': JSON.stringify({ openapi: '3.1.0', info: { title: 'A', version: '1' }, paths: {} }),
    });
    const repeated = async (...args: string[]): Promise<string> =>
      JSON.parse((await run([...args, '--dir', orders, '--format', 'json'], { cwd })).stdout).repeat;
    const program = 'npx create-twelve-service';
    const from = ['add-endpoint', '--from', 'api.json'];
    expect(await repeated(...from)).toBe(`${program} add-endpoint --from api.json --dir ${orders} --yes`);
    expect(await repeated('add-task', 'tidy')).toBe(`${program} add-task tidy --dir ${orders} --yes`);
    expect(await repeated('undo', '--yes')).toBe(`${program} undo --dir ${orders}`);
    const added = await run(['add-task', 'tidy', '--dir', orders, '--yes'], { cwd });
    expect(added.stderr).toContain(`Undo it:    ${program} undo --dir ${orders}\n`);
    const inside = await run(['add-task', 'more', '--yes'], { cwd: orders });
    expect(inside.stderr).toContain(`Undo it:    ${program} undo\n`);
  });

  it.each([
    [['add', 'endpoint', 'POST /orders/:orderId/items']],
    [['add-endpoint', 'POST', '/orders/:orderId/items']],
    [['add', 'endpoint', 'POST', '/orders/:orderId/items']],
    [['add-endpoint', '--route', 'POST /orders/:orderId/items']],
  ])('%j is add-endpoint', async (command) => {
    const [one, other] = [shop(), shop()];
    await succeed(ADD, one.orders);
    await succeed([...command, ...ADD.slice(2)], other.orders);
    expect(work(other.orders)).toEqual(work(one.orders));
  });

  it.each([
    [['add'], /add what\? endpoint, /],
    [['add', 'nothing'], /add what\? endpoint, /],
    [['add-nothing', 'x'], /add what\? endpoint, /],
    [['add-endpoint', 'POST', '/a', '/b'], /"\/b" is one argument too many/],
  ])('%j is not a generator: 2, and nothing is made', async (command, reason) => {
    expect(await refuse([...command, '--yes'], temporaryFolder(), 2, 'INPUT_INVALID')).toMatch(reason);
  });

  it('answers in a file work like flags, including lists', async () => {
    const [one, other] = [shop(), shop()];
    await succeed(ADD, one.orders);
    const answers = { route: ADD[1], query: ['dry:boolean?'], response: ['id:uuid'] };
    const result = await run(['add-endpoint', '--answers', '-'], { cwd: other.orders, input: JSON.stringify(answers) });
    expect(result.code, result.stderr).toBe(0);
    expect(work(other.orders)).toEqual(work(one.orders));
  });

  it('`describe --format json` lists the generators, with valid array schemas for repeated flags', async () => {
    const { generators } = JSON.parse((await run(['describe', '--format', 'json'], { cwd: '/' })).stdout);
    const names = generators.map(({ name }: { name: string }) => name);
    expect(names).toEqual(expect.arrayContaining(['create', 'add-endpoint', 'add-migration']));
    const endpoint = generators.find(({ name }: { name: string }) => name === 'add-endpoint');
    const arrays = endpoint.questions.filter(({ schema }: { schema: { type: string } }) => schema.type === 'array');
    expect(arrays.map(({ flag }: { flag: string }) => flag)).toEqual([
      ...['--param', '--query', '--header', '--body', '--response', '--error'],
    ]);
    expect(endpoint.answers.required).toEqual(['route']);
    const validate = new Ajv2020.default({ strict: true }).compile(endpoint.answers);
    expect(validate({ route: 'GET /a', query: ['limit:int'], error: [] })).toBe(true);
    expect(validate({ route: 'GET /a', query: 'limit:int' })).toBe(false);
    expect(validate({ route: 'GET /a', query: [1] })).toBe(false);
    expect(validate({ query: [] })).toBe(false);
    const ajv = new Ajv2020.default({ strict: true });
    for (const { answers } of generators) expect(ajv.validateSchema(answers)).toBe(true);
  });
});
