import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MEANINGS, SERVICE_WORDS } from '../../bin/command-line/mistaken-command.ts';
import { parse, readCommandLine } from '../../bin/command-line/parse.ts';
import { COMMANDS } from '../../bin/command-line/table.ts';
import type { UserError } from '../../engine/core/errors.ts';
import { slips } from '../../engine/core/text/nearest.ts';
import { CREATE_QUESTIONS, forNew, parseCreateAnswers } from '../../generators/create/questions.ts';
import { filesIn, temporaryFolder } from '../support/folder.ts';
import { FILES_ONLY, ROOT, run } from '../support/program.ts';

/** What the command line makes of these words: the command, or the error. */
async function read(...argv: string[]): Promise<string> {
  const line = readCommandLine(argv);
  try {
    const { positionals } = await parse(line, { env: {}, warn: () => undefined });
    return [line.command.name, ...positionals].join(' ');
  } catch (error) {
    return (error as Error).message;
  }
}

/** Names that services really have; some are near a command. */
const USUAL_NAMES = [
  'orders',
  'payments',
  'users',
  'billing',
  'catalog',
  'adapter',
  'applet',
  'inventory',
  'shipping',
  'notifications',
  'notify',
  'checkout',
  'search',
  'auth',
  'accounts',
  'customers',
  'products',
  'pricing',
  'cart',
  'reviews',
  'invoices',
  'reports',
  'analytics',
  'messages',
  'profile',
  'media',
  'gateway',
  'scheduler',
  'ads',
  'helper',
  'presence',
  'projects',
  'credit',
  'reply',
  'supply',
  'grade',
  'grades',
  'subscriptions',
  'competitions',
  'audit-log',
  'update-feed',
  'releases',
  'versions',
  'imports',
  'match',
  'batch',
  'guild',
];

describe('a word near a command', () => {
  it.each([
    ['upgrad', 'upgrade'],
    ['upgarde', 'upgrade'],
    ['ugrade', 'upgrade'],
    ['upgraed', 'upgrade'],
    ['Upgrade', 'upgrade'],
    ['adit', 'audit'],
    ['audti', 'audit'],
    ['verfiy', 'verify'],
    ['veryfi', 'verify'],
    ['ad-endpoint', 'add-endpoint'],
    ['addendpoint', 'add-endpoint'],
    ['creat', 'create'],
    ['udno', 'undo'],
    ['complation', 'completion'],
    ['hlep', 'help'],
  ])('%s is refused, and %s is named', async (word, command) => {
    expect(await read(word)).toBe(`"${word}" is not a command; did you mean ${command}?`);
  });

  it.each(USUAL_NAMES)('%s is a name', async (name) => {
    expect(await read(name)).toBe(`create ${name}`);
  });

  it('is refused behind options too, and with options of the command that was meant', async () => {
    expect(await read('--yes', 'upgrad')).toContain('did you mean upgrade?');
    expect(await read('--yes', 'upgrade')).toContain('"upgrade" is a command, and stands first');
    expect(await read('upgrad', '--to', '2.0.0')).toContain('did you mean upgrade?');
  });

  it('is the name of a service where it is said to be one', async () => {
    expect(await read('--name', 'upgrad')).toBe('create');
    expect(await read('create', 'upgrad')).toBe('create upgrad');
    expect(await read('--yes', '--', 'upgrad')).toBe('create upgrad');
    expect(await read('@acme/upgrade')).toBe('create @acme/upgrade');
    expect(await read('orders', 'upgrade')).toContain('one argument too many');
  });

  it('exits with 2 and writes nothing; with --name the service is made', async () => {
    const cwd = temporaryFolder();
    for (const word of ['upgrad', 'update']) {
      const { code, stdout, stderr } = await run([word, '--yes', ...FILES_ONLY], { cwd });
      expect([code, stdout]).toEqual([2, '']);
      expect(stderr).toMatch(/^error: .+ did you mean upgrade\?\nhelp: .+ --name .+\n$/);
    }
    const json = await run(['upgrad', '--format', 'json'], { cwd });
    expect(JSON.parse(json.stdout)).toMatchObject({ ok: false, code: 'INPUT_INVALID', exit: 2 });
    expect(filesIn(cwd)).toEqual([]);
    const named = await run(['--name', 'upgrad', '--yes', ...FILES_ONLY], { cwd });
    expect(named.code, named.stderr).toBe(0);
    expect(filesIn(cwd)).toContain('upgrad/.twelve.json');
  });
});

