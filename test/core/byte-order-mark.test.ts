import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readAnswers } from '../../bin/run/answers.ts';
import { parsePlan } from '../../engine/core/plan-file.ts';
import { readServiceList } from '../../engine/io/service/service-list.ts';
import { guess } from '../../stacks/typescript/sources.ts';
import { withFolder } from '../support/folder.ts';

const MARK = '\ufeff';

/** Some editors put it before what they save as UTF-8, and JSON does not have it. */
describe('a byte order mark', () => {
  it('is passed over in --answers', async () => {
    const files = { 'a.json': `${MARK}{"database":"none"}` };
    expect(await withFolder(files, (folder) => readAnswers('a.json', folder))).toEqual({ database: 'none' });
  });

  it('is passed over in a kept plan', () => {
    const plan = {
      schema: 1,
      program: 'create-twelve-service',
      target: '/x',
      generator: 'create',
      answers: {},
      changes: [],
      notes: [],
      next: [],
    };
    expect(parsePlan(`${MARK}${JSON.stringify(plan)}`)).toMatchObject({ target: '/x' });
  });

  it('is passed over in a list of services', async () => {
    const files = { 'fleet.txt': `${MARK}orders\n` };
    const [found] = await withFolder(files, async (folder) => readServiceList(join(folder, 'fleet.txt'), folder));
    expect(found?.name.endsWith('orders')).toBe(true);
  });

  it('is passed over in package.json', () => {
    expect(guess(() => `${MARK}{"name":"orders"}`)).toMatchObject({ name: 'orders' });
  });
});
