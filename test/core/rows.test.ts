import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, test, vi } from 'vitest';
import { rowsHere, rowsOf } from '../e2e/support/rows.ts';

const suites = join(import.meta.dirname, '../e2e');

describe('the rows of a suite', () => {
  const skip = vi.spyOn(test, 'skip').mockImplementation(() => undefined);
  afterEach(() => {
    vi.unstubAllEnvs();
    skip.mockClear();
  });

  it('are one skipped test where the share is empty: vitest calls a file without a test broken', () => {
    vi.stubEnv('TWELVE_SHARE', '2');
    expect(rowsOf(['a'], 'letters', 2)).toEqual([]);
    expect(skip.mock.calls).toEqual([['letters: none is in this share']]);
    expect(rowsOf(['a', 'b'], 'letters', 2)).toEqual(['b']);
    expect(skip).toHaveBeenCalledOnce();
  });

  it('are one skipped test where the machine can run none of them', () => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    expect(rowsHere(['a', 'b'], 'letters', (row) => (row === 'b' ? 'no b' : undefined))).toEqual(['a']);
    expect(skip).not.toHaveBeenCalled();
    expect(rowsHere(['b'], 'letters', () => 'no b')).toEqual([]);
    expect(skip.mock.calls).toEqual([['letters: this machine can run none']]);
    expect(log.mock.calls).toEqual([['skipped: letters: no b'], ['skipped: letters: no b']]);
    log.mockRestore();
  });

  it('of every end-to-end suite come from there', () => {
    const files = readdirSync(suites).filter((name) => name.endsWith('.e2e.ts'));
    expect(files.length).toBeGreaterThan(20);
    expect(files.filter((name) => readFileSync(join(suites, name), 'utf8').includes('shareOf('))).toEqual([]);
  });
});
