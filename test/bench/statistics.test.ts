import { describe, expect, it } from 'vitest';
import { ratiosOf, spreadOf, verdictOf } from '../../bench/statistics.ts';

describe('the spread of measurements', () => {
  it('has the middle of an odd number and the mean of the two middles of an even one', () => {
    expect(spreadOf([30, 1, 2])).toEqual({ min: 1, median: 2, max: 30 });
    expect(spreadOf([4, 1, 100, 2])).toEqual({ min: 1, median: 3, max: 100 });
  });

  it('does not sort as text, and leaves the rounds in their order', () => {
    const times = [100, 9, 20];
    expect(spreadOf(times).median).toBe(20);
    expect(times).toEqual([100, 9, 20]);
  });

  it('is refused where nothing was measured', () => {
    expect(() => spreadOf([])).toThrow(RangeError);
  });
});

describe('ratios', () => {
  it('are taken round by round, so that a slow round cancels', () => {
    expect(ratiosOf([60, 600, 60], [40, 400, 40])).toEqual([1.5, 1.5, 1.5]);
  });

  it('need the same rounds', () => {
    expect(() => ratiosOf([1, 2], [1])).toThrow('2 rounds against 1');
  });
});

it('a target is met up to and including its value, and only where there is one', () => {
  expect(verdictOf(1.5, 1.5)).toBe('met');
  expect(verdictOf(1.51, 1.5)).toBe('missed');
  expect(verdictOf(9, undefined)).toBe('');
});
