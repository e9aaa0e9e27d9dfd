// @module-tag sampled
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: what a shell would fill in
import { execFileSync } from 'node:child_process';
import { randomFillSync } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { npmUser, user } from '../support/fetching.ts';
import { type Contents, filesIn, snapshot, temporaryFolder } from '../support/folder.ts';
import { gitRepository, gitServer } from '../support/git-server.ts';
import { create, inFolder, manifestOf, preset, readText, smallProgram } from '../support/preset.ts';
import { execute, FILES_ONLY, inParallelRuns, plainEnvironment, type RunResult, run } from '../support/program.ts';
import { type Manners, registry } from '../support/registry.ts';
import { tarball } from '../support/tarball.ts';
import { ENTER, onTerminal, terminalProblem } from '../support/terminal.ts';

/** What an organisation's preset does to a new service, and what it cannot do. */

const { program, remove } = smallProgram();
afterAll(remove);

const LAYER = 'layers: [{path: layers/base}]';
const TEAM = 'questions: [{name: team, message: Which team, type: string}]';

/** Makes `orders` from a preset, with other presets beside it. */
async function made(contents: Contents, args: readonly string[] = [], beside: Contents = {}) {
  const cwd = temporaryFolder({ ...inFolder('preset', contents), ...beside });
  const result = await create(args, { cwd, program });
  return { ...result, cwd, orders: join(cwd, 'orders') };
}

async function good(contents: Contents, args: readonly string[] = [], beside: Contents = {}): Promise<string> {
  const { code, stderr, orders } = await made(contents, args, beside);
  expect(code, stderr).toBe(0);
  return orders;
}

/** Checks that a run ends with this code, gives the reason, and makes nothing. */
async function refused(code: number, reason: RegExp, ...given: Parameters<typeof made>): Promise<void> {
  const { orders, stderr, ...result } = await made(...given);
  expect(result.code, stderr).toBe(code);
  expect(stderr).toMatch(reason);
  expect(existsSync(orders)).toBe(false);
}

