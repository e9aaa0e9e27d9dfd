// @module-tag sampled
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { addToServices } from '../../generators/workspace/services-list.ts';
import { homeWith, IDENTITY } from '../support/creating.ts';
import { filesIn, snapshot, temporaryFolder, write } from '../support/folder.ts';
import { preset } from '../support/preset.ts';
import { execute, run } from '../support/program.ts';

/** The root of several services, and services that join it. */

const FILES = ['--yes', '--no-install'];
const SERVICES = [
  ['orders', ...FILES],
  ['billing', '--stack', 'go', '--database', 'none', ...FILES],
  ['mail', '--stack', 'python', '--dir', 'services/mail', ...FILES],
];

async function succeed(args: readonly string[], cwd: string): Promise<string> {
  const result = await run(args, { cwd });
  expect(result.code, result.stderr).toBe(0);
  return result.stderr;
}

/** A refusal, after which everything is as it was. */
async function refuse(args: readonly string[], cwd: string, code: string, whole = cwd): Promise<string> {
  const before = snapshot(whole);
  const result = await run([...args, '--format', 'json'], { cwd });
  expect(JSON.parse(result.stdout).code, result.stderr).toBe(code);
  expect(result.code).toBe(3);
  expect(snapshot(whole)).toEqual(before);
  return result.stderr;
}

async function workspace(...options: readonly string[]): Promise<string> {
  const parent = temporaryFolder();
  await succeed(['workspace', 'shop', '--yes', '--no-git', ...options], parent);
  return join(parent, 'shop');
}

const text = (root: string, path: string): string => readFileSync(join(root, path), 'utf8');

/** Without the record of the last run. */
function work(folder: string): Record<string, string> {
  return Object.fromEntries(Object.entries(snapshot(folder)).filter(([path]) => !path.includes('.twelve-undo')));
}

async function commit(root: string): Promise<void> {
  const me = ['-c', 'user.name=me', '-c', 'user.email=me@shop.example', '-c', 'commit.gpgsign=false'];
  for (const args of [
    ['init', '-q'],
    ['add', '-A'],
    [...me, 'commit', '-q', '-m', 'mine'],
  ])
    expect((await execute('git', args, { cwd: root })).code).toBe(0);
}

/** Every line of the first is in the second, in the same order. */
function keepsLines(before: string, after: string): boolean {
  const left = after.split('\n');
  return before.split('\n').every((line) => {
    const at = left.indexOf(line);
    left.splice(0, at + 1);
    return at >= 0;
  });
}

describe('workspace', () => {
  it('is a folder with a gateway, named after itself, and its first commit', async () => {
    const parent = temporaryFolder();
    const made = await run(['workspace', 'shop', '--yes', '--port', '9000'], {
      cwd: parent,
      env: homeWith({ '.gitconfig': IDENTITY }).env,
    });
    const said = made.stderr;
    expect(made.code, said).toBe(0);
    expect(said).toContain('npx create-twelve-service workspace shop --ci github --port 9000 --yes');
    const root = join(parent, 'shop');
    expect(JSON.parse(text(root, '.twelve.json')).answers).toEqual({
      name: 'shop',
      ci: 'github',
      port: 9000,
      stack: 'workspace',
    });
    expect(text(root, '.env')).toContain('GATEWAY_PORT=9000\n');
    const { stdout } = await execute('git', ['ls-files'], { cwd: root });
    const { stdout: subject } = await execute('git', ['log', '--format=%s'], { cwd: root });
    expect(subject).toBe('Create the workspace with create-twelve-service\n');
    expect(stdout.split('\n')).toEqual(expect.arrayContaining(['.env', 'gateway/nginx.conf', '.twelve.json']));
  });

  it('is made in the working folder, and without pipelines', async () => {
    const parent = temporaryFolder();
    mkdirSync(join(parent, 'My Shop'), { recursive: true });
    await succeed(['workspace', '--ci', 'none', '--yes', '--no-git'], join(parent, 'My Shop'));
    expect(JSON.parse(text(parent, 'My Shop/.twelve.json')).answers.name).toBe('my-shop');
    expect(Object.keys(snapshot(parent)).filter((path) => path.includes('.github'))).toEqual([]);
  });

  it('is refused in a folder with other files, and in another workspace', async () => {
    const root = await workspace();
    await refuse(['workspace', 'inner', '--yes'], root, 'NOT_POSSIBLE');
    const other = temporaryFolder({ 'notes.txt': 'mine\n' });
    await refuse(['workspace', '.', '--name', 'shop', '--yes'], other, 'TARGET_NOT_EMPTY');
  });

  it('says what it would do, and a plan of it can be applied', async () => {
    const parent = temporaryFolder();
    await succeed(['workspace', 'shop', '--yes', '--plan=shop.plan'], parent);
    expect(filesIn(parent)).toEqual(['shop.plan']);
    await succeed(['apply', 'shop.plan', '--no-git'], parent);
    expect(work(join(parent, 'shop'))).toEqual(work(await workspace()));
  });
});

