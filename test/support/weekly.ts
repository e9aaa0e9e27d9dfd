import { cpSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { temporaryFolder, write } from './folder.ts';
import { execute, FILES_ONLY, plainEnvironment, type RunResult, run } from './program.ts';

/** The weekly upgrade job of the generated pipelines, and repositories to run it in. */

/**
 * The scripts of the jobs, unchanged, by pipeline.
 * @param parent an empty folder, in which services are made
 */
export async function weeklyJobs(parent: string): Promise<ReadonlyMap<string, string>> {
  const jobs = new Map<string, string>();
  for (const ci of ['github', 'gitlab']) {
    const made = await run([ci, '--ci', ci, '--yes', ...FILES_ONLY], { cwd: parent });
    if (made.code !== 0) throw new Error(made.stderr);
  }
  const steps = parse(readFileSync(join(parent, 'github/.github/workflows/standard.yml'), 'utf8')).jobs.upgrade.steps;
  jobs.set('github', steps.flatMap(({ run = '' }: { run?: string }) => run).join('\n'));
  jobs.set('gitlab', parse(readFileSync(join(parent, 'gitlab/.gitlab-ci.yml'), 'utf8')).standard.script.join('\n'));
  return jobs;
}

/** What a fake `upgrade --branch` does. */
export const COMMITS =
  'git update-ref refs/heads/twelve/upgrade "$(git commit-tree HEAD^{tree} -p HEAD -m "Upgrade $RANDOM")" ""';

export interface Team {
  /** The home of the job. It has the folder `person`, a clone. */
  readonly home: string;
  /** Runs the job in a fresh clone. */
  readonly job: () => Promise<RunResult>;
  readonly git: (folder: string, ...args: string[]) => Promise<string>;
  /** The commit of the branch on the server. */
  readonly pushed: () => Promise<string>;
  /** The calls of `gh`. */
  readonly asked: () => string;
  /** Another program in place of `npx`. */
  readonly upgrade: (script: string) => void;
}

/**
 * A server with a repository. `npx` commits to the branch, like upgrade; `gh` records its calls.
 * @param script of the job
 * @param service a folder with the files of the repository; an empty repository without it
 */
export async function team(script: string, service?: string, more: NodeJS.ProcessEnv = {}): Promise<Team> {
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
    ...more,
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
  if (service !== undefined) cpSync(service, join(home, 'person'), { recursive: true });
  await git('person', 'add', '--all');
  await git('person', 'commit', '--quiet', '--allow-empty', '--message', 'Start');
  await git('person', 'push', '--quiet', 'origin', 'HEAD:main');
  mkdirSync(join(home, 'checkouts'));
  let runs = 0;
  return {
    home,
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
      return execute('bash', ['-e', '-c', script], { cwd: join(home, folder), env });
    },
  };
}