describe('what a preset gives', () => {
  it('are replaced texts, merged JSON and YAML, filled blocks, added files and removed files', async () => {
    const orders = await good(
      preset('layers: [{path: layers/base}, {path: layers/pg, when: {database: postgres}}]\nremove: [database.txt]', {
        'layers/base/README.md.hbs': 'Ours: {{name}}\n',
        'layers/base/_package.json.hbs': '{ "dependencies": { "a": "2" }, "author": "acme" }',
        'layers/base/ci.yml': 'jobs:\n  scan:\n    run: scan\n',
        'layers/pg/PG.md': 'pg\n',
        'blocks/runtime.hbs': 'USER {{name}}\n',
      }),
    );
    expect(filesIn(orders)).toEqual(['.twelve.json', 'Dockerfile', 'PG.md', 'README.md', 'ci.yml', 'package.json']);
    expect(readText(orders, 'README.md')).toBe('Ours: orders\n');
    expect(readText(orders, 'Dockerfile')).toBe('FROM node\nUSER orders\nCMD ["node"]\n');
    expect(JSON.parse(readText(orders, 'package.json'))).toEqual({
      name: 'orders',
      dependencies: { a: '2', b: '1' },
      author: 'acme',
    });
    expect(Object.keys(JSON.parse(readText(orders, 'package.json')).dependencies)).toEqual(['a', 'b']);
    const pipeline = readText(orders, 'ci.yml');
    expect(pipeline).toMatch(/^# the pipeline\non: push\n/);
    expect(pipeline).toContain('run: npm test');
    expect(pipeline).toContain('run: scan');
  });

  it('is left out if its condition is false', async () => {
    const contents = preset('layers: [{path: pg, when: {database: none}}]', { 'pg/NONE.md': 'x' });
    expect(filesIn(await good(contents))).not.toContain('NONE.md');
    expect(filesIn(await good(contents, ['--database', 'none']))).toContain('NONE.md');
  });

  it('has the owner that the preset names', async () => {
    const contents = preset(`${LAYER}\nownership: [["a.txt", managed], ["*.txt", seeded]]`, {
      'layers/base/a.txt': 'a',
      'layers/base/b.txt': 'b',
      'layers/base/c.md': 'c',
    });
    const { files } = manifestOf(await good(contents));
    expect([files['a.txt'].owner, files['b.txt'].owner, files['c.md'].owner]).toEqual(['managed', 'seeded', 'merged']);
  });

  it('can depend on questions of every type, and a boolean one can decide an if', async () => {
    const contents = preset(
      `${LAYER}
questions:
  - {name: teamName, message: Team, type: string}
  - {name: replicas, message: Replicas, type: integer, minimum: 1, default: 2}
  - {name: metrics, message: Metrics, type: boolean, default: false}
  - {name: tier2, message: Tier, type: choice, choices: ["1", "2"], default: "1"}`,
      {
        'layers/base/x.txt.hbs': '{{teamName}} {{replicas}} {{#if metrics}}yes{{else}}no{{/if}} {{tier2}}',
        'layers/base/__tier2__/y.txt': 'y',
      },
    );
    expect(readText(await good(contents, ['--team-name', 'pay']), 'x.txt')).toBe('pay 2 no 1');
    const args = ['--team-name', 'pay', '--replicas', '3', '--metrics', 'true', '--tier2', '2'];
    const orders = await good(contents, args);
    expect(readText(orders, 'x.txt')).toBe('pay 3 yes 2');
    expect(filesIn(orders)).toContain('2/y.txt');
    expect(manifestOf(orders).answers).toMatchObject({ teamName: 'pay', replicas: 3, metrics: 'true', tier2: '2' });
    await refused(2, /--replicas must be a whole number.*--tier2 must be one of 1, 2/, contents, [
      '--team-name',
      'x',
      '--replicas',
      '0',
      '--tier2',
      '3',
    ]);
  });

  it('is shown by describe', async () => {
    const yaml = `${TEAM}\ndenied: {ci: [gitlab]}\nlocked: {database: none}\ndefaults: {port: 9000}`;
    const cwd = temporaryFolder(inFolder('preset', preset(yaml)));
    const { stdout } = await run(['describe', '--preset', './preset', '--format', 'json'], { cwd, program });
    const text = JSON.stringify(JSON.parse(stdout));
    expect(text).toContain('"team"');
    expect(text).toContain('"default":9000');
    expect(text).toContain('["github","none"]');
    const plain = await run(['describe', '--format', 'json'], { cwd, program });
    expect(plain.stdout).not.toContain('"team"');
  });

  it.skipIf(terminalProblem())('is asked on a terminal, except for locked answers', async () => {
    const yaml = `${TEAM}\nlocked: {ci: github, cache: none, database: none}\n${LAYER}`;
    const cwd = temporaryFolder(inFolder('preset', preset(yaml, { 'layers/base/x.txt.hbs': '{{team}}' })));
    const session = await onTerminal(['orders', '--preset', './preset', ...FILES_ONLY], {
      cwd,
      steps: [
        { see: 'What it does', type: ENTER },
        { see: 'Which team', type: `pay${ENTER}` },
      ],
    });
    expect(session).toMatchObject({ code: 0, unseen: [] });
    expect(session.screen).not.toContain('CI pipeline');
    expect(readText(cwd, 'orders/x.txt')).toBe('pay');
  });

  it('of several bases comes from the last one, and the preset itself overrides them', async () => {
    const base = (name: string) =>
      inFolder(
        name,
        preset(`${LAYER}\ndefaults: {port: 1}`, { 'layers/base/x.txt': name }, `name: ${name}\nversion: 1.0.0`),
      );
    const beside = { ...base('one'), ...base('two') };
    const [forth, back, own] = await Promise.all([
      good(preset('extends: [../one, ../two]'), [], beside),
      good(preset('extends: [../two, ../one]'), [], beside),
      good(
        preset(`extends: [../one, ../two]\ndefaults: {port: 7}\n${LAYER}`, { 'layers/base/x.txt': 'own' }),
        [],
        beside,
      ),
    ]);
    expect([forth, back, own].map((orders) => readText(orders, 'x.txt'))).toEqual(['two', 'one', 'own']);
    expect(manifestOf(own).answers.port).toBe(7);
    expect(manifestOf(own).presets.map(({ name }: { name: string }) => name)).toEqual(['one', 'two', '@acme/standard']);
  });

  it('of a diamond of bases is applied once', async () => {
    const head = (name: string) => `name: ${name}\nversion: 1.0.0`;
    const orders = await good(preset('extends: [../left, ../right]'), [], {
      ...inFolder('left', preset('extends: ../root', {}, head('left'))),
      ...inFolder('right', preset('extends: ../root', {}, head('right'))),
      ...inFolder('root', preset(TEAM.replace('string}', 'string, default: x}'), {}, head('root'))),
    });
    const { presets } = manifestOf(orders);
    expect(presets.map(({ name }: { name: string }) => name)).toEqual(['root', 'left', 'right', '@acme/standard']);
  });

  it('of twenty bases with twenty bases each is fast', async () => {
    const head = (name: string) => `name: ${name}\nversion: 1.0.0`;
    const levels = Array.from({ length: 8 }, (_, level) =>
      Array.from({ length: 8 }, (_, index) => [`l${level}x${index}`, level] as const),
    );
    const extending = (level: number) =>
      level < 7 ? `extends: [${levels[level + 1]?.map(([name]) => `../${name}`).join(', ')}]` : '';
    const beside = levels.flat().map(([name, level]) => inFolder(name, preset(extending(level), {}, head(name))));
    const orders = await good(preset('extends: ../l0x0'), [], Object.assign({}, ...beside));
    expect(manifestOf(orders).presets).toHaveLength(1 + 7 * 8 + 1);
  });
});

describe('where a preset comes from', () => {
  const files = { 'preset.yaml': String(preset(LAYER)['preset.yaml']), 'layers/base/x.txt': 'from afar' };

  it('is recorded with its content; a folder relative to the service', async () => {
    const cwd = temporaryFolder(inFolder('standards/acme', preset(LAYER, { 'layers/base/x.txt': 'x' })));
    const args = ['a', '--preset', join(cwd, 'standards/acme'), '--dir', 'deep/er/a', '--yes', ...FILES_ONLY];
    expect((await run(args, { cwd, program })).code).toBe(0);
    expect(manifestOf(join(cwd, 'deep/er/a')).presets).toEqual([
      {
        name: '@acme/standard',
        version: '1.0.0',
        source: '../../../standards/acme',
        resolved: '../../../standards/acme',
        integrity: expect.stringMatching(/^sha256-/),
      },
    ]);
    const explained = await run(['explain', 'x.txt', '--dir', 'deep/er/a'], { cwd, program });
    expect(explained.stdout).toContain('@acme/standard 1.0.0');
  });

  it('may be a package, whose scripts do not run', async () => {
    const server = await registry();
    const scripts = { test: 'touch "$HOME/ran"' };
    const all = { ...files, 'package.json': JSON.stringify({ name: '@acme/standard', version: '1.0.3', scripts }) };
    const packed = tarball(Object.entries(all).map(([path, content]) => ({ path: `package/${path}`, content })));
    server.publish('@acme/standard', '1.0.3', packed);
    const { home, env } = npmUser(server);
    const args = ['orders', '--preset', 'npm:@acme/standard@^1', '--yes', ...FILES_ONLY];
    const { code, stderr } = await run(args, { cwd: home, env, program });
    expect(code, stderr).toBe(0);
    expect(readText(home, 'orders/x.txt')).toBe('from afar');
    expect(manifestOf(join(home, 'orders')).presets).toMatchObject([
      {
        source: 'npm:@acme/standard@^1',
        resolved: 'npm:@acme/standard@1.0.3',
        integrity: expect.stringMatching(/^sha256-/),
      },
    ]);
    expect(filesIn(home)).not.toContain('ran');
  });

  it('may be a repository', async () => {
    const repository = gitRepository(files);
    repository.git('tag', 'v1.0.0');
    const { url } = await gitServer(repository.root);
    const { home, env } = user();
    const args = ['orders', '--preset', `${url}/preset.git#v1.0.0`, '--yes', ...FILES_ONLY];
    const { code, stderr } = await run(args, { cwd: home, env, program });
    expect(code, stderr).toBe(0);
    expect(readText(home, 'orders/x.txt')).toBe('from afar');
    const commit = repository.git('rev-parse', 'HEAD');
    expect(manifestOf(join(home, 'orders')).presets).toMatchObject([
      { source: `${url}/preset.git#v1.0.0`, resolved: `${url}/preset.git#${commit}` },
    ]);
  });

  it('from npm cannot be a folder of this machine for a base: 6', async () => {
    const server = await registry();
    const all = { 'preset.yaml': String(preset('extends: /etc')['preset.yaml']) };
    server.publish(
      '@acme/standard',
      '1.0.0',
      tarball(Object.entries(all).map(([path, content]) => ({ path: `package/${path}`, content }))),
    );
    const { home, env } = npmUser(server);
    const result = await run(['orders', '--preset', 'npm:@acme/standard', '--yes', ...FILES_ONLY], {
      cwd: home,
      env,
      program,
    });
    expect(result.code).toBe(6);
    expect(result.stderr).toContain('extends the folder /etc');
  });
});

describe('what a preset forbids', () => {
  it('is another answer than the locked one: 2, with who locks it', () =>
    refused(2, /--ci is locked to "github" by @acme\/standard 1\.0\.0/, preset('locked: {ci: github}'), [
      '--ci',
      'none',
    ]));

  it('is no answer where one is required: 2, with every flag', () =>
    refused(2, /--author is missing.*--team is missing: Which team/, preset(`${TEAM}\nrequired: [author]`)));

  it.each<[args: string[], kept: string]>([
    [['orders', '--preset', './preset', '--yes'], '--preset ./preset'],
    [['--preset=./preset', '--dir', 'a b', '--port', '9000'], "--dir 'a b' .*--port 9000"],
    [['@acme/pay', '--preset', './preset', '--tier', 'silver', '--replicas', '1', '--overwrite'], '--tier silver'],
    [['Orders', '--preset', './preset', '--ci', 'gitlab', '--license', 'MIT', '--author=-x'], '--author=-x'],
    [['orders', '--preset', './preset', '--answers', 'given.json'], "--author 'A & B'"],
    [['orders', '--preset', './preset', '--database', 'none', '--colour=', '--plan=kept'], '--plan=kept'],
  ])('is missing: %j is told a command that works as it stands', async (args, kept) => {
    const yaml = `required: [author, port, license]
denied: {ci: [gitlab], port: [8080], license: [MIT]}
locked: {cache: redis}
questions:
  - {name: teamName, message: Team, type: string, maxLength: 3}
  - {name: replicas, message: Replicas, type: integer, minimum: 2, maximum: 9}
  - {name: metrics, message: Metrics, type: boolean}
  - {name: tier, message: Tier, type: choice, choices: ["gold plus", silver]}
  - {name: colour, message: Colour, type: string, default: red}`;
    const cwd = temporaryFolder({
      ...inFolder('preset', preset(yaml)),
      'given.json': '{"author": "A & B", "cache": "none"}',
      // What `npm create twelve-service@latest -- ...` comes down to.
      'bin/npm': { run: '#!/bin/sh\nshift 3\nexec "$NODE" "$PROGRAM" "$@"\n' },
    });
    const told = await run([...args, ...FILES_ONLY], { cwd, program });
    expect(told.code, told.stderr).toBe(2);
    const [, command = ''] = /, e\.g\. (.+)\n$/.exec(told.stderr) ?? [];
    expect(command).toMatch(new RegExp(kept));
    const env = plainEnvironment({ PROGRAM: program, NODE: process.execPath });
    env.PATH = `${join(cwd, 'bin')}:${env.PATH}`;
    const done = await execute('sh', ['-c', command], { cwd, env });
    expect(done.code, `${command}: ${done.stderr}`).toBe(0);
    expect(existsSync(join(cwd, 'kept'))).toBe(kept === '--plan=kept');
  });

  it('is empty where it is required: 2, before anything is made', async () => {
    await refused(2, /--team must not be empty/, preset(TEAM), ['--team', '']);
    await refused(2, /--author must not be empty/, preset('required: [author]'), ['--answers', 'a.json'], {
      'a.json': '{"author": " "}',
    });
    const orders = await good(preset(TEAM), ['--team', 'pay']);
    const upgraded = await run(['upgrade', '--plan', '--set', 'team='], { cwd: orders, program });
    expect([upgraded.code, upgraded.stderr]).toEqual([2, expect.stringContaining('the answer team must not be empty')]);
  });

  it('is a denied answer: 2', async () => {
    const contents = preset('denied: {ci: [gitlab], port: [80], license: [WTFPL]}');
    const args = ['--ci', 'gitlab', '--port', '80', '--license', 'WTFPL'];
    await refused(
      2,
      /--ci must be one of github, none.*--license must not be WTFPL.*--port must not be 80/,
      contents,
      args,
    );
  });

  it('is answered from a file no more than from a flag', async () => {
    const contents = preset('locked: {ci: github}');
    await refused(2, /locked/, contents, ['--answers', 'a.json'], { 'a.json': '{"ci": "none"}' });
    await refused(2, /__proto__ is not one of the questions/, contents, ['--answers', 'a.json'], {
      'a.json': '{"__proto__": {"ci": "none"}}',
    });
  });
});

describe('--preset', () => {
  it.each<string[]>([
    ['--upload-pack=touch ran'],
    ['ext::sh -c "touch ran"'],
    ['git+ext::sh -c "touch ran"'],
    ['file:///etc'],
    ['git+file:///etc'],
    ['git+http://h.example/x.git'],
    ['git+https://user:s3cret@h.example/x.git'],
    ['https://s3cret@h.example/x.git'],
    ['npm:../x'],
  ])('of %j: 2, nothing runs and no password is shown', async (source) => {
    const cwd = temporaryFolder();
    const { code, stdout, stderr } = await run(['orders', `--preset=${source}`, '--yes', ...FILES_ONLY], {
      cwd,
      program,
    });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^error: .+\nhelp: .+\n$/);
    expect(stderr).not.toContain('s3cret');
    expect(filesIn(cwd)).toEqual([]);
  });

  it.each<[what: string, manners: Manners, reason: RegExp]>([
    ['wants a login', { token: 'x' }, /401(.|\n)*npm login/],
    ['forbids it', { status: 403 }, /403(.|\n)*Log in/],
    ['has no such package', { status: 404 }, /404|no such/],
    ['fails', { status: 500 }, /500/],
  ])('of a registry that %s: 5, and nothing is made', async (_what, manners, reason) => {
    const server = await registry(manners);
    const { home, env } = npmUser(server);
    const args = ['orders', '--preset', 'npm:@acme/standard', '--yes', ...FILES_ONLY];
    const { code, stderr } = await run(args, { cwd: home, env, program });
    expect([code, stderr]).toEqual([5, expect.stringMatching(reason)]);
    expect(existsSync(join(home, 'orders'))).toBe(false);
  });

  it('of a registry that is down now: 5, even if its preset is in the cache', async () => {
    const server = await registry();
    const packed = tarball([{ path: 'package/preset.yaml', content: String(preset()['preset.yaml']) }]);
    server.publish('@acme/standard', '1.0.0', packed);
    const { home, env } = npmUser(server);
    const make = (name: string) =>
      run([name, '--preset', 'npm:@acme/standard', '--yes', ...FILES_ONLY], { cwd: home, env, program });
    expect((await make('orders')).code).toBe(0);
    server.close();
    const { code, stderr } = await make('other');
    expect([code, stderr]).toEqual([5, expect.stringMatching(/^error: /)]);
    expect(existsSync(join(home, 'other'))).toBe(false);
  });

  it.each<[what: string, args: string[]]>([
    ['a generator that grows a service', ['add-endpoint', 'GET /x']],
    ['undo', ['undo']],
    ['apply', ['apply', 'plan']],
  ])('with %s: 2, and nothing is fetched', async (_what, args) => {
    const server = await registry();
    const { home, env } = npmUser(server);
    const { code, stderr } = await run([...args, '--preset', 'npm:x'], { cwd: home, env, program });
    expect([code, stderr]).toEqual([2, expect.stringContaining('--preset is an option of other commands, ')]);
    expect(server.requests).toEqual([]);
  });

  it.each<string[]>([['--preset='], ['--preset', ''], ['--preset', '-x'], ['--preset']])(
    '%j %j: 2',
    async (...args) => {
      const cwd = temporaryFolder();
      const { code, stderr } = await run(['orders', ...args.filter((one) => one !== undefined)], { cwd, program });
      expect([code, stderr]).toEqual([2, expect.stringMatching(/--preset needs a value|the source "-x"/)]);
      expect(filesIn(cwd)).toEqual([]);
    },
  );

  it('of a folder that does not exist: 2', async () => {
    const cwd = temporaryFolder();
    const { code, stderr } = await create([], { cwd, program });
    expect([code, stderr]).toEqual([2, expect.stringContaining('the source ./preset is not a folder')]);
  });
});