describe('a service in a workspace', () => {
  it.each(SERVICES.map((args) => [args[0] as string, args]))('%s joins it', async (name, args) => {
    const root = await workspace();
    const before = work(root);
    const folder = args.includes('--dir') ? 'services/mail' : name;
    const said = await succeed(args, root);
    expect(said).toContain(`its route is /${name}/, and its pipeline .github/workflows/${name}.yml`);
    const path = `${folder}/docker-compose.${name}.yaml`;
    expect(parse(text(root, 'services.yaml'))).toEqual({ include: [{ path, project_directory: '.' }] });
    expect(text(root, '.env')).toContain(`\n${name.toUpperCase()}_DIR=./${folder}\n`);
    expect(text(root, `gateway/services/${name}.conf`)).toContain(`location ~ ^/${name}(/|$) {`);
    const pipeline = parse(text(root, `.github/workflows/${name}.yml`));
    expect(pipeline.on.push.paths).toEqual([`${folder}/**`, `.github/workflows/${name}.yml`]);
    expect(JSON.parse(text(root, `${folder}/.twelve.json`)).answers.ci).toBe('none');
    expect(parse(text(root, path), { merge: true }).services[name].environment).toHaveProperty('TRUSTED_PROXIES');
    expect(await refuse(['undo'], join(root, folder), 'NOTHING_TO_UNDO', root)).toContain(`undo --dir ${root}\n`);
    await succeed(['undo'], root);
    expect(work(root)).toEqual(before);
  });

  it('adds lines, whatever the order, and changes none that a person wrote', async () => {
    const [root, other] = [await workspace(), await workspace()];
    for (const args of SERVICES) await succeed(['create', ...args], root);
    for (const args of SERVICES.toReversed()) await succeed(['create', ...args], other);
    expect(work(root)).toEqual(work(other));
    const paths = ['.env', 'services.yaml', 'gateway/services/orders.conf', 'docker-compose.yaml'];
    for (const path of paths) writeFileSync(join(root, path), `# mine\n${text(root, path)}# and mine`);
    const before = work(root);
    await succeed(['create', 'users', '--database', 'none', ...FILES], root);
    const after = work(root);
    for (const [path, content] of Object.entries(before))
      expect(keepsLines(content, after[path] ?? ''), path).toBe(true);
    expect(parse(text(root, 'services.yaml')).include).toHaveLength(4);
    await succeed(['undo'], root);
    expect(work(root)).toEqual(before);
  });

  it('joins from a folder below the root, with a saved plan too', async () => {
    const root = await workspace();
    mkdirSync(join(root, 'apps'));
    await succeed(['create', 'orders', '--plan=../orders.plan', ...FILES], join(root, 'apps'));
    const planned = text(root, 'orders.plan');
    rmSync(join(root, 'orders.plan'));
    expect(JSON.parse(planned)).toMatchObject({ target: '..', folder: 'apps/orders' });
    write(join(root, 'apps'), { 'orders.plan': planned });
    await succeed(['apply', 'orders.plan', '--no-install'], join(root, 'apps'));
    expect(text(root, '.env')).toContain('ORDERS_DIR=./apps/orders\n');
    expect(text(root, 'apps/orders/.twelve.json')).toContain('"orders"');
  });

  it('has no pipeline where the workspace has none', async () => {
    const root = await workspace('--ci', 'none');
    expect(await succeed(['create', 'orders', ...FILES], root)).toContain('its route is /orders/; a gateway');
    expect(Object.keys(snapshot(root)).filter((path) => path.includes('.github'))).toEqual([]);
  });

  it.each([
    ['include: {orders: 1}\n', 'has no list "include" of lines'],
    ['include: [a, b]\n', 'has no list "include" of lines'],
    ['include:\n  - path: "a\n', 'cannot be read'],
    ['services: {}\n', 'has no list "include" of lines'],
  ])('is refused where the list of services is %j', async (list, reason) => {
    const root = await workspace();
    writeFileSync(join(root, 'services.yaml'), list);
    const said = await refuse(['create', 'orders', ...FILES], root, 'NOT_POSSIBLE');
    expect(said).toContain(`services.yaml ${reason}`);
    expect(said).toContain('Nothing was changed');
  });

  it.each([
    ['a dash alone', 'include:\n  -\n    path: a-b.yaml\n', 'include:\n  -\n    path: a-b.yaml\n+'],
    ['a dash alone, with one after', 'include:\n  -\n    path: z-z.yaml\n', 'include:\n+  -\n    path: z-z.yaml\n'],
    ['a dash and a comment', 'include:\n- # z-z\n  path: z.yaml\n', 'include:\n+- # z-z\n  path: z.yaml\n'],
    [
      'a comment above an entry',
      'include:\n  - a.yaml\n\n  # of z\n# too\n  - path: z.yaml\n',
      'include:\n  - a.yaml\n\n+  # of z\n# too\n  - path: z.yaml\n',
    ],
    ['several paths of one', 'include:\n  - path: [z.yaml, b.yaml]\n', 'include:\n+  - path: [z.yaml, b.yaml]\n'],
    ['more after the list', 'include:\n  - a.yaml # a\nname: x\n', 'include:\n  - a.yaml # a\n+name: x\n'],
    ['no end of line', 'include:\n  - a.yaml', 'include:\n  - a.yaml\n+'],
    ['an entry of ours', 'include:\n  - ./m/docker-compose.m.yaml\n', 'include:\n  - ./m/docker-compose.m.yaml\n'],
  ])('has its place in a list with %s', async (_what, list, grown) => {
    const indent = /^include:\n( *)-/.exec(list)?.[1] ?? '';
    const entry = `${indent}- path: m/docker-compose.m.yaml\n${indent}  project_directory: .\n`;
    expect(await addToServices(list, 'm/docker-compose.m.yaml')).toBe(grown.replace('+', entry));
  });

  it.each([
    ['x: &a b\ninclude:\n  - *a\n', 'has an entry without a path'],
    ['include:\n  - - a\n', 'has an entry without a path'],
    ['include: &a\n', 'has no list "include" of lines'],
  ])('is refused in the list %j', async (list, reason) => {
    await expect(addToServices(list, 'm/docker-compose.m.yaml')).rejects.toThrow(reason);
  });

  it.each([
    ['COMPOSE_FILE=docker-compose.yaml\n', 'Write COMPOSE_FILE=docker-compose.yaml:services.yaml,'],
    [
      'export COMPOSE_FILE="docker-compose.yaml:mine.yaml" # mine\n',
      'Write COMPOSE_FILE=docker-compose.yaml:mine.yaml:s',
    ],
    ['COMPOSE_FILE=services.yaml\nCOMPOSE_FILE=\n', 'Write COMPOSE_FILE=services.yaml,'],
    [
      'COMPOSE_FILE=a.yaml,my-services.yaml\nCOMPOSE_PATH_SEPARATOR=,\n',
      'Write COMPOSE_FILE=a.yaml,my-services.yaml,s',
    ],
  ])('is refused where compose reads no list: %j', async (lines, help) => {
    const root = await workspace();
    writeFileSync(join(root, '.env'), `${text(root, '.env')}${lines}`);
    expect(await refuse(['create', 'orders', ...FILES], root, 'NOT_POSSIBLE')).toContain(help);
  });

  it.each([
    [
      'COMPOSE_FILE=./services.yaml;docker-compose.yaml\nCOMPOSE_PATH_SEPARATOR=";"\n# mine\n',
      'export YEA_DIR=./yea/\n',
    ],
    [
      "COMPOSE_FILE='docker-compose.yaml:services.yaml' # mine\nCOMPOSE_PATH_SEPARATOR: ':'\n",
      'YEA_DIR = "./yea" # y\n',
    ],
  ])('joins where a team names the list itself: %j', async (lines, folder) => {
    const root = await workspace();
    const before = text(root, '.env');
    writeFileSync(join(root, '.env'), `${before}${lines}${folder}`);
    await succeed(['create', 'yea', ...FILES], root);
    expect(text(root, '.env')).toBe(`${before}${lines}${folder}`);
    await succeed(['create', 'orders', ...FILES], root);
    const above = lines.replace(/\n# mine\n$/, '\n');
    const mine = lines.slice(above.length);
    expect(text(root, '.env')).toBe(`${before}${above}ORDERS_DIR=./orders\n${mine}${folder}`);
  });

  it('is refused where there is no room for it', async () => {
    const root = await workspace();
    await succeed(['create', 'orders', ...FILES], root);
    await refuse(['create', 'orders-postgres', ...FILES], root, 'NAME_TAKEN');
    await refuse(['create', 'gateway', '--dir', 'apps/gateway', ...FILES], root, 'NAME_TAKEN');
    await refuse(['create', 'users', '--dir', 'my users', ...FILES], root, 'NOT_POSSIBLE');
    await refuse(['create', 'orders', '--dir', 'apps/orders', ...FILES], root, 'NAME_TAKEN');
    writeFileSync(join(root, '.env'), `${text(root, '.env')}USERS_DIR=./elsewhere\n`);
    await refuse(['create', 'users', ...FILES], root, 'NAME_TAKEN');
    writeFileSync(join(root, '.env'), text(root, '.env').replace('USERS_DIR', 'export USERS_DIR'));
    await refuse(['create', 'users', ...FILES], root, 'NAME_TAKEN');
    rmSync(join(root, 'services.yaml'));
    await refuse(['create', 'mail', ...FILES], root, 'NOT_POSSIBLE');
  });
});

describe('a service that was taken out by hand', () => {
  const LEFT = ['orders', 'gateway/services/orders.conf', '.github/workflows/orders.yml'];

  it.each([
    ['wholly', LEFT],
    ['but for its route', LEFT.filter((path) => !path.endsWith('.conf'))],
  ])('%s is made again, with all that was missing', async (_how, paths) => {
    const root = await workspace();
    for (const args of [SERVICES[0], SERVICES[1]]) await succeed(['create', ...(args as string[])], root);
    const before = work(root);
    for (const path of paths) rmSync(join(root, path), { recursive: true });
    const list = text(root, 'services.yaml').replace(/ {2}- path: orders.*\n.*\n/, '');
    write(root, { 'services.yaml': list, '.env': text(root, '.env').replace(/ORDERS_DIR.*\n/, '') });
    await succeed(['create', 'orders', ...FILES], root);
    expect(work(root)).toEqual(before);
  });

  it('is made again as the only one, with another port too', async () => {
    const root = await workspace();
    await succeed(['create', 'orders', ...FILES], root);
    const before = text(root, 'services.yaml');
    rmSync(join(root, 'orders'), { recursive: true });
    for (const list of [undefined, '# mine\ninclude:\n', 'include: # none\n']) {
      if (list === undefined) rmSync(join(root, 'services.yaml'));
      else write(root, { 'services.yaml': list });
      const said = await succeed(['create', 'orders', '--port', '8088', ...FILES], root);
      expect(said).toContain('what it left is kept: ');
      expect(parse(text(root, 'services.yaml'))).toEqual(parse(before));
      expect(text(root, '.twelve/additions/service-orders.json')).toContain('8088');
      await succeed(['undo'], root);
    }
  });

  it('is refused in another folder, with what to delete', async () => {
    const root = await workspace();
    await succeed(['create', 'orders', ...FILES], root);
    const again = ['create', 'orders', '--dir', 'apps/orders', ...FILES];
    rmSync(join(root, 'orders'), { recursive: true });
    expect(await refuse(again, root, 'NAME_TAKEN')).toMatch(/which is gone[\s\S]*service-orders\.json/);
    for (const path of ['.twelve/additions/service-orders.json', ...LEFT.slice(1)]) rmSync(join(root, path));
    expect(await refuse(again, root, 'NAME_TAKEN')).toContain('services.yaml has orders/docker-compose.orders.yaml');
    rmSync(join(root, 'services.yaml'));
    expect(await refuse(again, root, 'NAME_TAKEN')).toContain('.env has ORDERS_DIR=./orders already');
    write(root, { '.env': text(root, '.env').replace(/ORDERS_DIR.*\n/, '') });
    await succeed(again, root);
  });
});

it('a service that was named workspace before there was such a command goes on', async () => {
  const parent = temporaryFolder();
  await succeed(['create', 'orders', '--no-git', '--database', 'none', ...FILES], parent);
  const root = join(parent, 'orders');
  for (const path of ['.twelve.json', 'package.json', 'docker-compose.orders.yaml']) {
    const named = path.replace('orders', 'workspace');
    const content = text(root, path);
    rmSync(join(root, path));
    write(root, { [named]: content.replaceAll('orders', 'workspace') });
  }
  const audit = await run(['audit', '--format', 'json'], { cwd: root });
  expect(JSON.parse(audit.stdout).services).toMatchObject([{ name: 'workspace' }]);
  await succeed(['add-endpoint', 'GET /ping', '--yes'], root);
  await succeed(['undo'], root);
  await commit(root);
  const upgrade = await run(['upgrade', '--plan'], { cwd: root });
  expect(upgrade.stderr).not.toContain('name');
  expect([0, 4]).toContain(upgrade.code);
  for (const name of ['workspace', '@acme/audit', 'add-on'])
    expect(await run(['--name', name, ...FILES], { cwd: parent })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('is a reserved name'),
    });
});

