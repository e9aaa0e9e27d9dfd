import { cpSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Mutant } from '../../contract/mutants/mutant.ts';
import type { ProcessTarget } from '../../contract/target.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What `verify.yaml` would say of its worker. */
const jobs = {
  verb: ['worker'],
  add: 'INSERT INTO jobs DEFAULT VALUES',
  left: 'SELECT count(*) FROM jobs',
  // A row is free when the connection that has locked it ends, so a mutant that frees none need not be waited for.
  againMs: 6000,
};

/** A copy of the reference service in a temporary folder, with a mutant's edits, as a target. */
export function copyReference(mutant?: Mutant): ProcessTarget {
  const folder = mkdtempSync(join(tmpdir(), 'twelve-reference-'));
  cpSync(join(root, 'contract/reference'), folder, { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  for (const { file, find, replace } of mutant?.edits ?? []) {
    const before = readFileSync(join(folder, file), 'utf8');
    if (before.split(find).length !== 2) throw new Error(`${file} has not exactly one ${find}`);
    writeFileSync(
      join(folder, file),
      before.replace(find, () => replace),
    );
  }
  const name = mutant === undefined ? 'reference' : `${mutant.rule}: ${mutant.fault}`;
  // It starts in a moment: a mutant that never does what a start promises is waited for no longer than this.
  const command = [process.execPath, join(folder, 'main.js')];
  return { kind: 'process', name, folder, command, tests: true, startMs: 10_000, mapping: { jobs } };
}
