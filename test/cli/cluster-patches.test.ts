// @module-tag sampled
import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../support/folder.ts';
import { inFolder, preset } from '../support/preset.ts';
import { FILES_ONLY, ROOT, run } from '../support/program.ts';

/** One edit that many teams made is one cluster, and `git apply` takes its patch in the standard's folder. */

const OWNERS = [
  '# Who owns it',
  '{{#if postgres}}',
  'database: yes',
  '{{/if}}',
  'team: {{team}}',
  'mail: {{yaml team}}@example.com',
  '{{#unless redis}}',
  'cache: no',
  '{{/unless}}',
  'service: {{name}}',
  'workflow: $\\{{ github.sha }}',
  'end: here',
  '',
].join('\n');

const QUESTIONS = 'layers:\n  - path: base\nquestions:\n  - name: team\n    type: string\n    message: Who\n';

interface Cluster {
  readonly services: readonly string[];
  readonly source: string;
  readonly patch: string;
  readonly note?: string;
}

/** Services of three teams, each edited the same way, and what the audit makes of it. */
async function audited(edit: (text: string, name: string, team: string) => string, file = 'owners.yml') {
  const cwd = temporaryFolder(inFolder('preset', preset(QUESTIONS, { 'base/owners.yml.hbs': OWNERS })));
  const teams = { orders: 'red', 'order-items': 'green', bills: 'deep-blue' };
  for (const [name, team] of Object.entries(teams)) {
    const made = await run([name, '--preset', './preset', '--team', team, '--yes', ...FILES_ONLY], { cwd });
    expect(made.code, made.stderr).toBe(0);
    const path = join(cwd, name, file);
    writeFileSync(path, edit(readFileSync(path, 'utf8'), name, team));
  }
  const { stdout } = await run(['audit', ...Object.keys(teams), '--format', 'json'], { cwd });
  const { clusters } = JSON.parse(stdout) as { clusters: readonly Cluster[] };
  return { clusters, cwd };
}

/** The standard's file with the patch, as git makes it. */
function applied({ patch, source }: Cluster, standard: string): string {
  const copy = temporaryFolder();
  cpSync(standard, copy, { recursive: true });
  const git = spawnSync('git', ['apply', '--unsafe-paths', '-'], { cwd: copy, input: patch, encoding: 'utf8' });
  expect(git.status, `${git.stderr}\n${patch}`).toBe(0);
  return readFileSync(join(copy, source), 'utf8');
}

describe('the patch of a cluster', () => {
  it.each<[string, (text: string, name: string, team: string) => string, string, string]>([
    [
      'a line with an answer',
      (text) => text.replace(/^team: .*$/m, '$& # on call'),
      'team: {{team}}',
      'team: {{team}} # on call',
    ],
    [
      'a line with a helper',
      (text) => text.replace(/^mail: (.*)$/m, 'mail: oncall-$1'),
      'mail: {{yaml team}}@',
      'mail: oncall-{{yaml team}}@',
    ],
    [
      'a line between two conditions',
      (text) => text.replace('database: yes\n', 'database: PostgreSQL\n'),
      'database: yes',
      'database: PostgreSQL',
    ],
    [
      'a new line with an answer and the name',
      (text, name, team) => text.replace('end: here', `pager: ${team}-${name}\nend: here`),
      'end: here',
      'pager: {{team}}-{{name}}\nend: here',
    ],
    ['a first line', (text) => `# Ours\n${text}`, '# Who owns it', '# Ours\n# Who owns it'],
    ['a last line', (text) => `${text}last: 1\n`, 'end: here\n', 'end: here\nlast: 1\n'],
    [
      'a line with a tag of another language',
      (text) => text.replace('github.sha', 'github.ref'),
      'github.sha',
      'github.ref',
    ],
    ['a line that is gone', (text) => text.replace(/^team: .*\n/m, ''), 'team: {{team}}\n', ''],
  ])('with %s is one, and git takes it', async (_what, edit, was, is) => {
    const { clusters, cwd } = await audited(edit);
    expect(clusters.map(({ services }) => services)).toEqual([['orders', 'order-items', 'bills']]);
    const [cluster] = clusters as [Cluster];
    expect(cluster.note).toBe(undefined);
    expect(applied(cluster, join(cwd, 'preset'))).toBe(OWNERS.replace(was, () => is));
  });

  it('of a file of this program is one, and git takes it in its repository', async () => {
    const edit = (text: string, name: string) => text.replace(/^EXPOSE .*$/m, `$&\nENV APP_TITLE=${name}`);
    const { clusters } = await audited(edit, 'Dockerfile');
    expect(clusters.map(({ services }) => services.length)).toEqual([3]);
    const [cluster] = clusters as [Cluster];
    const source = readFileSync(join(ROOT, cluster.source), 'utf8');
    const folder = temporaryFolder({ [cluster.source]: source });
    expect(applied(cluster, folder)).toBe(source.replace(/^EXPOSE .*$/m, (line) => `${line}\nENV APP_TITLE={{name}}`));
  });

  it('of a block that a preset fills is one too, and says that it is made by hand', async () => {
    const cwd = temporaryFolder(
      inFolder(
        'preset',
        preset(QUESTIONS, { 'base/x.txt': 'x\n', 'blocks/dockerfile-runtime.hbs': 'LABEL team={{team}}\n' }),
      ),
    );
    const teams = { orders: 'red', bills: 'green' };
    for (const [name, team] of Object.entries(teams)) {
      await run([name, '--preset', './preset', '--team', team, '--yes', ...FILES_ONLY], { cwd });
      const path = join(cwd, name, 'Dockerfile');
      writeFileSync(path, readFileSync(path, 'utf8').replace(`team=${team}`, `team=${team}-team`));
    }
    const { stdout } = await run(['audit', ...Object.keys(teams), '--format', 'json'], { cwd });
    const { clusters } = JSON.parse(stdout) as { clusters: readonly Cluster[] };
    expect(clusters.map(({ services, note }) => [services.length, note])).toEqual([
      [2, expect.stringContaining('by hand')],
    ]);
  });
});
