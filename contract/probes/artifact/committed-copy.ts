import { appendFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Harness } from '../../harness/harness.ts';
import { describeExit } from '../../harness/process/process.ts';
import type { Ended } from '../../harness/runner.ts';
import { ofAll, runtimeOf } from '../../runtimes/index.ts';

/** A folder that is a repository with one commit of all its files, and ways to run programs in it. */
interface CommittedCopy {
  readonly folder: string;
  /** Runs a tool as a team does, without a network. */
  run(...command: [string, ...string[]]): Promise<Ended>;
  /** The lines that git printed. @throws with what it said when it fails */
  git(...args: string[]): Promise<string[]>;
}

/**
 * Makes a repository of a copy of the service.
 * @param env variables that tools need besides
 */
export async function commitCopy(
  harness: Harness,
  folder: string,
  env: Readonly<Record<string, string>> = {},
): Promise<CommittedCopy> {
  const given = {
    ...harness.subject.target.env,
    GIT_CONFIG_NOSYSTEM: '1',
    ...runtimeOf(folder)?.toolEnvironment(process.env.HOME ?? homedir()),
    ...env,
  };
  const run = (...command: [string, ...string[]]) =>
    harness.tool(command, { cwd: folder, env: given, timeoutMs: 180_000 });
  const git = async (...args: string[]) => {
    const { child, exit } = await run('git', '-c', 'user.name=probe', '-c', 'user.email=probe@localhost', ...args);
    if (exit.code !== 0) throw new Error(`git ${args[0]}: ${describeExit(exit)}: ${child.stderr}`);
    return child.lines.map(({ text }) => text);
  };
  await git('init', '--quiet');
  // The copy's dependencies are a link, which a folder's name with a slash in a .gitignore does not match.
  appendFileSync(join(folder, '.git/info/exclude'), ofAll(({ linkedFolders }) => linkedFolders).join('\n'));
  await git('add', '--all');
  await git('commit', '--quiet', '--message', 'as it was');
  return { folder, run, git };
}
