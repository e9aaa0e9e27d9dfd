import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../support/folder.ts';
import { FILES_ONLY, plainEnvironment, run } from '../support/program.ts';

const AGENTS = {
  npm: 'npm/12.2.2 node/v24.22.3',
  pnpm: 'pnpm/12.21.0 npm/? node/?',
  yarn: 'yarn/1.22.22 npm/? node/?',
};

/** Makes `orders` in an empty folder, started by a client. */
async function make(client: keyof typeof AGENTS | undefined, ...args: string[]) {
  const cwd = temporaryFolder();
  const env = plainEnvironment(client === undefined ? {} : { npm_config_user_agent: AGENTS[client] });
  const result = await run(['orders', ...args, '--yes', ...FILES_ONLY], { cwd, env });
  const read = (path: string) => readFileSync(join(cwd, 'orders', path), 'utf8');
  return { ...result, cwd, folder: join(cwd, 'orders'), read };
}

describe('a new service', () => {
  it.each([
    [undefined, [], 'npm'],
    ['npm', [], 'npm'],
    ['pnpm', [], 'pnpm'],
    ['yarn', [], 'npm'],
    ['pnpm', ['--package-manager', 'npm'], 'npm'],
    [undefined, ['--package-manager', 'pnpm'], 'pnpm'],
  ] as const)('of %s with %j is for %s', async (client, args, manager) => {
    const { code, folder, read } = await make(client, ...args);
    expect(code).toBe(0);
    expect(JSON.parse(read('.twelve.json')).answers.packageManager).toBe(manager);
    const locks = readdirSync(folder).filter((name) => /lock/.test(name));
    expect(locks).toEqual([manager === 'pnpm' ? 'pnpm-lock.yaml' : 'package-lock.json']);
  });

  it('is refused for another package manager, with those that there are', async () => {
    const { code, stderr, folder } = await make('yarn', '--package-manager', 'yarn');
    expect(code).toBe(2);
    expect(stderr).toContain('--package-manager must be one of npm, pnpm, not "yarn"');
    expect(existsSync(folder)).toBe(false);
  });

  it.each(['github', 'gitlab'])('for pnpm on %s tells nobody to use npm', async (ci) => {
    const { read, folder } = await make('pnpm', '--ci', ci);
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) =>
      /(\.md|\.ya?ml|Dockerfile|package\.json|\.dockerignore)$/.test(path),
    );
    expect(files.length).toBeGreaterThan(8);
    const lines = files.flatMap((path) => read(path).split('\n'));
    // npm comes with Node, and installs pnpm.
    const told = lines.filter((line) => /\bnpm (ci|run|test|prune|install(?! --global))|package-lock/.test(line));
    expect(told).toEqual([]);
    expect(JSON.parse(read('package.json')).packageManager).toMatch(/^pnpm@\d+\.\d+\.\d+$/);
  });

  it('for pnpm grows without a network: its lockfile has what package.json asks for', async () => {
    const { cwd, folder, read } = await make('pnpm', '--database', 'none');
    const before = read('pnpm-lock.yaml').split('\n');
    for (const addition of [
      ['client', 'payments'],
      ['flag', 'new-checkout'],
    ]) {
      const grown = await run(['add', ...addition], { cwd: folder, env: plainEnvironment() });
      expect(grown.code, grown.stderr).toBe(0);
      expect(grown.stderr).toContain('pnpm install');
    }
    const after = read('pnpm-lock.yaml');
    expect(after).toMatch(/^ {6}cockatiel:\n {8}specifier: (\S+)\n {8}version: \1$/m);
    expect(after).toMatch(
      /^ {2}'@openfeature\/server-sdk@\S+\(@openfeature\/core@\S+\)':\n {4}dependencies:\n {6}'@openfeature\/core': /m,
    );
    expect(before.filter((line) => !after.includes(line))).toEqual([]);
    const audit = await run(['audit', folder], { cwd, env: plainEnvironment() });
    expect(audit.stdout + audit.stderr).not.toMatch(/lockfile/);
  });
});