describe('the undo of a service that joined', () => {
  it('is refused where the service went on, and says with what', async () => {
    const root = await workspace();
    const before = work(root);
    await succeed(['create', 'orders', ...FILES], root);
    await succeed(['add-endpoint', 'GET /ping', '--yes'], join(root, 'orders'));
    const said = await refuse(['undo'], root, 'EDITED_SINCE');
    expect(said).toContain(`orders has a run of its own after that run`);
    expect(said).toContain(`undo --dir ${join(root, 'orders')}\n`);
    await refuse(['undo', '--plan'], root, 'EDITED_SINCE');
    await succeed(['undo'], join(root, 'orders'));
    write(root, { 'orders/src/my.ts': 'mine\n', 'orders/.env': 'SECRET=1\n' });
    expect(await refuse(['undo'], root, 'EDITED_SINCE')).toContain('after that run: orders/src/my.ts\n');
    rmSync(join(root, 'orders/src/my.ts'));
    expect(await succeed(['undo'], root)).toContain('git ignores it no longer: orders/.env');
    rmSync(join(root, 'orders'), { recursive: true });
    expect(work(root)).toEqual(before);
  });

  it('keeps what was there before, and says what came after', async () => {
    const root = await workspace();
    write(root, { 'orders/LICENSE': 'mine\n' });
    const before = work(root);
    await succeed(['create', 'orders', ...FILES], root);
    write(root, { 'orders/notes.txt': 'mine\n' });
    expect(await refuse(['undo'], root, 'EDITED_SINCE')).toContain('orders/notes.txt');
    rmSync(join(root, 'orders/notes.txt'));
    await succeed(['undo'], root);
    expect(work(root)).toEqual(before);
  });
});

