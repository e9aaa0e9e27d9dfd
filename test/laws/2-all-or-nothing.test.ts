// @module-tag wider
// @module-tag node
// @module-tag sampled
import { chmodSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isDone, isHeld } from '../../engine/io/apply/journal.ts';
import { sweepStages } from '../../engine/io/apply/stage.ts';
import { recover } from '../../engine/io/apply/undo.ts';
import { campaign, sampleOf } from '../support/extent.ts';
import { type Contents, makeFolder, removeFolder, snapshot, withFolder } from '../support/folder.ts';
import { FILES_ONLY, programWith, run } from '../support/program.ts';
import { callsOf, inParallel, runSabotaged, TAKES_ROOM } from '../support/sabotage.ts';

/**
 * Law 2. All or nothing: if a run is killed at any file-system call, runs out of space or is interrupted, the target is
 * as before or complete. The tests kill a real process at each call in turn.
 */
interface Scenario {
  readonly name: string;
  /** The files in the parent folder before the run. */
  readonly before: Contents;
  /** The working folder of the run, relative to the parent. */
  readonly from: string;
  readonly args: readonly string[];
}

const SCENARIOS: readonly Scenario[] = [
  {
    name: 'a target two folders down',
    before: { 'beside.txt': 'mine' },
    from: '.',
    args: ['orders', '--dir', 'shop/orders'],
  },
  { name: 'an empty folder', before: { 'orders/': '' }, from: '.', args: ['orders'] },
  {
    name: 'this folder, which has .git and README.md',
    before: { 'orders/.git/HEAD': 'ref: refs/heads/main\n', 'orders/README.md': 'mine' },
    from: 'orders',
    args: ['.'],
  },
  {
    name: 'a folder with content, and --overwrite',
    before: {
      'orders/README.md': 'mine',
      'orders/src/deep/b.txt': 'mine too',
      'orders/run.sh': 'not executable',
      'orders/other.txt': 'of no concern',
    },
    from: '.',
    args: ['orders', '--dir', 'orders', '--overwrite'],
  },
];

const TEMPLATE = {
  'base/README.md': '# Made\n',
  'base/src/deep/b.txt': 'b\n',
  'base/run.sh': { run: '#!/bin/sh\n' },
};

let program: string;
let remove: () => void;
const complete = new Map<Scenario, Record<string, string>>();
const calls = new Map<Scenario, string[]>();

/** A new folder for a scenario. One file and one folder have unusual modes, which must be restored exactly. */
async function stage<T>(
  scenario: Scenario,
  use: (parent: string, options: { cwd: string; program: string }) => Promise<T>,
): Promise<T> {
  return withFolder(scenario.before, (parent) => {
    if ('orders/' in scenario.before) chmodSync(join(parent, 'orders'), 0o750);
    if ('orders/README.md' in scenario.before) chmodSync(join(parent, 'orders/README.md'), 0o600);
    return use(parent, { cwd: join(parent, scenario.from), program });
  });
}

const targetOf = ({ args, from }: Scenario): string => (args[0] === '.' ? from : (args[2] ?? 'orders'));

const argsOf = ({ args }: Scenario): string[] => [...args, '--yes', ...FILES_ONLY];

/** The files without the stages that a killed run may leave: the next run removes them. */
function withoutStages(tree: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(tree).filter(([path]) => !/(^|\/)\.[^/]*twelve-stage/.test(path)));
}

beforeAll(async () => {
  ({ program, remove } = programWith({ files: TEMPLATE }));
  for (const scenario of SCENARIOS)
    await stage(scenario, async (parent, options) => {
      calls.set(scenario, await callsOf(argsOf(scenario), options, parent));
      complete.set(scenario, snapshot(parent));
    });
});
afterAll(() => remove());

function someCalls(scenario: Scenario): number[] {
  const list = calls.get(scenario) ?? [];
  expect(list.length).toBeGreaterThan(15);
  return sampleOf([...list.keys()], 7).map((index) => index + 1);
}

