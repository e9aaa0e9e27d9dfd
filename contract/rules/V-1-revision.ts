import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { jsonOrUndefined } from '../harness/http/ask.ts';
import { imageConfig } from '../harness/image/docker.ts';
import type { Rule } from '../rule.ts';

const exec = promisify(execFile);

export const rule: Rule = {
  id: 'V-1',
  level: 'MUST',
  factor: 'V. Build, release, run',
  statement:
    '`/version`, the verb `version` and the image label `org.opencontainers.image.revision` all give the commit that was built.',
  why: 'On a bad day the first question is which commit is running, and every place must give the same answer.',
  mend: 'Write the commit into the artifact once, at build time; serve it from /version and the `version` verb; set the label from the same build argument.',
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
    if (target.folder !== undefined && existsSync(join(target.folder, '.git'))) {
      const { stdout } = await exec('git', ['-c', 'safe.directory=*', 'rev-parse', 'HEAD'], {
        cwd: target.folder,
        timeout: 10_000,
      });
      const got = String(revision);
      harness.saw({
        sent: 'git rev-parse HEAD',
        expected: `the revision, ${stdout.trim()}`,
        got,
        ok: got === stdout.trim(),
      });
    }
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
