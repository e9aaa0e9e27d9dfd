import { expect, test } from 'vitest';
import { Backing } from '../../contract/harness/backing/backing.ts';
import { Leases } from '../../contract/harness/leases.ts';
import type { Rule } from '../../contract/rule.ts';
import { verify } from '../../contract/verify.ts';
import { temporaryFolder } from '../support/folder.ts';
import { quiet } from '../support/quiet.ts';
import { ruleOf } from './rule-of.ts';
import { serviceIn } from './small-service.ts';

const owner = () => ({
  isIntact: true,
  isOver: false,
  async dispose() {
    this.isOver = true;
  },
});

test('what a check has finished with is passed on under its name', async () => {
  const leases = new Leases(owner);
  const first = leases.take('one', async () => 1);
  await first.made;
  await leases.settle(['one'], true);
  const next = leases.take('one', async () => 2);
  expect([first.isNew, next.isNew, await next.made]).toEqual([true, false, 1]);
  expect(leases.take('another', async () => 2).isNew).toBe(true);
  await leases.close();
  expect(first.owner.isOver).toBe(true);
});

test.each([
  { what: 'its check saw something wrong', isFine: false, isIntact: true, make: async () => 1 },
  { what: 'it has ended', isFine: true, isIntact: false, make: async () => 1 },
  { what: 'it did not start', isFine: true, isIntact: true, make: async () => Promise.reject(new Error('no')) },
])('it is ended and not passed on when $what', async ({ isFine, isIntact, make }) => {
  const leases = new Leases(owner);
  const first = leases.take('one', make);
  await first.made.catch(() => undefined);
  first.owner.isIntact = isIntact;
  await leases.settle(['one'], isFine);
  expect(first.owner.isOver).toBe(true);
  expect(leases.take('one', make).isNew).toBe(true);
});

test('rules of a chain use the same instance, and one that breaks for it is looked at again with its own', async () => {
  const folder = temporaryFolder({
    'main.mjs': `
import { createServer } from 'node:http';
let asked = 0;
const server = createServer(({ url }, response) => {
  if (url === '/asked') asked += 1;
  response.end(String(asked));
});
server.listen(Number(process.env.PORT), '127.0.0.1');`,
  });
  const first: Rule['check'] = async (harness) => {
    const service = await harness.lease('any', (owner) => owner.start());
    const { text } = await service.ask('/asked');
    harness.saw({ sent: 'a request', expected: '1', got: text, ok: text === '1', steady: true });
    return harness.evidence;
  };
  const rules = ['XI-3', 'H-1', 'IX-7'].map((id) => ruleOf(id, first));
  const { results } = await verify(serviceIn(folder), { watch: quiet, backing: new Backing(), rules, parallel: 1 });
  expect(results.map(({ rule, outcome, again, starts }) => [rule.id, outcome, again, starts])).toEqual([
    ['XI-3', 'kept', undefined, 1],
    // Not passed on, since what was seen was wrong: the third has one of its own.
    ['H-1', 'kept', true, 1],
    ['IX-7', 'kept', undefined, 1],
  ]);
});
