import { describe, expect, it } from 'vitest';
import { addToEnvironment } from '../../engine/core/service/env-edit.ts';
import { addToList } from '../../engine/core/service/yaml-edit.ts';

/** Lines that additions put into files of the team: the same in any order, twice is once, and no other line changes. */
describe('a variable in a file of variables', () => {
  const TEXT = '# What is no secret.\nPORT=8080\n# For proxies.\nSHUTDOWN_DELAY_MS=5000\nDATABASE_URL_FILE=/x\n';

  it.each([
    [
      'QUEUE_URL',
      '# What is no secret.\nPORT=8080\n# For proxies.\nSHUTDOWN_DELAY_MS=5000\nDATABASE_URL_FILE=/x\nQUEUE_URL=u\n',
    ],
    [
      'A_URL',
      '# What is no secret.\nA_URL=u\nPORT=8080\n# For proxies.\nSHUTDOWN_DELAY_MS=5000\nDATABASE_URL_FILE=/x\n',
    ],
    ['PORT', TEXT],
  ])('%s', (name, grown) => {
    expect(addToEnvironment(TEXT, name, 'u')).toBe(grown);
    expect(addToEnvironment(grown, name, 'v')).toBe(grown);
  });

  it('of two, in either order', () => {
    for (const text of [TEXT, '', '# Nothing.\n', 'Z=1'])
      for (const [one, other] of [
        ['A_URL', 'B_URL'],
        ['PAYMENTS_URL', 'PORTAL_URL'],
        ['Y_URL', 'Z_URL'],
      ] as const)
        expect(addToEnvironment(addToEnvironment(text, one, '1'), other, '2')).toBe(
          addToEnvironment(addToEnvironment(text, other, '2'), one, '1'),
        );
    expect(addToEnvironment('', 'A', '1')).toBe('A=1\n');
  });
});

describe('a text in a list of YAML', () => {
  const TEXT = '# A list\nresources:\n  - deployment.yaml # web\n  # last\n  - service.yaml\nother: 1\n';

  it.each([
    ['worker.yaml', TEXT.replace('other', '  - worker.yaml\nother')],
    ['migrate.yaml', TEXT.replace('  # last', '  - migrate.yaml\n  # last')],
    ['a.yaml', TEXT.replace('  - deployment', '  - a.yaml\n  - deployment')],
    ['service.yaml', TEXT],
  ])('%s', async (item, grown) => {
    expect(await addToList(TEXT, ['resources'], item)).toBe(grown);
    expect(await addToList(grown, ['resources'], item)).toBe(grown);
  });

  it('at the end of a file without a last newline; and not where there is no such list', async () => {
    expect(await addToList('a:\n- b', ['a'], 'c')).toBe('a:\n- b\n- c\n');
    for (const text of ['a: [b]\n', 'a: 1\n', 'b: 1\n', 'a: [\n', 'a:\n  - { b: 1 }\n', 'a: []\n'])
      expect(await addToList(text, ['a'], 'c')).toBeUndefined();
  });
});
