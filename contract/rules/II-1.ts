import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeExit } from '../harness/service.ts';
import { all } from '../subject.ts';
import type { Rule } from '../types.ts';

export const rule: Rule = {
  id: 'II-1',
  level: 'MUST',
  factor: 'II. Dependencies',
  statement:
    'Dependencies are locked in git, the image installs exactly the lock, and a manifest that the lock does not know stops the build.',
  why: 'Without it two builds of one commit hold different code, and nobody chose the difference.',
  mend: 'Commit package-lock.json (not in .gitignore) and install with `npm ci` in the Dockerfile, never with `npm install`.',
  applies: (subject) =>
    all(
      subject.hasFolder(),
      existsSync(join(subject.target.folder ?? '', 'package.json')) || 'the folder has no package.json',
    ),
  async check(harness) {
    const folder = harness.subject.target.folder ?? '';
    const read = (name: string) =>
      existsSync(join(folder, name)) ? readFileSync(join(folder, name), 'utf8') : undefined;
    const lock = read('package-lock.json');
    const ignored = /^\/?package-lock\.json$/m.test(read('.gitignore') ?? '');
    const state = lock === undefined ? 'none' : ignored ? 'ignored by git' : 'there';
    harness.saw({
      sent: 'look for package-lock.json',
      expected: 'there, not ignored by git',
      got: state,
      ok: state === 'there',
    });
    const installs = [...(read('Dockerfile') ?? '').matchAll(/\bnpm (ci|install|i)\b/g)].map(([text]) => text);
    const frozen = installs.length > 0 && installs.every((text) => text === 'npm ci');
    harness.saw({
      sent: 'look at the installs of the Dockerfile',
      expected: 'npm ci only',
      got: installs.join(', ') || 'none',
      ok: frozen,
    });

    const manifest = JSON.parse(read('package.json') ?? '{}') as Record<string, Record<string, string>>;
    const edited = { ...manifest, dependencies: { ...manifest.dependencies, 'twelve-probe': 'file:./twelve-probe' } };
    const install = async (name: string, content: unknown) => {
      const cwd = join(harness.temp, name);
      mkdirSync(cwd);
      writeFileSync(join(cwd, 'package.json'), JSON.stringify(content));
      mkdirSync(join(cwd, 'twelve-probe'));
      writeFileSync(join(cwd, 'twelve-probe', 'package.json'), '{"name":"twelve-probe","version":"1.0.0"}');
      if (lock !== undefined) writeFileSync(join(cwd, 'package-lock.json'), lock);
      const { child, exit } = await harness.tool(['npm', 'ci', '--dry-run', '--ignore-scripts'], {
        cwd,
        env: { npm_config_offline: 'true', npm_config_update_notifier: 'false' },
      });
      return exit.code === 0 ? 'exit 0' : child.stderr.split('\n').slice(0, 4).join(' ') || describeExit(exit);
    };
    const [same, other] = await Promise.all([install('same', manifest), install('edited', edited)]);
    harness.saw({ sent: 'npm ci --dry-run', expected: 'exit 0', got: same, ok: same === 'exit 0' });
    const refused = /in sync|EUSAGE/.test(other);
    harness.saw({
      sent: 'the same with one more dependency in package.json alone',
      expected: 'refused: not in sync',
      got: other,
      ok: refused,
    });
    return harness.evidence;
  },
};
