// @module-tag wider
import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { MergedFile } from '../../engine/core/merge/merged-file.ts';
import { createManifest, MANIFEST_PATH } from '../../engine/core/service/manifest.ts';
import { git, gitBytes } from '../../engine/io/git/git.ts';
import type { CreateAnswers } from '../../generators/create/questions.ts';
import { loadPresets } from '../../generators/load-presets.ts';
import { makeStandard } from '../../generators/standard.ts';
import { rehearse } from '../../maintenance/rehearse/run.ts';
import type { UpgradeOutcome } from '../../maintenance/upgrade/outcome.ts';
import { upgradeService } from '../../maintenance/upgrade/run.ts';
import { renderSide } from '../../maintenance/upgrade/sides.ts';
import { campaign, isSampled } from '../support/extent.ts';
import { makeFolder, removeFolder, withFolder } from '../support/folder.ts';
import { ANSWERS, presetTree } from '../support/merging.ts';
import { type Collision, collision, type TeamEntry } from '../support/random-collision.ts';
import { treeOf, writeTree } from '../support/shop.ts';
import { templateInMemory } from '../support/template.ts';

/**
 * Law 10. `--plan`, an upgrade in place, one in a branch and a rehearsal agree for every tree: the same outcomes, the same
 * conflicts and the same files afterwards. Nothing of the team is lost on the way.
 */
vi.mock('../../engine/io/source/builtin.ts', () => ({
  loadBuiltin: () => ({ ...templateInMemory({ 'base.txt': 'base\n' }), source: 'create-twelve-service/typescript' }),
}));

let cache: string;
beforeAll(() => {
  cache = makeFolder();
  const identity = Object.fromEntries(
    ['AUTHOR', 'COMMITTER'].flatMap((who) => [
      [`GIT_${who}_NAME`, 'a'],
      [`GIT_${who}_EMAIL`, 'a@b'],
    ]),
  );
  for (const [name, value] of Object.entries({
    ...identity,
    XDG_CACHE_HOME: cache,
    GIT_CONFIG_GLOBAL: join(cache, 'none'),
    GIT_CONFIG_NOSYSTEM: '1',
  }))
    vi.stubEnv(name, value);
});
afterAll(() => {
  vi.unstubAllEnvs();
  removeFolder(cache);
});

it('plan, in place, branch and rehearsal agree, and nothing of the team is lost', { timeout: 3_600_000 }, async () => {
  const seen = { conflicts: 0, moved: 0, clean: 0 };
  const runs = Number(process.env.TWELVE_SERVICES ?? (isSampled ? 4 : 60));
  await fc.assert(
    fc.asyncProperty(collision, (one) =>
      withFolder({}, async (parent) => {
        const outcome = await expectAgreement(parent, one);
        seen.conflicts += outcome.conflicts.length > 0 ? 1 : 0;
        seen.moved += outcome.files.some((file) => file.from !== undefined) ? 1 : 0;
        seen.clean += outcome.conflicts.length === 0 ? 1 : 0;
      }),
    ),
    campaign(runs),
  );
  // A campaign ends after its time, and on a busy machine that is few services.
  if (seen.conflicts + seen.clean >= 60) expect(Math.min(seen.conflicts, seen.moved, seen.clean)).toBeGreaterThan(5);
});

const message = () => 'An upgrade';

async function expectAgreement(parent: string, one: Collision): Promise<UpgradeOutcome> {
  const orders = join(parent, 'orders');
  await makeService(parent, one);
  const options = { cwd: orders, message, repeat: message, trusted: [], refresh: false, planOnly: false } as const;
  const plan = await upgradeService({}, { ...options, planOnly: true });
  const rehearsed = await rehearseOne(orders);
  const branch = await upgradeService({}, { ...options, branch: true });
  expect(git(orders, ['status', '--porcelain'])).toBe('');
  const placed = await upgradeService({}, options);
  for (const other of [branch, placed]) {
    expect(told(other.files)).toEqual(told(plan.files));
    expect(other.plan.changes.map(({ kind, path }) => [kind, path])).toEqual(
      plan.plan.changes.map(({ kind, path }) => [kind, path]),
    );
    expect([other.conflicts, other.attention]).toEqual([plan.conflicts, plan.attention]);
  }
  expect(told(rehearsed.files)).toEqual(told(plan.files));
  expect(rehearsed.result === 'conflict').toBe(plan.conflicts.length + plan.attention.length > 0);
  git(orders, ['add', '-A']);
  const tree = git(orders, ['write-tree']);
  const committed = branch.branch === undefined ? 'HEAD' : `refs/heads/${branch.branch}`;
  expect(list(orders, committed)).toEqual(list(orders, tree));
  expectKept(orders, tree, one, placed.files);
  return placed;
}

