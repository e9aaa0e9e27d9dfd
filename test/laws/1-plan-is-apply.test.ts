// @module-tag wider
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeChange } from '../../engine/core/plan.ts';
import { runCreate } from '../../generators/create/run.ts';
import { planText } from '../../report/outcome.ts';
import { campaign } from '../support/extent.ts';
import { snapshot, temporaryFolder, withFolder } from '../support/folder.ts';
import { execute, FILES_ONLY, run } from '../support/program.ts';
import { templateInMemory } from '../support/template.ts';

/** Law 1. `--plan` writes nothing, and what it prints is what apply does. */

const PATHS = ['README.md', 'a.txt', 'src/b.txt', 'src/deep/c.json', 'D'] as const;

/** Texts that are difficult for patches: no newline at the end, CRLF, empty, lines that look like a patch. */
const text = fc.oneof(
  fc.constantFrom('', '\n', 'a', 'a\r\nb\r\n', '--- a/x\n+++ b/x\n@@ -1 +1 @@\n', '\\ No newline at end of file'),
  fc
    .array(fc.constantFrom('one', 'two', 'drei ✓', '', '-', '+x', ' y'), { maxLength: 12 })
    .map((lines) => lines.join('\n')),
);
const contents = (paths: readonly string[]) =>
  fc.dictionary(fc.constantFrom(...paths), text, { minKeys: 1, maxKeys: paths.length, noNullPrototype: true });

/** Applies a printed plan with git, as a reader would. */
async function gitApply(folder: string, plan: string): Promise<void> {
  const patch = plan.slice(plan.indexOf('\ndiff --git ') + 1);
  const result = await execute('git', ['apply', '--whitespace=nowarn', '-'], { cwd: folder, input: patch });
  expect(result.code, `${result.stderr}\n${patch}`).toBe(0);
}

describe('law 1: the plan is the run', () => {
  it('a plan writes nothing, and its patch gives the same tree as apply', async () => {
    await fc.assert(
      fc.asyncProperty(contents(PATHS), contents([...PATHS, 'mine.txt']), fc.boolean(), async (made, existing, fresh) =>
        withFolder(
          fresh ? {} : Object.fromEntries(Object.entries(existing).map(([path, to]) => [`t/${path}`, to])),
          async (cwd) => {
            const options = { cwd, dir: 't', overwrite: true, template: templateInMemory(made) };
            const before = snapshot(cwd);
            const planned = await runCreate({ name: 'orders' }, { ...options, planOnly: true });
            expect(snapshot(cwd)).toEqual(before);
            const printed = await planText(planned, cwd);

            await withFolder({ 't/': '' }, async (other) => {
              cpSync(cwd, other, { recursive: true });
              await gitApply(join(other, 't'), printed);
              const applied = await runCreate({ name: 'orders' }, { ...options, planOnly: false });
              expect(applied.plan.changes.map(describeChange)).toEqual(planned.plan.changes.map(describeChange));
              expect(snapshot(join(cwd, 't'))).toEqual(snapshot(join(other, 't')));
            });
          },
        ),
      ),
      campaign(25),
    );
  });

  it('the list of --plan names every change, and no other', async () => {
    await fc.assert(
      fc.asyncProperty(contents(PATHS), async (made) =>
        withFolder({}, async (cwd) => {
          const template = templateInMemory(made);
          const planned = await runCreate({ name: 'orders' }, { cwd, overwrite: false, planOnly: true, template });
          const listed = (await planText(planned, cwd))
            .split('\n')
            .flatMap((line) => /^ {2}create (.+)$/.exec(line)?.[1]?.trim() ?? []);
          expect(listed).toEqual([...Object.keys(made), '.twelve.json'].sort());
        }),
      ),
      campaign(25),
    );
  });

  it('the built program: the patch of --plan makes the same service as a run without --plan', async () => {
    const cwd = temporaryFolder({ 'patched/': '' });
    const args = ['orders', '--cache', 'redis', '--yes', ...FILES_ONLY];
    const planned = await run([...args, '--plan'], { cwd });
    expect(planned.code, planned.stderr).toBe(0);
    expect(Object.keys(snapshot(cwd))).toEqual(['.', 'patched']);
    await gitApply(join(cwd, 'patched'), planned.stdout);
    expect((await run(args, { cwd })).code).toBe(0);
    const made = snapshot(join(cwd, 'orders'));
    expect(Object.keys(made).length).toBeGreaterThan(20);
    expect(snapshot(join(cwd, 'patched'))).toEqual(made);
  });

  it('the built program: a plan over a service that was edited shows the edit, and only that', async () => {
    const cwd = temporaryFolder();
    const args = ['orders', '--yes', ...FILES_ONLY];
    expect((await run(args, { cwd })).code).toBe(0);
    writeFileSync(join(cwd, 'orders/README.md'), 'edited\n');
    const before = snapshot(cwd);
    const planned = await run([...args, '--overwrite', '--plan'], { cwd });
    expect(planned.code, planned.stderr).toBe(0);
    expect(snapshot(cwd)).toEqual(before);
    expect(planned.stdout).toMatch(/^Plan for orders: 1 to create, 1 to update\. Nothing was written\.\n/);
    expect(planned.stdout).toContain('\n-edited\n');
  });
});
