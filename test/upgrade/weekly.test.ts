// @module-tag sampled
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { makeFolder, removeFolder, temporaryFolder, write } from '../support/folder.ts';
import { execute, FILES_ONLY, plainEnvironment, type RunResult, run } from '../support/program.ts';

/** The weekly upgrade job of the generated pipelines. Its own scripts run here, unchanged. */
let parent: string;
const jobs = new Map<string, string>();

beforeAll(async () => {
  parent = makeFolder();
  for (const ci of ['github', 'gitlab']) {
    const made = await run([ci, '--ci', ci, '--yes', ...FILES_ONLY], { cwd: parent });
    expect(made.code, made.stderr).toBe(0);
  }
  const steps = parse(readFileSync(join(parent, 'github/.github/workflows/standard.yml'), 'utf8')).jobs.upgrade.steps;
  jobs.set('github', steps.flatMap(({ run = '' }: { run?: string }) => run).join('\n'));
  jobs.set('gitlab', parse(readFileSync(join(parent, 'gitlab/.gitlab-ci.yml'), 'utf8')).standard.script.join('\n'));
});
afterAll(() => removeFolder(parent));

/** What the fake `upgrade --branch` does. */
const COMMITS =
  'git update-ref refs/heads/twelve/upgrade "$(git commit-tree HEAD^{tree} -p HEAD -m "Upgrade $RANDOM")" ""';

interface Team {
  readonly job: () => Promise<RunResult>;
  readonly git: (folder: string, ...args: string[]) => Promise<string>;
  /** The commit of the branch on the server. */
  readonly pushed: () => Promise<string>;
  /** The calls of `gh`. */
  readonly asked: () => string;
  /** Another program in place of `npx`. */
  readonly upgrade: (script: string) => void;
}

/** A server with a repository. `npx` commits to the branch, like upgrade; `gh` records its calls. */
async function team(ci: string): Promise<Team> {
  const home = temporaryFolder();
  const bin = join(home, 'bin');
  const tools = {
    npx: COMMITS,
    gh: 'echo "$@" >> "$HOME/gh.txt"; case "$*" in *list*) cat "$HOME/open.txt" 2>/dev/null || true;; *create*) echo 1 > "$HOME/open.txt";; esac',
    apk: 'exit 0',
  };
  const tool = (name: string, text: string) => write(bin, { [name]: { run: `#!/usr/bin/env bash\n${text}\n` } });
  for (const [name, text] of Object.entries(tools)) tool(name, text);
  const server = 'https://standard:t0ken@git.example/acme/orders.git';
  const settings: Record<string, string> = {
    [`url.${home}/server.git.insteadOf`]: server,
    'user.name': 'A Person',
    'user.email': 'person@example.invalid',
  };
  const env: NodeJS.ProcessEnv = {
    ...plainEnvironment({ HOME: home, PATH: `${bin}:${process.env.PATH}` }),
    RUNNER_TEMP: home,
    STANDARD_TOKEN: 't0ken',
    CI_SERVER_HOST: 'git.example',
    CI_PROJECT_PATH: 'acme/orders',
    CI_DEFAULT_BRANCH: 'main',
  };
  const git = async (folder: string, ...args: string[]): Promise<string> => {
    const result = await execute('git', args, { cwd: join(home, folder), env });
    if (result.code !== 0) throw new Error(`git ${args.join(' ')}: ${result.stderr}`);
    return result.stdout.trim();
  };
  for (const [name, value] of Object.entries(settings)) await git('.', 'config', '--global', name, value);
  await git('.', 'init', '--quiet', '--bare', '--initial-branch=main', 'server.git');
  await git('server.git', 'config', 'receive.advertisePushOptions', 'true');
  await git('.', 'clone', '--quiet', 'server.git', 'person');
  await git('person', 'commit', '--quiet', '--allow-empty', '--message', 'Start');
  await git('person', 'push', '--quiet', 'origin', 'HEAD:main');
  mkdirSync(join(home, 'checkouts'));
  let runs = 0;
  return {
    git,
    pushed: () => git('server.git', 'rev-parse', 'refs/heads/twelve/upgrade'),
    asked: () => readFileSync(join(home, 'gh.txt'), 'utf8'),
    upgrade: (script) => {
      rmSync(join(bin, 'npx'));
      tool('npx', script);
    },
    job: async () => {
      runs += 1;
      const folder = `checkouts/${runs}`;
      await git('.', 'clone', '--quiet', '--depth=1', `file://${home}/server.git`, folder);
      return execute('bash', ['-e', '-c', jobs.get(ci) ?? 'exit 99'], { cwd: join(home, folder), env });
    },
  };
}

describe.each(['github', 'gitlab'])('the weekly job of %s', (ci) => {
  it('pushes its branch, and replaces it next week', async () => {
    const { job, pushed, asked } = await team(ci);
    const first = await job();
    expect(first.code, first.stderr).toBe(0);
    const before = await pushed();
    const second = await job();
    expect(second.code, second.stderr).toBe(0);
    expect(await pushed()).not.toBe(before);
    if (ci === 'github') expect(asked()).toMatch(/pr create.*pr edit/s);
  });

  it('leaves a branch alone if a person has pushed to it', async () => {
    const { job, pushed, git } = await team(ci);
    expect((await job()).code).toBe(0);
    await git('person', 'fetch', '--quiet', 'origin', 'twelve/upgrade');
    await git('person', 'checkout', '--quiet', '-b', 'twelve/upgrade', 'FETCH_HEAD');
    await git('person', 'commit', '--quiet', '--allow-empty', '--message', 'Resolved by hand');
    await git('person', 'push', '--quiet', 'origin', 'HEAD:twelve/upgrade');
    const resolved = await pushed();
    const again = await job();
    expect([again.code, again.stdout]).toEqual([0, expect.stringContaining('has a commit of a person')]);
    expect(await pushed()).toBe(resolved);
  });

  it('pushes nothing if there is nothing to upgrade, and fails if the upgrade failed', async () => {
    const { job, pushed, upgrade } = await team(ci);
    upgrade('exit 0');
    expect((await job()).code).toBe(0);
    upgrade('exit 5');
    expect((await job()).code).toBe(5);
    await expect(pushed()).rejects.toThrow(/rev-parse/);
    upgrade(`${COMMITS}; exit 4`);
    expect((await job()).code).toBe(0);
    expect(await pushed()).toMatch(/^[0-9a-f]{40}$/);
  });
});
