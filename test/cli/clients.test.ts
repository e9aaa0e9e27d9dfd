import { describe, expect, it } from 'vitest';
import { parse, readCommandLine } from '../../bin/command-line/parse.ts';
import { clientOf, createCommand } from '../../engine/core/client.ts';
import type { UserError } from '../../engine/core/errors.ts';
import { temporaryFolder } from '../support/folder.ts';
import { plainEnvironment, run } from '../support/program.ts';

/** What the clients say of themselves, as they said it to a program that they started. */
const AGENTS = {
  npm: 'npm/12.2.2 node/v24.22.3 linux x64 workspaces/false',
  pnpm: 'pnpm/12.21.0 npm/? node/? linux x64',
  yarn: 'yarn/1.22.22 npm/? node/v20.20.2 linux x64',
  bun: 'bun/1.4.5 npm/? node/v26.3.0 linux x64',
} as const;

const read = (argv: readonly string[], env: NodeJS.ProcessEnv = {}) =>
  parse(readCommandLine(argv), { env, warn: () => undefined });

const refused = (argv: readonly string[], env: NodeJS.ProcessEnv): Promise<UserError> =>
  read(argv, env).then(
    () => expect.fail(`${argv} was understood`),
    (error) => error,
  );

describe('the client that started this program', () => {
  it.each(Object.entries(AGENTS))('%s is known by its user agent', (client, npm_config_user_agent) => {
    expect(clientOf({ npm_config_user_agent })).toBe(client);
    expect(createCommand({ npm_config_user_agent })).toMatch(new RegExp(`^${client} create twelve-service`));
  });

  it('is npm for a message where none is known', () => {
    expect(clientOf({})).toBeUndefined();
    expect(createCommand({ npm_config_user_agent: 'deno/2' })).toBe('npm create twelve-service@latest --');
  });

  it('is named in a refusal by the form that works with it', async () => {
    for (const [client, agent] of Object.entries(AGENTS)) {
      // pnpm 12 and bun set npm_command too.
      const env = { npm_config_user_agent: agent, npm_command: client === 'npm' ? 'init' : 'exec' };
      expect((await refused(['upgrad'], env)).remedy).toContain(`${createCommand(env)} --name upgrad`);
      const { message } = await refused(['orders', 'none'], env);
      expect(message.includes('did npm take an option?'), message).toBe(client === 'npm');
      if (client === 'npm') expect(message).toContain(`${createCommand(env)} NAME`);
    }
  });

  it('is in the usage', async () => {
    for (const agent of Object.values(AGENTS)) {
      const env = plainEnvironment({ npm_config_user_agent: agent });
      const { stdout } = await run(['--help'], { cwd: temporaryFolder(), env });
      expect(stdout.split('\n')[0]).toBe(`Usage: ${createCommand(env)} NAME [options]`);
    }
  });

  it('takes nothing where it is not npm: what is in the environment is of something else', async () => {
    const env = { npm_config_user_agent: AGENTS.bun, npm_command: 'exec', npm_config_database: 'none' };
    expect((await read(['orders'], env)).answers).toEqual({});
    const npm = { ...env, npm_config_user_agent: AGENTS.npm };
    expect((await read(['orders'], npm)).answers).toEqual({ database: 'none' });
  });
});

describe('an option of one letter', () => {
  it.each([
    ['-y', /^-y is not an option; did you mean --yes\?$/],
    ['-d', /^-d is not an option; did you mean --(dir|defaults|dry-run)\?$/],
    ['-q', /^-q is not an option$/],
  ])('%s: the one that begins with it, or none', async (flag, message) => {
    expect((await refused(['orders', flag], {})).message).toMatch(message);
  });
});

describe('a literal "--"', () => {
  it.each([
    [['--', 'orders', '--database', 'none']],
    [['orders', '--', '--database', 'none']],
    [['orders', '--', '--database=none']],
    [['orders', '--database', 'none']],
  ])('%j is what the person meant', async (argv) => {
    expect(await read(argv)).toMatchObject({ positionals: ['orders'], answers: { database: 'none' } });
  });

  it('stands before a command too', async () => {
    const line = readCommandLine(['--', 'add', 'endpoint', 'GET /x', '--query', 'size:int']);
    expect(line.command.name).toBe('add-endpoint');
    expect(readCommandLine(['--', 'orders', '--format', 'json']).json).toBe(true);
  });

  it('still says that a name follows', async () => {
    expect(await read(['--yes', '--', 'upgrad'])).toMatchObject({ positionals: ['upgrad'] });
  });
});