describe('a person is told', () => {
  it.each([
    ['github', 'gitlab', '--ci gitlab was not used: this workspace has its pipelines for github, in its root'],
    ['github', 'none', '--ci none was not used: this workspace has its pipelines for github, in its root'],
    ['none', 'github', '--ci github was not used: this workspace was made with --ci none'],
    ['none', 'none', ''],
    ['github', 'github', ''],
  ])('in a workspace with %s what becomes of --ci %s', async (ci, wish, note) => {
    const root = await workspace('--ci', ci);
    const said = await succeed(['create', 'orders', '--ci', wish, ...FILES], root);
    if (note === '') expect(said).not.toContain('was not used');
    else expect(said).toContain(note);
    expect(said).not.toMatch(/Repeat it: .*--ci/);
    const { stdout } = await run(['create', 'mail', '--plan', '--format', 'json', ...FILES], { cwd: root });
    expect(stdout).not.toContain('was not used');
  });

  it('of a pipeline on which a preset insists, where nothing looks for it', async () => {
    const root = await workspace();
    const standard = temporaryFolder(preset('locked: {ci: gitlab}'));
    const said = await succeed(['create', 'orders', '--preset', standard, ...FILES], root);
    expect(said).toContain("the preset's pipeline is in orders, where gitlab does not look");
  });

  it('that the pipelines of a workspace below the root of a repository do not run', async () => {
    const root = temporaryFolder();
    write(root, { 'notes.txt': 'mine\n' });
    await commit(root);
    const note = `its pipelines do not run: GitHub looks for .github in ${root} alone, and this is apps/shop in it`;
    expect(await succeed(['workspace', 'apps/shop', '--yes'], root)).toContain(note);
    const shop = join(root, 'apps/shop');
    expect(await succeed(['create', 'orders', ...FILES], shop)).toContain(note);
    expect((await run(['create', 'mail', '--plan', ...FILES], { cwd: shop })).stdout).toContain(note);
    const none = await succeed(['workspace', 'other', '--ci', 'none', '--yes'], root);
    expect(none).not.toContain('do not run');
  });
});