describe('a broken preset', () => {
  it.each<[what: string, contents: Contents, reason: RegExp]>([
    ['without preset.yaml', { 'a.txt': 'x' }, /preset\.yaml: is missing/],
    ['of broken YAML', preset('x: [\ny: "'), /preset\.yaml:5: .*preset\.yaml:6: /],
    ['that is not a map', { 'preset.yaml': 'hello' }, /preset\.yaml:1: the preset must be object/],
    ['of several problems', preset('foo: 1\nremove: [../x]\nversion: 2'), /preset\.yaml:6: Map keys must be unique/],
    ['with a folder that has no files', preset('layers: [{path: nowhere}]'), /the layer nowhere has no files/],
    [
      'that fills no block',
      preset('', { 'blocks/nothing.hbs': '' }),
      /blocks\/nothing\.hbs: fills no block of the template; its blocks are runtime/,
    ],
    ['that fills a block __proto__', preset('', { 'blocks/__proto__.hbs': '' }), /fills no block/],
    [
      'that names an unknown variable',
      preset(LAYER, { 'layers/base/a.txt.hbs': '\n{{teem}}' }),
      /a\.txt\.hbs:2: .*"teem"/,
    ],
    ['with {{constructor}}', preset(LAYER, { 'layers/base/a.txt.hbs': '{{constructor}}' }), /"constructor"/],
    ['with {{__proto__}}', preset('', { 'blocks/runtime.hbs': '{{__proto__.x}}' }), /only plain names/],
    ['with a partial', preset(LAYER, { 'layers/base/a.hbs': '\n\n{{> other}}' }), /a\.hbs:3: partial is not part of/],
    ['with an unknown helper', preset(LAYER, { 'layers/base/a.hbs': '{{up name}}' }), /a\.hbs:1: .*no helper "up"/],
    [
      'with blocks a thousand deep',
      preset(LAYER, { 'layers/base/a.hbs': '{{#if name}}'.repeat(1000) + '{{/if}}'.repeat(1000) }),
      /a\.hbs:1: .*deep/,
    ],
    [
      'with a loop over a value that is not a list',
      preset(LAYER, { 'layers/base/a.txt.hbs': '{{#each name}}{{/each}}' }),
      /"name" is not a list/,
    ],
    ['with a question like a variable', preset(TEAM.replace('team', 'image')), /"image" is a name that templates have/],
    ['with a question like --plan', preset(TEAM.replace('team', 'plan')), /"plan" is a reserved name/],
    ['with a missing base', preset('extends: ../nowhere'), /preset\.yaml:4: .*nowhere is not a folder/],
    ['with a base of unknown form', preset('extends: [a b]'), /preset\.yaml:4: the source "a b"/],
    ['with a file that is not UTF-8', preset(LAYER, { 'layers/base/a.hbs': Uint8Array.of(0xff) }), /is not UTF-8/],
    ['with JSON that is none', preset(LAYER, { 'layers/base/package.json': '{' }), /package\.json: is not JSON/],
  ])('%s: 6, with where', (_what, contents, reason) => refused(6, reason, contents));

  it('that extends itself: 6, with the circle', () =>
    refused(6, /extends itself: @acme\/standard -> other -> @acme\/standard/, preset('extends: ../other'), [], {
      ...inFolder('other', preset('extends: ../preset', {}, 'name: other\nversion: 1.0.0')),
    }));

  it('that wants two contents of one base: 6', () => {
    const base = (folder: string, text: string) =>
      inFolder(folder, preset('layers: [{path: a}]', { 'a/x.txt': text }, 'name: base\nversion: 1.0.0'));
    return refused(6, /base 1\.0\.0: is wanted twice/, preset('extends: [../one, ../two]'), [], {
      ...base('one', 'one'),
      ...base('two', 'two'),
    });
  });

  it.each<[what: string, yaml: string]>([
    ['bases that lock one answer to two values', 'extends: [../one, ../two]'],
    ['a base, and itself, that lock one answer to two values', 'extends: ../one\nlocked: {ci: gitlab}'],
  ])('of %s: 6, with both of them', async (_what, yaml) => {
    const locks = (name: string, ci: string) =>
      inFolder(name, preset(`locked: {ci: ${ci}}`, {}, `name: ${name}\nversion: 1.0.0`));
    const beside = { ...locks('one', 'github'), ...locks('two', 'gitlab') };
    const reason = /(two|@acme\/standard) preset\.yaml:\d+: ci is locked to github by one 1\.0\.0/;
    await refused(6, reason, preset(yaml), [], beside);
    const cwd = temporaryFolder({ ...inFolder('preset', preset(yaml)), ...beside });
    const checked = await run(['preset', 'check', 'preset'], { cwd, program });
    expect([checked.code, checked.stderr]).toEqual([6, expect.stringMatching(reason)]);
  });

  it('of a base says which', () =>
    refused(
      6,
      /\.\.\/base preset\.yaml:4: foo is not known/,
      preset('extends: ../base'),
      [],
      inFolder('base', preset('foo: 1')),
    ));
});

