import { expect, it } from 'vitest';
import { count } from '../../engine/core/text/count.ts';

it.each([
  [0, '0 files'],
  [1, '1 file'],
  [2, '2 files'],
  [999, '999 files'],
  [1000, '1,000 files'],
  [1234567, '1,234,567 files'],
])('%d is counted as %s', (number, text) => {
  expect(count(number, 'file')).toBe(text);
});