describe('the folder of a service', () => {
  it.each([[[]], [['--overwrite']]])('is not the root of a workspace, with %j', async (flags) => {
    const root = await workspace();
    const said = await refuse(['create', 'orders', '--dir', '.', ...flags, ...FILES], root, 'NOT_POSSIBLE');
    expect(said).toContain('shop is a workspace, and a service in it has a folder of its own');
    const around = temporaryFolder({ shop: { link: root } });
    await refuse(['create', 'orders', '--dir', 'shop', ...flags, ...FILES], around, 'NOT_POSSIBLE', root);
  });

  it.each([
    ['its root', '', 'link/apps/orders'],
    ['a folder in it', 'apps', 'link/orders'],
    ['its own folder', 'apps/orders', 'link'],
  ])('joins the workspace to which a link leads, to %s', async (_where, path, dir) => {
    const root = await workspace();
    mkdirSync(join(root, 'apps/orders'), { recursive: true });
    const around = temporaryFolder({ link: { link: join(root, path) } });
    const said = await succeed(['create', 'orders', '--dir', dir, ...FILES], around);
    expect(said).toContain('it has joined the workspace in');
    expect(text(root, '.env')).toContain('ORDERS_DIR=./apps/orders\n');
    await succeed(['undo'], root);
  });
});