describe('a hostile preset', () => {
  it.each<[what: string, contents: Contents, reason: RegExp]>([
    ['hooks', preset('hooks: {post: x}'), /"hooks": presets are data/],
    ['scripts', preset('scripts: [x]'), /"scripts": presets are data/],
    ['tasks', preset('tasks: [x]'), /"tasks": presets are data/],
    ['an install script', preset('', { 'package.json': '{"scripts": {"postinstall": "x"}}' }), /script "postinstall"/],
    ['a layer at ../', preset('layers: [{path: ../x}]'), /preset\.yaml:4: .*"\.\."/],
    ['a layer at an absolute path', preset('layers: [{path: /etc}]'), /preset\.yaml:4: .*empty segment/],
    ['a layer at a drive', preset("layers: [{path: 'C:/x'}]"), /preset\.yaml:4: .*Windows/],
    ['a file in .git', preset(LAYER, { 'layers/base/.git/hooks/x': 'x' }), /\.git folder/],
    ['a file in .git under another name', preset(LAYER, { 'layers/base/_.git.hbs': 'x' }), /\.git folder/],
    ['our manifest', preset(LAYER, { 'layers/base/.twelve.json': '{}' }), /keeps for itself/],
    ['a link', preset('', { x: { link: '/etc/passwd' } }), /symbolic link/],
    ['a link to a folder', preset(LAYER, { 'layers/base': { link: '/etc' } }), /symbolic link/],
    ['over 10 MB', preset('', { x: randomFillSync(Buffer.alloc(10 * 1024 * 1024 + 1)) }), /larger than 10485760 bytes/],
    [
      'over 5,000 files',
      preset('', Object.fromEntries(Array.from({ length: 5001 }, (_, index) => [`x/${index}`, '']))),
      /5,?000/,
    ],
  ])('by %s: 6, and nothing is made', (_what, contents, reason) => refused(6, reason, contents));

  it.each(['pipe', 'layers/base/pipe'])('by a pipe at %s: 6, without waiting for it', async (path) => {
    const cwd = temporaryFolder(inFolder('preset', preset(LAYER, { 'layers/base/a': '' })));
    execFileSync('mkfifo', [join(cwd, 'preset', path)]);
    const { code, stderr } = await create([], { cwd, program });
    expect([code, stderr]).toEqual([6, expect.stringContaining('pipe')]);
    expect(existsSync(join(cwd, 'orders'))).toBe(false);
  });

  it('by a block that fills itself: its text, once', async () => {
    const fill = '{{#> runtime}}USER {{name}}\n{{/runtime}}';
    const orders = await good(preset('', { 'blocks/runtime.hbs': fill }));
    expect(readText(orders, 'Dockerfile')).toBe('FROM node\nUSER orders\nCMD ["node"]\n');
  });

  it.each([
    ['..', /segment "\.\."/],
    ['../../x', /segment "\.\."/],
    ['.git', /\.git folder/],
    ['/x', /empty segment/],
    ['C:', /Windows/],
  ])('by a file that is named by the answer %s: 6', (answer, reason) =>
    refused(6, reason, preset(`${LAYER}\n${TEAM}`, { 'layers/base/__team__/x.txt': 'x' }), ['--team', answer]),
  );

  it('sees no secret of the environment', async () => {
    const cwd = temporaryFolder(
      inFolder(
        'preset',
        preset(`${LAYER}\n${TEAM}`, { 'layers/base/x.txt.hbs': '{{team}}', 'layers/base/y': '${NPM_TOKEN}' }),
      ),
    );
    const secrets = { NPM_TOKEN: 'sesame-1', GITHUB_TOKEN: 'sesame-2', npm_config__authToken: 'sesame-3' };
    const args = ['--team', '$NPM_TOKEN ${NPM_TOKEN}'];
    const { code, stdout, stderr } = await create(args, { cwd, program, env: plainEnvironment(secrets) });
    expect(code, stderr).toBe(0);
    expect(JSON.stringify([snapshot(cwd), stdout, stderr])).not.toContain('sesame');
    expect(readText(cwd, 'orders/x.txt')).toBe('$NPM_TOKEN ${NPM_TOKEN}');
  });

  it.each(['NPM_TOKEN', 'env.NPM_TOKEN', 'process.env', '@root', 'this', 'lookup name 0'])(
    'cannot name {{%s}}: 6',
    async (name) => {
      await refused(6, /x\.hbs:1: /, preset(LAYER, { 'layers/base/x.hbs': `{{${name}}}` }));
    },
  );

  it('runs no code, whatever is in it', async () => {
    const touch = 'touch "$HOME/ran"';
    const code = `require('node:fs').writeFileSync(process.env.HOME + '/ran', '')`;
    const contents = preset(LAYER, {
      'package.json': JSON.stringify({ scripts: { test: touch, pretest: touch } }),
      '.npmrc': 'script-shell=./run.sh\nnode-options=--require=./index.js\n',
      'run.sh': { run: `#!/bin/sh\n${touch}\n` },
      'index.js': code,
      'preset.js': code,
      'plopfile.js': code,
      'binding.gyp': '{}',
      '.git/config': `[core]\n\tfsmonitor = ${touch}\n`,
      '.git/hooks/post-checkout': { run: `#!/bin/sh\n${touch}\n` },
      'layers/base/hook.sh': { run: `#!/bin/sh\n${touch}\n` },
      'layers/base/package.json': JSON.stringify({ scripts: { dev: touch } }),
    });
    const cwd = temporaryFolder(inFolder('preset', contents));
    const env = plainEnvironment({ HOME: cwd });
    const results: RunResult[] = [];
    await inParallelRuns(
      [
        ['orders', '--preset', './preset', '--yes', ...FILES_ONLY],
        ['describe', '--preset', './preset'],
        ['preset', 'check', 'preset'],
      ],
      async (args) => results.push(await run(args, { cwd, env, program })),
    );
    expect(results.map((result) => result.code)).toEqual([0, 0, 0]);
    expect(filesIn(cwd)).toContain('orders/hook.sh');
    expect(filesIn(cwd)).not.toContain('ran');
  });
});