describe('a word that reads as a command', () => {
  it.each([
    ['update', 'upgrade'],
    ['migrate', 'upgrade'],
    ['init', 'create NAME'],
    ['new', 'create NAME'],
    ['generate', 'create NAME'],
    ['list', '--help'],
    ['ls', '--help'],
    ['v', 'version'],
    ['doctor', 'audit or verify'],
    ['check', 'audit or verify'],
    ['test', 'verify'],
    ['lint', 'audit'],
    ['status', 'audit'],
    ['info', 'describe'],
    ['config', 'describe'],
    ['show', 'explain'],
    ['remove', 'undo'],
    ['delete', 'undo'],
    ['rm', 'undo'],
    ['docs', '--help'],
    ['rename', '--help'],
    ['login', '--help'],
    ['logout', '--help'],
    ['udpate', 'upgrade'],
    ['versoin', 'version'],
    ['generte', 'create NAME'],
  ])('%s is refused, and %s was probably meant', async (word, meant) => {
    expect(await read(word)).toBe(`"${word}" is not a command; did you mean ${meant}?`);
  });

  it.each([...['install', 'run', 'start', 'stop', 'exec', 'format', 'dev', 'build', 'deploy'], 'intall', 'isntall'])(
    '%s is refused as a command of a service',
    async (word) => {
      expect(await read(word)).toBe(`"${word}" looks like a command of a service; its README lists them`);
    },
  );

  it.each([
    ...COMMANDS.map(({ name }) => name),
    ...Object.values(MEANINGS).flat(),
    ...SERVICE_WORDS,
    ...['add', 'add-on', 'verify.', 'upgrad', 'Audti'],
  ])('the remedy of %s is a command that does', async (word) => {
    const line = readCommandLine(['--yes', word]);
    const error: UserError = await parse(line, { env: {}, warn: () => undefined }).then(
      () => expect.fail(`${word} is a name`),
      (thrown) => thrown,
    );
    const [, remedy] = /create-twelve-service (.+?)\.?$/.exec(error.remedy) ?? [];
    if (remedy === undefined) {
      expect(() => parseCreateAnswers({ name: word }, forNew(CREATE_QUESTIONS))).toThrow();
      return;
    }
    const words = [...remedy.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
    const { answers } = await parse(readCommandLine(words), { env: {}, warn: () => undefined });
    if (words[0] === '--name') expect(parseCreateAnswers(answers).name).toBe(word.toLowerCase());
  });

  it('add asks for a kind', async () => {
    expect(await read('add')).toMatch(/^add what\? endpoint, /);
    expect(await read('add', 'endpont', 'GET /x')).toMatch(/did you mean endpoint\?$/);
    expect(await read('add-clent')).toMatch(/did you mean add-client\?$/);
    expect(await read('add', 'endpoint', 'GET /x')).toBe('add-endpoint GET /x');
  });
});

describe('create and help', () => {
  it('create NAME makes a service, help COMMAND prints its help', async () => {
    const cwd = temporaryFolder();
    const made = await run(['create', 'orders', '--yes', ...FILES_ONLY], { cwd });
    expect(made.code, made.stderr).toBe(0);
    expect(filesIn(cwd)).toContain('orders/.twelve.json');
    const help = await run(['help', 'upgrade'], { cwd });
    expect(help).toEqual(await run(['upgrade', '--help'], { cwd }));
    expect(help).toMatchObject({ code: 0, stderr: '' });
    expect(await run(['help'], { cwd })).toEqual(await run(['--help'], { cwd }));
    expect((await run(['help', 'add', 'endpoint'], { cwd })).stdout).toMatch(/^Usage: .+ add-endpoint ROUTE/);
    for (const action of ['init', 'check'])
      expect(await run(['help', 'preset', action], { cwd })).toEqual(await run(['preset', '--help'], { cwd }));
    expect(await run(['help', 'preset', 'nothing'], { cwd })).toMatchObject({ code: 2, stdout: '' });
    const unknown = await run(['help', 'nothing'], { cwd });
    expect(unknown).toMatchObject({ code: 2, stdout: '' });
    expect(unknown.stderr).toContain('"nothing" is not a command; there are create, ');
  });

  it('--help in front of a command is its help, and with --help and --version no name is refused', async () => {
    const cwd = temporaryFolder();
    for (const words of [
      ['--help', 'upgrade'],
      ['--yes', 'upgrade', '-h'],
    ])
      expect(await run(words, { cwd })).toEqual(await run(['upgrade', '--help'], { cwd }));
    expect((await run(['--help', 'add', 'endpoint'], { cwd })).stdout).toMatch(/^Usage: .+ add-endpoint ROUTE/);
    expect(await run(['--help', 'orders'], { cwd })).toEqual(await run(['--help'], { cwd }));
    expect(await run(['--version', 'upgrade'], { cwd })).toEqual(await run(['--version'], { cwd }));
    expect(filesIn(cwd)).toEqual([]);
  });
});

describe('help of what is not quite a command', () => {
  it.each([
    [['add-endpont', '--help'], 'add-endpoint'],
    [['--help', 'upgrad'], 'upgrade'],
    [['update', '-h'], 'upgrade'],
  ])('%j names the command that was meant', async (argv, command) => {
    expect(await read(...argv)).toContain(`is not a command; did you mean ${command}?`);
  });

  it.each([[['add', '--help']], [['--help', 'add']], [['help', 'add']], [['add', '-h']]])(
    '%j has each kind that can be added',
    async (argv) => {
      const { code, stdout } = await run(argv, { cwd: temporaryFolder() });
      expect(code).toBe(0);
      for (const { name } of COMMANDS.filter((command) => command.name.startsWith('add-')))
        expect(stdout).toMatch(new RegExp(`^ +${name.replace('-', ' ')} `, 'm'));
    },
  );

  it('each command has its own help, also behind its arguments', async () => {
    const cwd = temporaryFolder();
    for (const argv of [
      ['add-endpoint', '--help'],
      ['add', 'endpoint', '-h'],
      ['add-endpoint', 'GET /x', '--help'],
    ])
      expect((await run(argv, { cwd })).stdout).toMatch(/^Usage: .+ add-endpoint ROUTE[\s\S]+--from FILE/);
  });

  it.each([['version'], ['-v'], ['-V'], ['--version']])('%s prints the version', async (word) => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    expect(await run([word], { cwd: temporaryFolder() })).toMatchObject({
      code: 0,
      stdout: `${version}\n`,
      stderr: '',
    });
  });
});

