import { join } from 'node:path';
import { shortList } from '../../engine/core/text/short-list.ts';
import { stageName } from '../../engine/io/apply/stage.ts';
import { fs, fsExtra } from '../../engine/io/disk.ts';
import { NO_HOOKS } from '../../engine/io/git/git.ts';
import { isOwnRule, readIgnored } from '../../engine/io/git/unshared.ts';
import { runStep, type Step, type StepEnd } from './step.ts';

/** What became of the first commit. */
interface FirstCommit {
  readonly step: Step;
  readonly notes: readonly string[];
  /** What a person has to do. */
  readonly attention: readonly string[];
}

/** Nothing of git's goes on after its command has ended, and no hook or watcher runs. */
const QUIET = [...NO_HOOKS, '-c', 'core.fsmonitor=false', '-c', 'gc.auto=0', '-c', 'maintenance.auto=false'];

const messageFor = (made: string): string => `Create the ${made} with create-twelve-service`;
const BRANCH = 'main';

/** For one command of git's: one that signs may wait for a person. */
const TIMEOUT_MS = 60_000;

/** By hand, what was not done. */
const BY_HAND = 'git init && git add --all && git commit';

/**
 * Makes a repository with one commit of exactly the files that were written, whatever the user's settings ignore. It is all or
 * nothing: the repository is built in a stage, and a rename puts it in its place.
 * @param made what the commit says that it is
 * @param written the files of it
 * @param stop ends it, and nothing is left of it
 */
export async function makeFirstCommit(
  target: string,
  made: 'service' | 'workspace',
  written: readonly string[],
  stop: AbortSignal,
): Promise<FirstCommit> {
  const stage = join(target, stageName('git'));
  try {
    fs.mkdirSync(stage);
    // Git must not see a stage, whatever becomes of it.
    fs.writeFileSync(join(stage, '.gitignore'), '*\n');
    const commit = await build(target, messageFor(made), join(stage, 'repository'), written, stop);
    if (commit.step === 'done') fs.renameSync(join(stage, 'repository'), join(target, '.git'));
    return commit;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall === undefined) throw error;
    return failed((error as Error).message);
  } finally {
    fsExtra().removeSync(stage);
  }
}

async function build(
  target: string,
  message: string,
  store: string,
  written: readonly string[],
  stop: AbortSignal,
): Promise<FirstCommit> {
  const git = (args: readonly string[], input?: string): Promise<StepEnd> =>
    runStep('git', [...QUIET, ...args], {
      cwd: target,
      stop: AbortSignal.any([stop, AbortSignal.timeout(TIMEOUT_MS)]),
      // check-ignore refuses it, and the other commands here take no patterns.
      env: { GIT_LITERAL_PATHSPECS: undefined },
      ...(input === undefined ? {} : { input }),
    });
  const inStore = (args: readonly string[], input?: string) =>
    git([`--git-dir=${store}`, `--work-tree=${target}`, ...args], input);
  const notes: string[] = [];
  const attention: string[] = [];
  const done = { step: 'done', notes, attention } as const;
  // The name of the stage is not that of a repository with a work tree, so git has to be told.
  for (const args of [
    ['init', '--quiet', '--bare', `--initial-branch=${BRANCH}`, store],
    [`--git-dir=${store}`, 'config', 'core.bare', 'false'],
  ]) {
    const end = await git(args);
    if (!end.ok) return failed(end.reason);
  }
  const settings = await readSettings(target, store, stop);
  const branch = settings.get('init.defaultbranch') || BRANCH;
  if (branch !== BRANCH)
    notes.push(`the branch is ${BRANCH}, as pipelines expect; init.defaultBranch of your git is ${branch}`);
  const ignored = await inStore(['check-ignore', '-v', '-z', '--stdin'], nul(written));
  if (!ignored.ok && ignored.code !== 1) return failed(ignored.reason);
  const own = ignored.ok ? readIgnored(ignored.stdout, target, target).filter(({ by }) => isOwnRule(target, by)) : [];
  const left = new Set(own.map(({ path }) => path));
  if (left.size > 0) notes.push(`the service's own .gitignore leaves these out of git: ${shortList([...left])}`);
  const added = await inStore(
    ['update-index', '--add', '-z', '--stdin'],
    nul(written.filter((path) => !left.has(path))),
  );
  if (!added.ok) return failed(added.reason);
  const identity = await inStore(['var', 'GIT_COMMITTER_IDENT']);
  if (!identity.ok && identity.code === undefined) return failed(identity.reason);
  if (!identity.ok) {
    notes.push(
      'nothing is committed: git does not know your name yet (git config user.name and user.email); then git commit',
    );
    return done;
  }
  const signs = /^(true|yes|on|1|)$/i.test(settings.get('commit.gpgsign') ?? 'no');
  const commit = await inStore(['commit', '--quiet', '--message', message]);
  if (!commit.ok) {
    if (!signs || stop.aborted) return failed(commit.reason);
    const unsigned = await inStore(['commit', '--quiet', '--no-gpg-sign', '--message', message]);
    if (!unsigned.ok) return failed(unsigned.reason);
    attention.push(`the first commit is not signed (${commit.reason}): git commit --amend --no-edit -S`);
  }
  const hooks = ['core.hookspath', 'init.templatedir'].filter((name) => settings.get(name));
  if (hooks.length > 0) notes.push(`the first commit ran no hook; later ones run those of ${hooks.join(' and ')}`);
  const others = await inStore(['ls-files', '-z', '--others', '--exclude-standard', '--directory']);
  const strangers = others.ok
    ? others.stdout.split('\0').filter((path) => path !== '' && !path.includes('.twelve-stage-'))
    : [];
  if (strangers.length > 0) notes.push(`not committed, since the run did not make them: ${shortList(strangers)}`);
  return done;
}

/** The settings of git's that hold in the new repository. Of several values of one name the last one counts. */
async function readSettings(target: string, store: string, stop: AbortSignal): Promise<ReadonlyMap<string, string>> {
  const args = [`--git-dir=${store}`, 'config', '--null', '--list'];
  const end = await runStep('git', args, { cwd: target, stop });
  const lines = end.ok ? end.stdout.split('\0') : [];
  return new Map(
    lines.map((line) => {
      const [name = '', ...value] = line.split('\n');
      return [name, value.join('\n')];
    }),
  );
}

function failed(reason: string): FirstCommit {
  return { step: 'failed', notes: [`no git repository was made: ${reason}; make it with ${BY_HAND}`], attention: [] };
}

function nul(paths: readonly string[]): string {
  return paths.map((path) => `${path}\0`).join('');
}
