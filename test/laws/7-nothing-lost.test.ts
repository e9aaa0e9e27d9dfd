// @module-tag wider
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { isOdd, type TeamTree } from '../../engine/core/merge/merged-file.ts';
import { lostLines } from '../../engine/core/merge/text/lost-lines.ts';
import type { RepoPath } from '../../engine/core/repo-path.ts';
import type { Upgraded } from '../support/merging.ts';
import { type RandomUpgrade, randomUpgrade } from '../support/random-upgrade.ts';
import { forRandomUpgrades } from '../support/upgrade-runs.ts';

/**
 * Law 7. Every line that a person added is in the service afterwards, either merged or between conflict markers, and
 * the exit code says which. A file that a person deleted does not come back.
 */
const textAt = (tree: TeamTree, path: RepoPath): string | undefined => {
  const file = tree.get(path);
  return file && !isOdd(file) ? Buffer.from(file.content).toString('latin1') : undefined;
};

const allText = (tree: TeamTree): string => [...tree.keys()].map((path) => textAt(tree, path)).join('\n');

const parseYaml = (text: string): unknown => parse(text);

const MARKER = /^(<<<<<<< yours|>>>>>>> acme)/m;

it('nothing that a person wrote is lost, and the exit code tells the truth', { timeout: 300_000 }, async () => {
  const seen = { all: 0, conflicts: 0, merged: 0, clean: 0 };
  await forRandomUpgrades(randomUpgrade, (upgraded, drawn) => {
    for (const [index, one] of upgraded.entries()) {
      const what = drawn[index] as RandomUpgrade;
      expectKept(one, what);
      expectTruth(one);
      expectReadable(one);
      seen.all += 1;
      seen.conflicts += one.exit === 4 ? 1 : 0;
      seen.clean += one.exit === 0 ? 1 : 0;
      seen.merged += one.files.some(({ outcome }) => outcome === 'merged') ? 1 : 0;
    }
  });
  // Without merges the law would hold too. A busy machine may see too few services in the time of a campaign to say so.
  expect(Math.min(seen.conflicts, seen.merged, seen.clean)).toBeGreaterThan(seen.all < 100 ? 0 : 10);
});

function expectKept({ tree, team, old, files }: Upgraded, { words, reformatted, deleted }: RandomUpgrade): void {
  const all = allText(tree);
  const told = JSON.stringify(files.map(({ path, outcome, note }) => [path, outcome, note]));
  expect(
    words.filter((word) => !all.includes(word)),
    told,
  ).toEqual([]);
  for (const path of team.keys())
    if (/\.(ts|md|py)$/.test(path) && !reformatted.has(path.replace(/^moved\/\w+\//, ''))) {
      const lost = lostLines(textAt(old, path) ?? allText(old), textAt(team, path) ?? '', all);
      expect(lost, `${path}: ${told}`).toEqual([]);
    }
  for (const path of deleted) expect(tree.has(path), `${path}: ${told}`).toBe(team.has(path));
}

function expectTruth({ tree, files, manifest, exit }: Upgraded): void {
  const marked = [...tree.keys()].filter(
    (path) => path.includes('.twelve-theirs') || MARKER.test(textAt(tree, path) ?? ''),
  );
  const told = JSON.stringify(files.map(({ path, outcome, note }) => [path, outcome, note]));
  expect([...(manifest.pending?.conflicts ?? [])].sort(), told).toEqual(marked.sort());
  const attention = files.some((file) => file.attention !== undefined);
  expect(exit === 4, told).toBe(marked.length > 0 || attention);
}

/** If a file could be parsed on every side, it can be parsed afterwards or has markers. */
function expectReadable({ tree, team, files }: Upgraded): void {
  for (const { path, outcome } of files) {
    const read = path.endsWith('.json') ? JSON.parse : path.endsWith('.yaml') ? parseYaml : undefined;
    const text = textAt(tree, path);
    if (!read || text === undefined || outcome === 'conflict' || !team.has(path)) continue;
    expect(() => read(text), `${path}: ${text}`).not.toThrow();
  }
}