const list = (orders: string, tree: string) =>
  gitBytes(orders, ['ls-tree', '-r', '-z', tree]).toString('latin1').split('\0');

/** The outcome of each file, and its bytes. */
const told = (files: readonly MergedFile[]) =>
  files.map(({ path, outcome, note, attention, from, after, beside }) => [
    path,
    outcome,
    note,
    attention,
    from,
    after && Buffer.from(after.content).toString('latin1').replaceAll('\r\n', '\n'),
    beside?.path,
  ]);

async function rehearseOne(orders: string) {
  const template = { ...templateInMemory({ 'base.txt': 'base\n' }), source: 'create-twelve-service/typescript' };
  const rehearsed = rehearse({
    services: [{ name: orders, base: '/' }],
    preset: join(dirname(orders), 'preset'),
    templates: { main: template, addition: async () => undefined },
    answers: {},
    trusted: [],
    cwd: orders,
  });
  for await (const result of rehearsed) if ('files' in result) return result;
  throw new Error('the service was not rehearsed');
}

/** Every line, link and name of the team is there afterwards. */
function expectKept(orders: string, tree: string, { words, team }: Collision, files: readonly MergedFile[]): void {
  const all = git(orders, ['grep', '-a', '-h', '-e', '', tree, '--']);
  const why = JSON.stringify(files.map(({ path, outcome, note }) => [path, outcome, note]));
  expect(
    words.filter((word) => !all.includes(word)),
    why,
  ).toEqual([]);
  const listed = list(orders, tree).join('\n');
  for (const [path, entry] of team) {
    const isLink = new RegExp(`^120000 .*\\t${path.replaceAll('.', '\\.')}$`, 'm');
    if (entry.kind === 'link') expect(listed, why).toMatch(isLink);
    if (entry.kind === 'foreign name') expect(listed, why).toContain(`\t${path}/\xff.md`);
  }
}

async function makeService(parent: string, { old, next, migration, team, autocrlf }: Collision): Promise<void> {
  const [orders, preset] = [join(parent, 'orders'), join(parent, 'preset')];
  writeTree(preset, presetTree('1.0.0', { files: treeOf(old) }));
  const template = { ...templateInMemory({ 'base.txt': 'base\n' }), source: 'create-twelve-service/typescript' };
  const standard = makeStandard(template, await loadPresets(preset, parent));
  const answers: CreateAnswers = ANSWERS;
  const nobody = createManifest(template, answers, new Map());
  const side = await renderSide(nobody, standard, { main: template, addition: async () => undefined }, answers);
  const manifest = createManifest(template, answers, side.tree, standard.pins(orders));
  mkdirSync(orders);
  writeFileSync(join(orders, MANIFEST_PATH), `${JSON.stringify(manifest, null, 2)}\n`);
  for (const [path, entry] of team) writeEntry(join(orders, path), entry);
  git(orders, ['init', '-q', '-b', 'main', '--template=']);
  if (autocrlf) git(orders, ['config', 'core.autocrlf', 'true']);
  git(orders, ['add', '-A']);
  git(orders, ['commit', '-q', '-m', 'x']);
  rmSync(preset, { recursive: true });
  const migrations = [{ version: '2.0.0', ...migration }];
  writeTree(preset, presetTree('2.0.0', { files: treeOf(next), preset: { migrations } }));
}

function writeEntry(path: string, entry: TeamEntry): void {
  mkdirSync(dirname(path), { recursive: true });
  if (entry.kind === 'link') symlinkSync(entry.to, path);
  else if (entry.kind === 'file') {
    writeFileSync(path, entry.content);
    if (entry.isRun) chmodSync(path, 0o755);
  } else {
    mkdirSync(path);
    if (entry.kind === 'foreign name')
      writeFileSync(Buffer.concat([Buffer.from(`${path}/`), Buffer.from([0xff]), Buffer.from('.md')]), 'foreign\n');
  }
}
