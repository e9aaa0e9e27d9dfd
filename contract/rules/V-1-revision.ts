import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Harness } from '../harness/harness.ts';
import { jsonOrUndefined } from '../harness/http/ask.ts';
import { imageConfig } from '../harness/image/docker.ts';
import { commitCopy } from '../probes/artifact/committed-copy.ts';
import type { Rule } from '../rule.ts';
import { runtimeOf } from '../runtimes/index.ts';

const exec = promisify(execFile);
/** How git and others name a commit, with a mark for what was not committed. */
const COMMIT = /^[0-9a-f]{7,64}([-+.]\w*)?$/i;

export const rule: Rule = {
  id: 'V-1',
  level: 'MUST',
  factor: 'V. Build, release, run',
  promises: {
    house:
      '`/version`, the verb `version` and the image label `org.opencontainers.image.revision` all give the commit that was built.',
  },
  why: 'On a bad day the first question is which commit is running, and every place must give the same answer.',
  mend: 'Write the commit into the artifact once, at build time; serve it from /version and the `version` verb; set the label from the same build argument.',
  byHand: [
    'curl -s $URL/version; $PROGRAM version; git rev-parse HEAD',
    'docker image inspect --format \'{{index .Config.Labels "org.opencontainers.image.revision"}}\' $IMAGE',
  ],
  applies: (subject) => subject.answers(),
  async check(harness) {
    const { target } = harness.subject;
    const service = await harness.endpoint();
    const served = await service.ask('/version');
    const { name, version, revision } = (served.json ?? {}) as Record<string, unknown>;
    const complete = [name, version, revision].every((value) => typeof value === 'string' && value !== '');
    harness.saw({
      sent: 'GET /version',
      expected: '200 with name, version and revision',
      got: served.text,
      ok: served.status === 200 && complete,
    });
    if (harness.subject.takesVerbs() === true) {
      const { child, exit } = await harness.printed(['version']);
      const printed = jsonOrUndefined(child.lines.map(({ text }) => text).join('\n'));
      const same = exit.code === 0 && printed !== undefined && JSON.stringify(printed) === JSON.stringify(served.json);
      const got = child.output.trim();
      harness.saw({ sent: 'the verb version', expected: 'exit 0 and the same JSON', got, ok: same });
    }
    await seeCommit(harness, String(revision));
    if (target.kind === 'image') {
      const got = (await imageConfig(target.image)).Labels?.['org.opencontainers.image.revision'] ?? '(none)';
      harness.saw({
        sent: 'org.opencontainers.image.revision',
        expected: `the revision, ${revision}`,
        got,
        ok: got === revision,
      });
    }
    return harness.evidence;
  },
};

/** Whether the revision is the commit: by the folder's repository, or else by a build of another commit. */
async function seeCommit(harness: Harness, revision: string): Promise<void> {
  const { target } = harness.subject;
  const head = target.folder === undefined ? undefined : await headOf(target.folder);
  if (head !== undefined) {
    harness.saw({
      sent: 'git rev-parse HEAD',
      expected: `the revision, ${head}`,
      got: revision,
      ok: revision === head,
      steady: true,
    });
  } else if (target.kind === 'process') await seeBuild(harness, target.folder);
  else {
    harness.saw({ sent: 'the revision', expected: 'a commit', got: revision, ok: COMMIT.test(revision), steady: true });
    harness.leftOut.push('whether the revision is the commit that was built: no repository is given');
  }
}

/** Builds a copy of the folder, of which everything was committed: what it says then has to be that commit. */
async function seeBuild(harness: Harness, folder: string): Promise<void> {
  const leaveOut = (why: string) => harness.leftOut.push(`whether the revision is the commit that was built: ${why}`);
  const checks = runtimeOf(folder)?.checks(folder) ?? [];
  const builds = typeof checks === 'string' ? [] : checks.filter(({ kind }) => kind === 'build');
  if (builds.length === 0 || harness.subject.takesVerbs() !== true)
    return void leaveOut('the folder is no git repository, and how it is built is not known');
  const target = harness.artifact({});
  const copy = await commitCopy(harness, target.folder);
  for (const { command } of builds)
    if ((await copy.run(...command)).exit.code !== 0) return void leaveOut(`${command.join(' ')} fails in a copy`);
  const [head] = await copy.git('rev-parse', 'HEAD');
  const { child } = await harness.run(['version'], { target });
  const printed = jsonOrUndefined(child.lines.map(({ text }) => text).join('\n'));
  const got = String((Object(printed) as Record<string, unknown>).revision);
  harness.saw({
    sent: 'the verb version of a copy that was committed and built',
    expected: `the revision ${head}`,
    got,
    ok: got === head,
  });
}

/** The commit of a folder that git knows files of, also below the root of its repository. */
async function headOf(folder: string): Promise<string | undefined> {
  const git = async (...args: string[]) =>
    (await exec('git', ['-c', 'safe.directory=*', ...args], { cwd: folder, timeout: 10_000 })).stdout.trim();
  try {
    return (await git('ls-files')) === '' ? undefined : await git('rev-parse', 'HEAD');
  } catch {
    return undefined; // It is no repository, it has no commit, or git is not installed.
  }
}
