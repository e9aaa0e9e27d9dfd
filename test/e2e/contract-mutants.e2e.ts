import { rmSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { Backing } from '../../contract/harness/backing/backing.ts';
import { buildMutants } from '../../contract/mutants/build.ts';
import { httpMutants } from '../../contract/mutants/http.ts';
import { lifecycleMutants } from '../../contract/mutants/lifecycle.ts';
import { memoryMutants } from '../../contract/mutants/memory.ts';
import { patientMutants } from '../../contract/mutants/patient.ts';
import { rareMutants } from '../../contract/mutants/rare.ts';
import { seldomMutants } from '../../contract/mutants/seldom.ts';
import { servingMutants } from '../../contract/mutants/serving.ts';
import { slyMutants } from '../../contract/mutants/sly.ts';
import { stateMutants } from '../../contract/mutants/state.ts';
import { unexpectedMutants } from '../../contract/mutants/unexpected.ts';
import { rules } from '../../contract/rules/index.ts';
import { type Report, verify } from '../../contract/verify.ts';
import { copyReference } from '../contract/reference-copy.ts';
import { quiet } from '../support/quiet.ts';
import { keptIn, renderFindings } from './support/contract-report.ts';
import { rowsOf } from './support/rows.ts';

/** At least one for every rule that is probed in process mode. */
const mutants = [
  ...buildMutants,
  ...lifecycleMutants,
  ...stateMutants,
  ...memoryMutants,
  ...servingMutants,
  ...httpMutants,
  ...unexpectedMutants,
  ...seldomMutants,
  ...slyMutants,
  ...patientMutants,
  ...rareMutants,
];
const backing = new Backing();
if (!backing.hasPostgres) console.log('skipped: the mutants need PostgreSQL (initdb), which is not installed here');
const imageOnly = ['II-2', 'V-2', 'V-3', 'IX-9'];

/** What breaks a rule and no other: the first mutant of each rule is held against all of them, others against their factor. */
const firsts = new Set(rules.map(({ id }) => mutants.find(({ rule }) => rule === id)));

afterAll(() => backing.stop());

describe.skipIf(!backing.hasPostgres)('the contract can fail', () => {
  test('the reference service keeps every rule that a process can keep', { timeout: 480_000 }, async () => {
    const report = await verifyCopy();
    expect(
      renderFindings(report)
        .split('\n')
        .filter((line) => !line.includes('the target is not an image'))
        .join('\n'),
    ).toBe('');
    expect(keptIn(report)).toEqual(rules.map(({ id }) => id).filter((id) => !imageOnly.includes(id)));
  });

  test('every rule that a process can break has a mutant', () => {
    const broken = new Set(mutants.map(({ rule }) => rule));
    expect(rules.map(({ id }) => id).filter((id) => !broken.has(id))).toEqual(imageOnly);
  });

  test.each(rowsOf(mutants, 'mutants of the contract', 16))(
    '$rule alone is broken when $fault',
    { timeout: 480_000 },
    async (mutant) => {
      const factor = rules.find(({ id }) => id === mutant.rule)?.factor;
      const looked = firsts.has(mutant) ? rules : rules.filter((rule) => rule.factor === factor);
      const report = await verifyCopy(mutant, looked);
      const broken = report.results.filter(({ outcome }) => outcome === 'broken').map(({ rule }) => rule.id);
      const expected = [mutant.rule, ...(mutant.also ?? [])];
      expect(broken, renderFindings(report)).toEqual(looked.map(({ id }) => id).filter((id) => expected.includes(id)));
    },
  );
});

async function verifyCopy(mutant?: (typeof mutants)[number], looked = rules): Promise<Report> {
  const target = copyReference(mutant);
  try {
    return await verify(target, { watch: quiet, backing, rules: looked, parallel: 6 });
  } finally {
    rmSync(target.folder, { recursive: true, force: true });
  }
}
