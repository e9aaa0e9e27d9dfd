// @module-tag sampled
// @module-tag node
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CREATE_QUESTIONS } from '../../generators/create/questions.ts';
import { snapshot, temporaryFolder } from '../support/folder.ts';
import { FILES_ONLY, run } from '../support/program.ts';
import { CTRL_C, DOWN, ENTER, onTerminal, terminalProblem } from '../support/terminal.ts';

/** A person at a terminal. */

const noTerminal = terminalProblem();
if (noTerminal) console.warn(`skipped: ${noTerminal}`);

const answersIn = (cwd: string, folder: string) =>
  JSON.parse(readFileSync(join(cwd, folder, '.twelve.json'), 'utf8')).answers;

describe.skipIf(noTerminal)('on a terminal', () => {
  it('asks five questions, and keys answer them', async () => {
    const cwd = temporaryFolder();
    const session = await onTerminal(FILES_ONLY, {
      cwd,
      steps: [
        { see: 'Name of the service', type: `billing${ENTER}` },
        { see: 'What it does', type: `Sends "bills"${ENTER}` },
        { see: 'Database', type: DOWN + ENTER },
        { see: 'Cache', type: ENTER },
        { see: 'CI pipeline', type: DOWN + ENTER },
      ],
    });
    expect(session).toMatchObject({ code: 0, unseen: [], stdout: '' });
    expect(answersIn(cwd, 'billing')).toMatchObject({
      description: 'Sends "bills"',
      database: 'none',
      cache: 'none',
      ci: 'gitlab',
    });
    expect(session.screen.match(/✔ /g)).toHaveLength(5);
  });

  it('asks only what is not given, and Enter takes the default', async () => {
    const cwd = temporaryFolder();
    const given = ['orders', '--database', 'none', '--cache', 'redis', '--ci', 'none'];
    const session = await onTerminal([...given, ...FILES_ONLY], { cwd, steps: [{ see: 'What it does', type: ENTER }] });
    expect(session).toMatchObject({ code: 0, unseen: [] });
    expect(session.screen.match(/✔ /g)).toHaveLength(1);
    expect(answersIn(cwd, 'orders')).toMatchObject({ description: 'The orders service', cache: 'redis' });
  });

  it('asks again for an invalid name, and says why', async () => {
    const cwd = temporaryFolder();
    const rest = ['--description', 'x', '--database', 'none', '--cache', 'none', '--ci', 'none'];
    const session = await onTerminal([...rest, ...FILES_ONLY], {
      cwd,
      steps: [
        { see: 'Name of the service', type: `Orders${ENTER}` },
        { see: '; try', type: `${'\u007f'.repeat(6)}orders${ENTER}` },
      ],
    });
    expect(session).toMatchObject({ code: 0, unseen: [] });
    expect(session.screen).toContain('; try "orders"');
    expect(answersIn(cwd, 'orders')).toMatchObject({ name: 'orders' });
  });

  it.each([
    ['the folder of the name', ['orders']],
    ['this folder', ['.']],
    ['a folder that is given', ['--dir', 'orders']],
  ])('%s is not empty: it is refused before anything is asked', async (_what, args) => {
    const cwd = temporaryFolder({ 'orders/mine.txt': 'mine' });
    const session = await onTerminal([...args, ...FILES_ONLY], { cwd, steps: [] });
    expect(session).toMatchObject({ code: 3 });
    expect(session.screen).toContain(`the folder is not empty: ${args[0] === '.' ? 'orders' : 'mine.txt'}`);
    expect(session.screen).not.toMatch(/What it does|Name of the service/);
  });

  it('the folder of a name that is typed is not empty: the name is asked again', async () => {
    const cwd = temporaryFolder({ 'orders/mine.txt': 'mine', file: 'mine' });
    const rest = ['--description', 'x', '--database', 'none', '--cache', 'none', '--ci', 'none'];
    const session = await onTerminal([...rest, ...FILES_ONLY], {
      cwd,
      steps: [
        { see: 'Name of the service', type: `orders${ENTER}` },
        { see: 'the folder is not empty: mine.txt; choose another name', type: `${'\u007f'.repeat(6)}file${ENTER}` },
        { see: 'is a file; choose another name', type: `${'\u007f'.repeat(4)}billing${ENTER}` },
      ],
    });
    expect(session).toMatchObject({ code: 0, unseen: [] });
    expect(answersIn(cwd, 'billing')).toMatchObject({ name: 'billing' });
  });

  it('with --overwrite a folder that is not empty is asked about as any other', async () => {
    const cwd = temporaryFolder({ 'orders/mine.txt': 'mine' });
    const session = await onTerminal(['orders', '--overwrite', ...FILES_ONLY], {
      cwd,
      steps: [{ see: 'What it does', type: CTRL_C }],
    });
    expect(session).toMatchObject({ code: 130, unseen: [] });
  });

  it('questions go to the terminal, and only JSON to stdout', async () => {
    const cwd = temporaryFolder();
    const given = [
      '--description',
      'x',
      '--database',
      'none',
      '--cache',
      'none',
      '--ci',
      'none',
      '--format',
      'json',
      '--plan',
    ];
    const session = await onTerminal(given, { cwd, steps: [{ see: 'Name of the service', type: `orders${ENTER}` }] });
    expect(session.code).toBe(0);
    expect(JSON.parse(session.stdout)).toMatchObject({ ok: true, applied: false, answers: { name: 'orders' } });
    expect(Object.keys(snapshot(cwd))).toEqual(['.']);
  });

  it('a dumb terminal is asked line by line, and Backspace takes a character away', async () => {
    const cwd = temporaryFolder();
    const session = await onTerminal(FILES_ONLY, {
      cwd,
      env: { TERM: 'dumb' },
      steps: [
        { see: 'Name of the service', type: `Orders${ENTER}` },
        { see: 'try "orders"', type: `billingx\u007f${ENTER}` },
        { see: 'What it does', type: ENTER },
        { see: '2) none', type: `2${ENTER}` },
        { see: 'Cache', type: `reddis${ENTER}` },
        { see: 'choose a word or a number', type: `redis${ENTER}` },
        { see: 'CI pipeline', type: ENTER },
      ],
    });
    expect(session).toMatchObject({ code: 0, unseen: [], stdout: '' });
    expect(answersIn(cwd, 'billing')).toMatchObject({
      description: 'The billing service',
      database: 'none',
      cache: 'redis',
      ci: 'github',
    });
    expect(session.screen).not.toContain('\u001b');
  });

  it.each([
    ['Ctrl-C', CTRL_C],
    ['the end of the input', '\u0004'],
  ])('a dumb terminal: %s ends it with 130, and nothing is written', async (_what, key) => {
    const cwd = temporaryFolder();
    const steps = [{ see: 'Name of the service', type: key }];
    const session = await onTerminal(FILES_ONLY, { cwd, env: { TERM: 'dumb' }, steps });
    expect(session).toMatchObject({ code: 130, unseen: [] });
    expect(Object.keys(snapshot(cwd))).toEqual(['.']);
  });

  it('--yes asks nothing', async () => {
    const cwd = temporaryFolder();
    const session = await onTerminal(['orders', '--yes', ...FILES_ONLY], { cwd, steps: [] });
    expect(session).toMatchObject({ code: 0 });
    expect(session.screen).not.toContain('? ');
  });

  it('says of each choice what it brings', async () => {
    const cwd = temporaryFolder();
    const session = await onTerminal(['orders', '--description', 'x', ...FILES_ONLY], {
      cwd,
      steps: [
        { see: 'a table, migrations and an example', type: DOWN + ENTER },
        { see: 'reads are kept in Redis', type: ENTER },
        { see: 'tests, verifies and pushes', type: ENTER },
      ],
    });
    expect(session).toMatchObject({ code: 0, unseen: [] });
    expect(answersIn(cwd, 'orders')).toMatchObject({ database: 'none', cache: 'none', ci: 'github' });
    for (const { name, schema, about = {}, asked } of CREATE_QUESTIONS) {
      const choices = schema.type === 'string' && asked ? (schema.enum ?? []) : [];
      expect(Object.keys(about).sort(), name).toEqual([...choices].sort());
      // Beside the mark of the chosen one, within 80 columns.
      for (const [value, text] of Object.entries(about)) expect(`${value} (${text})`.length).toBeLessThan(76);
    }
  });

  it('outside of a service nothing is asked about an endpoint', async () => {
    for (const argv of [['add-endpoint'], ['add', 'endpoint']]) {
      const session = await onTerminal(argv, { cwd: temporaryFolder(), steps: [] });
      expect(session).toMatchObject({ code: 3 });
      expect(session.screen).toContain('is not in a service');
      expect(session.screen).not.toContain('? ');
    }
    const bare = await onTerminal(['add'], { cwd: temporaryFolder(), steps: [] });
    expect([bare.code, bare.screen]).toEqual([2, expect.stringContaining('add what? endpoint, ')]);
  });

  describe('in a service', () => {
    it('add asks what, and then the questions of that kind', async () => {
      const { cwd } = await madeService();
      const session = await onTerminal(['add'], {
        cwd,
        steps: [
          { see: 'Add what?', type: DOWN + DOWN + ENTER },
          { see: 'What the task does', type: `sweep${ENTER}` },
          { see: 'Change these files', type: ENTER },
        ],
      });
      expect(session).toMatchObject({ code: 0, unseen: [], stdout: '' });
      expect(session.screen).toContain('task (Add a one-off admin task');
      expect(readdirSync(join(cwd, '.twelve/additions'))).toEqual(['task-sweep.json']);
      expect((await run(['add'], { cwd })).stderr).toMatch(/^error: add what\? endpoint, /);
    });

    const steps = [
      { see: 'Method and path', type: `GET /orders/:orderId${ENTER}` },
      { see: 'Query field', type: `limit:int>0?${ENTER}` },
      { see: 'and another', type: ENTER },
      { see: 'Body field', type: ENTER },
      { see: 'Response field', type: `id:uuid${ENTER}` },
      { see: 'and another', type: ENTER },
    ];

    it('add-endpoint asks for each field, shows the plan, and applies it on yes', async () => {
      const { cwd } = await madeService();
      const session = await onTerminal(['add-endpoint'], {
        cwd,
        steps: [...steps, { see: 'Change these files', type: ENTER }],
      });
      expect(session).toMatchObject({ code: 0, unseen: [], stdout: '' });
      expect(session.screen).toContain('create src/features/orders-by-order-id-get/routes.ts');
      expect(readFileSync(join(cwd, 'src/features/orders-by-order-id-get/schemas.ts'), 'utf8')).toContain(
        'limit: text.int(',
      );
    });

    it('and on no it writes nothing', async () => {
      const { cwd } = await madeService();
      const before = snapshot(cwd);
      const session = await onTerminal(['add-endpoint'], {
        cwd,
        steps: [...steps, { see: 'Change these files', type: `n${ENTER}` }],
      });
      expect(session).toMatchObject({ code: 130, unseen: [] });
      expect(session.screen).toContain('nothing was written');
      expect(snapshot(cwd)).toEqual(before);
    });

    it('given answers are not asked, and --yes asks nothing', async () => {
      const { cwd } = await madeService();
      const session = await onTerminal(['add-endpoint', 'GET /orders', '--yes'], { cwd, steps: [] });
      expect(session).toMatchObject({ code: 0, unseen: [] });
      expect(session.screen).not.toContain('?');
    });
  });
});

async function madeService(): Promise<{ cwd: string }> {
  const cwd = temporaryFolder();
  const made = await run(['orders', '--database', 'none', '--yes', ...FILES_ONLY], { cwd });
  expect(made.code, made.stderr).toBe(0);
  return { cwd: join(cwd, 'orders') };
}
