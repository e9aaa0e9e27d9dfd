import { describe } from '../harness/http/ask.ts';
import { createItem, holds } from '../probes/data/stored-item.ts';
import { startTwo } from '../probes/data/two-instances.ts';
import type { Rule } from '../rule.ts';

/** Writes one after the other, then at once: those that are many may be gathered before they are stored. */
const IN_TURN = 3;
const AT_ONCE = 8;

export const rule: Rule = {
  id: 'VI-2',
  level: 'MUST',
  factor: 'VI. Processes',
  promises: {
    'twelve-factor':
      'Instances share what was written: an acknowledged write is read through another instance, also after the first was killed with SIGKILL.',
  },
  why: 'Instances come and go. What a client was told is stored has to outlive the instance that said so.',
  mend: 'Answer after the commit, and keep nothing of the domain in memory.',
  byHand: [
    'curl -i -H \'Content-Type: application/json\' -d "$BODY" $URL$ROUTE; kill -KILL $PID; curl -i http://127.0.0.1:8081$ITEM',
  ],
  thresholds: [`${IN_TURN} writes in turn, and ${AT_ONCE} at once, just before it is killed`],
  applies: (subject) => subject.serves(),
  async check(harness) {
    const [first, second] = await startTwo(harness);
    const items = [];
    for (let item = 0; item < IN_TURN; item += 1) items.push(await createItem(harness, first));
    items.push(...(await Promise.all(Array.from({ length: AT_ONCE }, () => createItem(harness, first)))));
    await first.signal('SIGKILL');
    const lost: string[] = [];
    for (const { path, body } of items) {
      const answer = await second.ask(path);
      if (answer.status !== 200 || !holds(answer.json, body)) lost.push(`GET ${path}: ${describe(answer)}`);
    }
    harness.saw({
      sent: `kill -9 of the first instance, then a GET of all ${items.length} items through the second`,
      expected: '200 and what was sent, each',
      got: lost.length === 0 ? 'all of them' : `${lost.length} are lost. ${lost[0]}`,
      ok: lost.length === 0,
    });
    return harness.evidence;
  },
};
