import { beforeEach } from 'vitest';
import { SHARES, shareNumber } from './share.ts';

/**
 * Loaded before each test file. In `npm test` a quarter of the tests with the tag `sampled` runs, and in
 * `npm run test:rest` the other tests run. With TWELVE_SHARE=all every test runs in both.
 */
const share = shareNumber();
const isRest = process.env.TWELVE_SAMPLE === 'others';
const seen: string[] = [];

beforeEach(({ task, skip }) => {
  const tags = task.tags ?? [];
  if (share === undefined || !tags.includes('sampled') || tags.includes('long')) return;
  if (!seen.includes(task.id)) seen.push(task.id);
  const isInSample = seen.indexOf(task.id) % SHARES === share - 1;
  if (!isRest && !isInSample) skip('not in the sample of this commit');
  if (isRest && isInSample && !tags.includes('wider')) skip('in the sample of this commit, which npm test runs');
});