it('what git ignores is named where a service joins', async () => {
  const root = await workspace();
  await commit(root);
  write(root, { '.git/info/exclude': '.env\n' });
  const ignored = await run(['orders', ...FILES], { cwd: root });
  expect([ignored.code, ignored.stderr]).toEqual([0, expect.not.stringContaining('look:')]);
  await execute('git', ['rm', '--cached', '-q', '.env'], { cwd: root });
  const { code, stderr } = await run(['billing', '--database', 'none', ...FILES], { cwd: root });
  expect([code, stderr]).toEqual([4, expect.stringMatching(/look: .*\.env/)]);
});

describe('a workspace goes on', () => {
  it('is audited and upgraded like a service, and leaves its services alone', async () => {
    const root = await workspace();
    await succeed(['create', 'orders', ...FILES], root);
    const service = snapshot(join(root, 'orders'));
    const { stdout } = await run(['audit', '--format', 'json'], { cwd: root });
    const [audited] = JSON.parse(stdout).services;
    expect(audited).toMatchObject({ name: 'shop', findings: [] });
    await commit(root);
    expect(await succeed(['upgrade'], root)).toContain('nothing to do');
    writeFileSync(join(root, 'gateway/proxy.conf'), `${text(root, 'gateway/proxy.conf')}# mine\n`);
    rmSync(join(root, 'README.md'));
    await commit(root);
    await succeed(['upgrade', '--set', 'port=9000'], root);
    expect(text(root, '.env')).toMatch(/GATEWAY_PORT=9000\n[\s\S]*ORDERS_DIR=\.\/orders\n/);
    expect(text(root, 'gateway/proxy.conf')).toContain('# mine');
    expect(snapshot(join(root, 'orders'))).toEqual(service);
    const other = await run(['upgrade', '--set', 'stack=go', '--plan'], { cwd: root });
    expect([other.code, other.stderr]).toEqual([2, expect.stringContaining('must be one of workspace')]);
  });

  it('refuses what adds to one service, and lets it work in the service', async () => {
    const root = await workspace();
    await succeed(['create', 'orders', ...FILES], root);
    for (const args of [
      ['add-endpoint', 'GET /x'],
      ['add-deploy', 'kubernetes'],
      ['add-worker', 'mailer'],
    ])
      expect(await refuse([...args, '--yes'], root, 'NOT_POSSIBLE')).toMatch(
        /shop is a workspace, and add-\w+ adds to one service\nhelp: +Run it in a service's folder/,
      );
    await succeed(['add-flag', 'dark-mode', '--yes'], join(root, 'orders'));
    await succeed(['undo'], join(root, 'orders'));
  });
});