describe('inside a service', () => {
  it.each([
    ['endpoint', 'did you mean add-endpoint?'],
    ['upgrad3s', 'did you mean upgrade?'],
    ['resuorce', 'did you mean add-resource?'],
    ['payments', 'a new service would be inside the service'],
  ])('%s makes none', async (word, said) => {
    const cwd = temporaryFolder({ '.twelve.json': '{}', 'src/': '' });
    for (const folder of [cwd, join(cwd, 'src')]) {
      const { code, stdout, stderr } = await run([word, '--yes', ...FILES_ONLY], { cwd: folder });
      expect([code, stdout]).toEqual([2, '']);
      expect(stderr).toContain(said);
      expect(stderr).toContain(`create-twelve-service --name ${word}`);
    }
    expect(filesIn(cwd)).toEqual(['.twelve.json']);
  });

  it('nothing but options is no new service either', async () => {
    const cwd = temporaryFolder({ '.twelve.json': '{}' });
    const { code, stderr } = await run(['--yes', ...FILES_ONLY], { cwd });
    expect([code, stderr]).toEqual([
      2,
      expect.stringMatching(/ is a service: say what to do in it\nhelp: .+ --name NAME/),
    ]);
    expect((await run(['--help'], { cwd })).code).toBe(0);
    expect((await run(['cat', '--yes'], { cwd })).stderr).not.toContain('did you mean');
    expect(filesIn(cwd)).toEqual(['.twelve.json']);
  });

  it('--name makes one there, and --dir one elsewhere', async () => {
    const cwd = temporaryFolder({ 'orders/.twelve.json': '{}' });
    for (const argv of [
      ['--name', 'payments'],
      ['create', 'reports'],
      ['stock', '--dir', '../stock'],
    ]) {
      const { code, stderr } = await run([...argv, '--yes', ...FILES_ONLY], { cwd: join(cwd, 'orders') });
      expect(code, stderr).toBe(0);
    }
    expect(filesIn(cwd)).toEqual(
      expect.arrayContaining(['orders/payments/.twelve.json', 'orders/reports/.twelve.json', 'stock/.twelve.json']),
    );
  });
});

describe('slips', () => {
  it.each([
    ['audit', 'audit', 0],
    ['', 'undo', 4],
    ['audti', 'audit', 1],
    ['adit', 'audit', 1],
    ['audiit', 'audit', 1],
    ['ordit', 'audit', 2],
    ['ca', 'abc', 3],
  ])('%s -> %s: %d', (one, other, count) => {
    expect([slips(one, other), slips(other, one)]).toEqual([count, count]);
  });

  it('no command is a slip of another', () => {
    for (const { name } of COMMANDS)
      for (const other of COMMANDS) if (other.name !== name) expect(slips(name, other.name)).toBeGreaterThan(1);
  });
});
