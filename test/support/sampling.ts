import { beforeEach } from 'vitest';
import { SHARES, shareNumber } from './share.ts';

/**
 * Loaded before each test file. In `npm test` a quarter of the tests with the tag `sampled` runs, and in
 * `npm run test:rest` the next quarter, with those of the first that are wider there. With TWELVE_SHARE=all every test
 * runs in both.
 */
const share = shareNumber();
const isRest = process.env.TWELVE_SAMPLE === 'others';
const seen: string[] = [];

beforeEach(({ task, skip }) => {
  const tags = task.tags ?? [];
  if (share === undefined || !tags.includes('sampled') || tags.includes('long')) return;
  if (!seen.includes(task.id)) seen.push(task.id);
  const own = seen.indexOf(task.id) % SHARES;
  const isInSample = own === share - 1;
  const isNext = own === share % SHARES;
  if (isRest ? !isNext && !(isInSample && tags.includes('wider')) : !isInSample)
    skip('not in the sample of this commit; TWELVE_SHARE=all runs every test');
});