describe.each(SCENARIOS)('$name', { timeout: 300_000 }, (scenario) => {
  it('killed before each file-system call: as before or complete, and the next run repairs', async () => {
    await inParallel(someCalls(scenario), (at) =>
      stage(scenario, async (parent, options) => {
        const before = snapshot(parent);
        const killed = await runSabotaged(argsOf(scenario), options, { zone: parent, at, act: 'kill' });
        const what = `killed before call ${at}, ${calls.get(scenario)?.[at - 1]}`;
        expect(killed.signal, `${what}: ${killed.stderr}`).toBe('SIGKILL');
        const target = join(parent, targetOf(scenario));
        const left = withoutStages(snapshot(parent));
        // While the lock is held, a run may be half done. The next run must repair it.
        const held = isHeld(target) && !isDone(target);
        if (isHeld(target)) expect(recover(target)[0], what).toMatch(held ? /was rolled back$/ : /is complete now$/);
        const repaired = withoutStages(snapshot(parent));
        expect(repaired, what).toEqual(held || !isDeepStrictEqual(left, complete.get(scenario)) ? before : left);
        for (let folder = target; folder !== dirname(parent); folder = dirname(folder)) sweepStages(folder);
        expect(snapshot(parent), `${what}, then swept`).toEqual(repaired);
      }),
    );
  });

  it('a file-system call that fails: exit 7 and everything as before, or done', async () => {
    await inParallel(someCalls(scenario), (at) =>
      stage(scenario, async (parent, options) => {
        const before = snapshot(parent);
        const failed = await runSabotaged(argsOf(scenario), options, { zone: parent, at, act: 'EIO' });
        const what = `EIO at call ${at}, ${calls.get(scenario)?.[at - 1]}: exit ${failed.code}, ${failed.stderr}`;
        if (failed.code === 0 || failed.code === 4)
          expect(withoutStages(snapshot(parent)), what).toEqual(complete.get(scenario));
        else {
          expect(failed.code, what).toBe(7);
          expect(failed.stderr, what).toMatch(/^error: .+\nhelp: .+\n$/);
          expect(snapshot(parent), what).toEqual(before);
        }
      }),
    );
  });

  it('a disk that is full from any point on: exit 7, and nothing is left behind', async () => {
    const room = (calls.get(scenario) ?? []).filter((call) => TAKES_ROOM.some((name) => call.startsWith(`${name} `)));
    expect(room.length).toBeGreaterThan(10);
    await inParallel(sampleOf([...room.keys()], 7), (index) =>
      stage(scenario, async (parent, options) => {
        const before = snapshot(parent);
        const sabotage = { zone: parent, at: index + 1, act: 'ENOSPC', only: TAKES_ROOM, on: true } as const;
        const full = await runSabotaged(argsOf(scenario), options, sabotage);
        const what = `full before ${room[index]}: ${full.stderr}`;
        expect(full.code, what).toBe(7);
        expect(full.stderr, what).toContain('the disk is full');
        expect(snapshot(parent), what).toEqual(before);
      }),
    );
  });
});

describe('a signal at any file-system call', () => {
  const signalled = SCENARIOS.filter(({ args }) => !args.includes('--overwrite'));
  it.each(signalled)(
    '$name: 130 or 143 with nothing written, or 0 with all of it',
    { timeout: 300_000 },
    async (scenario) => {
      const codes = await inParallel(someCalls(scenario), (at) =>
        stage(scenario, async (parent, options) => {
          const before = snapshot(parent);
          const act = at % 2 === 0 ? 'SIGINT' : 'SIGTERM';
          const stopped = await runSabotaged(argsOf(scenario), options, { zone: parent, at, act });
          const what = `${act} at call ${at}, ${calls.get(scenario)?.[at - 1]}: exit ${stopped.code}, ${stopped.stderr}`;
          if (stopped.code === 0) expect(snapshot(parent), what).toEqual(complete.get(scenario));
          else {
            expect(stopped.code, what).toBe(act === 'SIGINT' ? 130 : 143);
            expect(stopped.stderr, what).toContain('nothing was written');
            expect(snapshot(parent), what).toEqual(before);
          }
          return stopped.code;
        }),
      );
      expect(new Set(codes)).toEqual(new Set([130, 143, 0]));
    },
  );
});

describe('the real template', () => {
  let counted: string[];
  beforeAll(async () => {
    const parent = makeFolder();
    counted = await callsOf(['orders', '--yes', ...FILES_ONLY], { cwd: parent }, parent);
    removeFolder(parent);
  });

  it('killed anywhere: no target or a complete one; the next run works', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: counted.length }), (at) =>
        withFolder({}, async (parent) => {
          const args = ['orders', '--yes', ...FILES_ONLY];
          const sabotage = { zone: parent, at, act: 'kill' } as const;
          const killed = await runSabotaged(args, { cwd: parent }, sabotage);
          expect(killed.signal).toBe('SIGKILL');
          const left = withoutStages(snapshot(parent));
          const again = await run(args, { cwd: parent });
          const goal = snapshot(parent);
          if (Object.keys(left).length > 1) expect([again.code, left]).toEqual([3, withoutStages(goal)]);
          else expect(again.code, again.stderr).toBe(0);
          expect(Object.keys(goal).filter((path) => path.includes('twelve-stage'))).toEqual([]);
        }),
      ),
      campaign(6),
    );
  });
});
