import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lostLines } from '../../engine/core/merge/text/lost-lines.ts';
import { standardLines, texts } from './support/fleet.ts';
import { run } from './support/run.ts';
import { root, workFolder } from './support/service.ts';

/** A fleet of services that people edited, under audit, rehearsal and upgrade: what each says is what happens. */
const work = workFolder();
afterAll(work.remove);

const fleet = join(work.folder, 'fleet');
const env = { ...process.env, XDG_CACHE_HOME: join(work.folder, 'cache') };
const twelve = (args: readonly string[], cwd = fleet) =>
  run(process.execPath, [join(root, 'dist/bin.cjs'), ...args], { cwd, env });

interface Rehearsed {
  readonly service: string;
  readonly result: string;
}

beforeAll(() => {
  execFileSync(process.execPath, ['--import', 'tsx', 'scripts/fleet.ts', fleet, '--services', '60', '--git'], {
    cwd: root,
    env,
  });
}, 120_000);

describe('a fleet', () => {
  test('is audited: every service is in the report, and a person is needed', async () => {
    const { code, stdout } = await twelve(['audit', '--from', 'fleet.txt', '--format', 'json']);
    expect(code).toBe(4);
    expect(JSON.parse(stdout).services).toHaveLength(60);
  });

  test('is rehearsed, and upgraded just so: no line of a team is lost', async () => {
    const next = join(fleet, 'presets/3.0.0');
    const rehearsal = await twelve(['rehearse', '--preset', next, '--fleet', 'fleet.txt', '--format', 'json']);
    const services = JSON.parse(rehearsal.stdout).services as Rehearsed[];
    expect(services).toHaveLength(60);
    const tried = services.filter(({ result }) => ['clean', 'conflict'].includes(result));
    expect(tried.some(({ result }) => result === 'conflict')).toBe(true);
    const isOfStandard = standardLines(join(fleet, 'presets'), join(root, 'templates'));
    for (const { service, result } of tried) {
      const folder = join(fleet, service);
      const git = (...args: string[]) =>
        execFileSync('git', ['-c', 'user.name=x', '-c', 'user.email=x@example.com', ...args], { cwd: folder, env });
      const commit = () => {
        git('add', '--all');
        git('commit', '--quiet', '--message', 'x');
      };
      const before = texts(folder);
      const { code, stderr } = await twelve(['upgrade', '--preset', next], folder);
      expect(code, `${service}: ${stderr}`).toBe(result === 'conflict' ? 4 : 0);
      const after = [...texts(folder).values()].join('\n');
      const lost = [...before.values()].flatMap((text) => lostLines('', text, after));
      expect(lost.filter((line) => !isOfStandard(line))).toEqual([]);
      if (result === 'clean') commit();
      const again = await twelve(['upgrade'], folder);
      expect(again.code, `${service}: ${again.stderr}`).toBe(result === 'conflict' ? 3 : 0);
      if (result === 'conflict') {
        expect((await twelve(['upgrade', '--abort'], folder)).code).toBe(0);
        expect(texts(folder)).toEqual(before);
      }
    }
  }, 300_000);
});
