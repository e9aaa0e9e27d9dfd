import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Harness } from '../harness/harness.ts';
import { describeExit } from '../harness/process/process.ts';
import { type FoundLock, findLock, installsOf, PACKAGE_MANAGERS } from '../lockfiles.ts';
import type { Rule } from '../rule.ts';
import { all } from '../subject.ts';

/** Lines of an .npmrc; what is left changes what a manifest means (`legacy-peer-deps`). */
const CREDENTIALS = /^.*(_auth|_password|:username|:certfile|:keyfile).*$/gim;

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** Versions that are folders beside the manifest. */
const LOCAL = /^(file|link|portal|workspace):/;
/** In what a package manager is told: other folders, and patches. */
const OTHERS = /^packages:|"workspaces"|patchedDependencies/m;

export const rule: Rule = {
  id: 'II-1',
  level: 'MUST',
  factor: 'II. Dependencies',
  statement:
    'Dependencies are locked in git, the image installs exactly the lock, and a manifest that the lock does not know stops the build.',
  why: 'Without it two builds of one commit hold different code, and nobody chose the difference.',
  mend: 'Commit the lockfile (not in .gitignore) and install from it alone in the Dockerfile: `npm ci`, `pnpm install --frozen-lockfile`, `yarn install --immutable`; never `npm install`.',
  applies: (subject) =>
    all(
      subject.hasFolder(),
      existsSync(join(subject.target.folder ?? '', 'package.json')) || 'the folder has no package.json',
    ),
  async check(harness) {
    const folder = harness.subject.target.folder ?? '';
    const lock = findLock(folder);
    const names = lock ? [lock.manager.lock] : PACKAGE_MANAGERS.map((manager) => manager.lock);
    const isIgnored = lock !== undefined && ignores(lock.folder, lock.manager.lock);
    const got = lock === undefined ? 'none' : isIgnored ? 'ignored by git' : 'there';
    const sent = `look for ${names.join(', ')}`;
    harness.saw({ sent, expected: 'there, not ignored by git', got, ok: got === 'there' });

    const dockerfile = read(folder, 'Dockerfile');
    const installs = installsOf(dockerfile ?? '');
    const without = dockerfile === undefined ? 'the folder has no Dockerfile' : 'it installs nothing';
    harness.saw({
      sent: 'look at the installs of the Dockerfile',
      expected: `each installs exactly the lock (${lock?.manager.install.join(' ') ?? 'npm ci'})`,
      got: installs.map(({ text }) => text).join(', ') || `not looked at: ${without}`,
      ok: installs.every(({ isFrozen }) => isFrozen),
    });
    if (lock) await compare(harness, lock);
    return harness.evidence;
  },
};

/** Gives the package manager the manifest with its lock, and one that the lock does not know. */
async function compare(harness: Harness, lock: FoundLock): Promise<void> {
  const { folder = '' } = harness.subject.target;
  const { check, lock: name, install } = lock.manager;
  const manifest = JSON.parse(read(folder, 'package.json') ?? '{}') as Manifest;
  const versions = Object.values({
    ...manifest.dependencies,
    ...manifest.devDependencies,
    ...manifest.optionalDependencies,
  });
  const told = [read(folder, 'package.json'), read(folder, 'pnpm-workspace.yaml')].join('\n');
  const isAlone = lock.folder === folder && !OTHERS.test(told) && !versions.some((version) => LOCAL.test(version));
  if (check === undefined || !isAlone) {
    const why = isAlone
      ? `${lock.manager.name} cannot do it without a network`
      : 'other files of the repository belong to it';
    const expected = 'refused: not in sync';
    harness.saw({
      sent: `${install.join(' ')} with another package.json`,
      expected,
      got: `not looked at: ${why}`,
      ok: true,
    });
    return;
  }
  const run = async (cwd: string, content: Manifest) => {
    mkdirSync(join(cwd, 'twelve-probe'), { recursive: true });
    writeFileSync(join(cwd, 'package.json'), JSON.stringify(content));
    writeFileSync(join(cwd, 'twelve-probe', 'package.json'), '{"name":"twelve-probe","version":"1.0.0"}');
    for (const file of [name, 'pnpm-workspace.yaml', '.npmrc']) {
      const text = read(folder, file);
      if (text !== undefined) writeFileSync(join(cwd, file), text.replace(CREDENTIALS, ''));
    }
    const { child, exit } = await harness.tool(check.command, { cwd, env: { npm_config_update_notifier: 'false' } });
    if (exit.code === 0) return 'exit 0';
    return child.output.trim().split('\n').slice(0, 4).join(' ') || describeExit(exit);
  };
  const edited = { ...manifest, dependencies: { ...manifest.dependencies, 'twelve-probe': 'file:./twelve-probe' } };
  const [same, other] = await Promise.all([
    run(join(harness.temp, 'same'), manifest),
    run(join(harness.temp, 'edited'), edited),
  ]);
  harness.saw({ sent: check.command.join(' '), expected: 'exit 0', got: same, ok: same === 'exit 0' });
  harness.saw({
    sent: 'the same with one more dependency in package.json alone',
    expected: 'refused: not in sync',
    got: other,
    ok: check.refused.test(other),
  });
}

/** Whether a folder's .gitignore has the name of a file in it. */
function ignores(folder: string, name: string): boolean {
  const lines = (read(folder, '.gitignore') ?? '').split(/\r?\n/).map((line) => line.trim().replace(/^\//, ''));
  return lines.includes(name);
}

function read(folder: string, name: string): string | undefined {
  return existsSync(join(folder, name)) ? readFileSync(join(folder, name), 'utf8') : undefined;
}
