import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Harness } from '../harness/harness.ts';
import { describeExit } from '../harness/process/process.ts';
import { errorsFirst } from '../harness/process/quote.ts';
import { commandsOf, findLock } from '../lockfiles.ts';
import type { Rule } from '../rule.ts';
import { read } from '../runtimes/files.ts';
import { ofAll, runtimeOf } from '../runtimes/index.ts';
import type { FoundLock, LockCheck, LockedProject, Runtime } from '../runtimes/runtime.ts';
import { all } from '../subject.ts';

const FROZEN = [...new Set(ofAll(({ packageManagers }) => packageManagers.map(({ install }) => install.join(' '))))];

export const rule: Rule = {
  id: 'II-1',
  level: 'MUST',
  factor: 'II. Dependencies',
  promises: {
    'twelve-factor':
      'Dependencies are locked in git, the image installs exactly the lock, and a manifest that the lock does not know stops the build.',
  },
  why: 'Without it two builds of one commit hold different code, and nobody chose the difference.',
  mend: `Commit the lockfile (not in .gitignore) and install from it alone in the Dockerfile: ${FROZEN.map((text) => `\`${text}\``).join(', ')}; never with a command that may change the lock.`,
  byHand: ['git ls-files | grep -i lock; grep -n RUN Dockerfile'],
  applies: (subject) =>
    all(
      subject.hasFolder(),
      runtimeOf(subject.target.folder ?? '') !== undefined || 'no manifest of dependencies is known in the folder',
    ),
  async check(harness) {
    const folder = harness.subject.target.folder ?? '';
    const runtime = runtimeOf(folder);
    if (runtime === undefined) throw new Error('there was a manifest a moment ago');
    const lock = findLock(runtime, folder);
    const names = lock ? [lock.manager.lock] : runtime.packageManagers.map((manager) => manager.lock);
    const isIgnored = lock !== undefined && ignores(lock.folder, lock.manager.lock);
    const loose = runtime.packageManagers.find((manager) => read(folder, manager.lock) !== undefined);
    const none = loose ? `${loose.lock}, which does not lock every version (${loose.install.join(' ')})` : 'none';
    const got = lock === undefined ? none : isIgnored ? 'ignored by git' : 'there';
    const sent = `look for ${names.join(', ')}`;
    harness.saw({ sent, expected: 'there, not ignored by git', got, ok: got === 'there' });

    const dockerfile = read(folder, 'Dockerfile');
    const installs = runtime.installs(commandsOf(dockerfile ?? ''));
    const without = dockerfile === undefined ? 'the folder has no Dockerfile' : 'it installs nothing';
    const { install } = lock?.manager ?? runtime.packageManagers[0] ?? {};
    harness.saw({
      sent: 'look at the installs of the Dockerfile',
      expected: `each installs exactly the lock (${install?.join(' ')})`,
      got: installs.map(({ text }) => text).join(', ') || `not looked at: ${without}`,
      ok: installs.every(({ isFrozen }) => isFrozen),
    });
    if (lock && !harness.leavesOut('whether the lock fits')) await compare(harness, runtime, lock);
    return harness.evidence;
  },
};

/** Gives the package manager the manifest with its lock, and one that the lock does not know. */
async function compare(harness: Harness, runtime: Runtime, lock: FoundLock): Promise<void> {
  const { folder = '' } = harness.subject.target;
  const { name, check, install, lock: file } = lock.manager;
  const manifest = runtime.manifests.find((path) => existsSync(join(folder, path))) ?? 'manifest';
  const skip = (why: string) =>
    harness.saw({
      sent: `${install.join(' ')} with another ${manifest}`,
      expected: 'refused: not in sync',
      got: `not looked at: ${why}`,
      ok: true,
    });
  if (lock.folder !== folder) return void skip('other files of the repository belong to it');
  const unlocked = lock.manager.unlocked?.(folder);
  if (unlocked)
    harness.saw({
      sent: `look for each dependency of ${manifest} in ${file}`,
      expected: 'there',
      got: unlocked.length === 0 ? 'there' : `not there: ${unlocked.join(', ')}`,
      ok: unlocked.length === 0,
    });
  if (check === undefined) return void skip(`${name} cannot do it without a network`);
  const project = check.project(folder, file);
  if (typeof project === 'string') return void skip(project);
  const env = runtime.toolEnvironment(process.env.HOME ?? homedir());
  const [same, other] = await Promise.all([
    tryLock(harness, check, { ...project, edited: {} }, env),
    tryLock(harness, check, project, env),
  ]);
  if (runtime.needsNetwork?.test(same.output)) return void skip(`${name} cannot do it without a network`);
  harness.saw({ sent: check.command.join(' '), expected: 'exit 0', got: same.got, ok: same.isTaken });
  harness.saw({
    sent: `the same with one more dependency in ${manifest} alone`,
    expected: 'refused: not in sync',
    got: other.got,
    ok: !other.isTaken && check.refused.test(other.output),
  });
}

/** What a package manager said of a manifest and a lock. */
interface Tried {
  readonly isTaken: boolean;
  readonly output: string;
  /** For evidence. */
  readonly got: string;
}

async function tryLock(
  harness: Harness,
  { command }: LockCheck,
  { files, edited }: LockedProject,
  env: Readonly<Record<string, string>>,
): Promise<Tried> {
  const cwd = join(harness.temp, Object.keys(edited).length > 0 ? 'edited' : 'same');
  for (const [path, text] of Object.entries({ ...files, ...edited })) {
    mkdirSync(dirname(join(cwd, path)), { recursive: true });
    writeFileSync(join(cwd, path), text);
  }
  const { child, exit } = await harness.tool(command, { cwd, env });
  const { output } = child;
  const isTaken = exit.code === 0;
  return { isTaken, output, got: (!isTaken && errorsFirst(output).replaceAll('\n', ' ')) || describeExit(exit) };
}

/** Whether a folder's .gitignore has the name of a file in it. */
function ignores(folder: string, name: string): boolean {
  const lines = (read(folder, '.gitignore') ?? '').split(/\r?\n/).map((line) => line.trim().replace(/^\//, ''));
  return lines.includes(name);
}
