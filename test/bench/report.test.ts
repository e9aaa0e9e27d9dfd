import { expect, it } from 'vitest';
import { loadWarning } from '../../bench/machine.ts';
import { type BenchResult, formatResult } from '../../bench/report.ts';

const result: BenchResult = {
  schema: 1,
  date: '2026-01-01T00:00:00.000Z',
  revision: 'abc1234',
  version: '1.2.3',
  machine: { node: 'v20.0.0', os: 'linux 6', arch: 'x64', cpu: 'A CPU', cores: 2, memoryGiB: 8 },
  load: { before: 0.1, after: 1 },
  peers: { plop: '4.0.5' },
  package: { packed: 1_000_001, unpacked: 2_000_000, files: 12 },
  service: { files: 3, bytes: 4_000 },
  groups: [
    {
      rounds: 3,
      subjects: [
        { id: 'a', title: 'baseline', times: [40], ms: flat(40), ratio: flat(1) },
        { id: 'b', title: 'quick', target: 1.5, times: [44], ms: flat(44), ratio: { min: 1, median: 1.1, max: 2 } },
        { id: 'c', title: 'slow', target: 1.5, times: [80], ms: flat(80), ratio: flat(2) },
        { id: 'd', title: 'absent', skipped: 'npm install failed: 404' },
      ],
    },
  ],
};

function flat(value: number) {
  return { min: value, median: value, max: value };
}

it('says of each target whether it was met, and why a subject is missing', () => {
  expect(formatResult(result).split('\n').slice(4)).toEqual([
    '3 rounds            ms  ratio   min   max  target',
    'baseline          40.0   1.00  1.00  1.00',
    'quick             44.0   1.10  1.00  2.00  <= 1.5     met',
    'slow              80.0   2.00  2.00  2.00  <= 1.5  missed',
    'absent    not measured',
    '',
    'not measured: absent: npm install failed: 404',
    'package: 1000 kB packed (target 1000 kB: missed), 2000 kB unpacked, 12 files',
    'service: 3 files, 4 kB',
  ]);
});

it('puts the warning of a busy machine above the numbers', () => {
  const warning = loadWarning(6, 5, 2);
  expect(warning).toContain('not reliable');
  const lines = formatResult({ ...result, ...(warning === undefined ? {} : { warning }) }).split('\n');
  expect(lines.findIndex((line) => line.startsWith('WARNING: load average 6.0'))).toBeLessThan(
    lines.findIndex((line) => line.startsWith('3 rounds')),
  );
});

it('does not warn of the load that the bench makes by itself', () => {
  expect(loadWarning(0.3, 1.6, 2)).toBeUndefined();
  expect(loadWarning(0.3, 4, 2)).toContain('not reliable');
});
