// @module-tag node
// @module-tag wider
import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeChange } from '../../engine/core/plan.ts';
import { runCreate } from '../../generators/create/run.ts';
import { campaign } from '../support/extent.ts';
import { snapshot, withFolder } from '../support/folder.ts';
import { execute, FILES_ONLY, PROGRAM, plainEnvironment, ROOT } from '../support/program.ts';

/** Law 3. The same answers and template version give the same bytes, on every machine. */

const answers = fc.record({
  name: fc.constantFrom('orders', '@acme/order-items', 'on'),
  database: fc.constantFrom('postgres', 'none'),
  cache: fc.constantFrom('redis', 'none'),
  ci: fc.constantFrom('github', 'gitlab', 'none'),
  description: fc.constantFrom('plain', 'İstanbul ß "quoted" $HOME', "l'été: 1e3 # no"),
});

interface Machine {
  readonly env: Record<string, string>;
  readonly umask: string;
  /** Seconds by which its clock is wrong. */
  readonly clock: number;
  readonly folder: string;
  readonly installedElsewhere: boolean;
}

const machine: fc.Arbitrary<Machine> = fc.record({
  env: fc.record({
    TZ: fc.constantFrom('UTC', 'Pacific/Kiritimati', 'America/St_Johns'),
    LC_ALL: fc.constantFrom('C', 'C.UTF-8', 'tr_TR.UTF-8', 'de_DE.UTF-8'),
    HOME: fc.constantFrom('/nonexistent', '/', '/tmp'),
    USER: fc.constantFrom('root', 'nobody', 'ünïcode'),
    NODE_ENV: fc.constantFrom('', 'production', 'test'),
    COLUMNS: fc.constantFrom('20', '200'),
    FORCE_COLOR: fc.constantFrom('0', '3'),
  }),
  umask: fc.constantFrom('022', '002', '077'),
  clock: fc.constantFrom(0, -3e9, 2e9),
  folder: fc.constantFrom('a', 'with space', 'ünïcode/deep'),
  installedElsewhere: fc.boolean(),
});

/** Bytes and execute bits of the files that a machine makes. The rest of a mode depends on the user's umask. */
async function make(
  given: object,
  { env, umask, clock, folder, installedElsewhere }: Machine,
): Promise<Record<string, string>> {
  return withFolder(
    { 'clock.cjs': `const real = Date.now; Date.now = () => real() + ${clock} * 1000;` },
    async (home) => {
      const cwd = join(home, folder);
      mkdirSync(cwd, { recursive: true });
      if (installedElsewhere) cpSync(join(ROOT, 'dist'), join(home, 'dist'), { recursive: true });
      const program = installedElsewhere ? join(home, 'dist/bin.cjs') : PROGRAM;
      const command = `umask ${umask} && exec "$0" "$@"`;
      const args = ['-c', command, process.execPath, '--require', join(home, 'clock.cjs'), program];
      const result = await execute('sh', [...args, '--answers', '-', '--dir', 'out', '--yes', ...FILES_ONLY], {
        cwd,
        env: plainEnvironment(env),
        input: JSON.stringify(given),
      });
      expect(result.code, result.stderr).toBe(0);
      return Object.fromEntries(
        Object.entries(snapshot(join(cwd, 'out'))).map(([path, what]) => [
          path,
          what.startsWith('folder') ? 'folder' : what.replace(/^file (\d)\d\d /, 'file $1 '),
        ]),
      );
    },
  );
}

describe('law 3: the same bytes everywhere', () => {
  it('whatever the folder, time zone, clock, locale, umask, home and place of installation', async () => {
    await fc.assert(
      fc.asyncProperty(answers, machine, machine, async (given, one, other) => {
        const made = await make(given, one);
        expect(Object.keys(made).length).toBeGreaterThan(15);
        expect(await make(given, other)).toEqual(made);
      }),
      campaign(3),
    );
  });

  it('the published program, whose templates are compiled beforehand, and the source tree, for every option set', async () => {
    const sets = ['postgres', 'none'].flatMap((database) =>
      ['redis', 'none'].flatMap((cache) => ['github', 'gitlab', 'none'].map((ci) => ({ database, cache, ci }))),
    );
    expect(sets).toHaveLength(12);
    for (const set of sets)
      await withFolder({}, async (cwd) => {
        const given = { name: '@acme/orders', description: 'a "b" $c', ...set };
        const source = await runCreate(given, { cwd, overwrite: false, planOnly: true });
        const args = [PROGRAM, '--answers', '-', '--plan', '--format', 'json'];
        const published = await execute(process.execPath, args, { cwd, input: JSON.stringify(given) });
        expect(published.code, published.stderr).toBe(0);
        const changes = source.plan.changes.map(describeChange);
        expect(changes.length).toBeGreaterThan(15);
        expect(JSON.parse(published.stdout).changes).toEqual(changes);
      });
  });
});
