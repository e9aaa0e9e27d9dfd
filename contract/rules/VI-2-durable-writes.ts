import type { Harness } from '../harness/harness.ts';
import { describe } from '../harness/http/ask.ts';
import type { Service } from '../harness/service.ts';
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
  thresholds: [
    `${IN_TURN} writes in turn, and ${AT_ONCE} at once, just before it is killed; changes of three of these`,
  ],
  applies: (subject) => subject.serves(),
  async check(harness) {
    const [first, second] = await startTwo(harness);
    const items = [];
    for (let item = 0; item < IN_TURN; item += 1) items.push(await createItem(harness, first));
    items.push(...(await Promise.all(Array.from({ length: AT_ONCE }, () => createItem(harness, first)))));
    const changed = await change(harness, first, items);
    await first.signal('SIGKILL');
    const lost: string[] = [];
    for (const { path, body } of items.filter((item) => !changed.some(({ path }) => path === item.path))) {
      const answer = await second.ask(path);
      if (answer.status !== 200 || !holds(answer.json, body)) lost.push(`GET ${path}: ${describe(answer)}`);
    }
    harness.saw({
      sent: `kill -9 of the first instance, then a GET of all ${items.length - changed.length} items through the second`,
      expected: '200 and what was sent, each',
      got: lost.length === 0 ? 'all of them' : `${lost.length} are lost. ${lost[0]}`,
      ok: lost.length === 0,
    });
    for (const { method, path, before } of changed) {
      const answer = await second.ask(path);
      const ok = method === 'DELETE' ? answer.status >= 400 && answer.status < 500 : answer.text !== before;
      const expected = `${method === 'DELETE' ? 'it is gone' : 'what was changed'}, as the first instance said`;
      harness.saw({ sent: `the same after ${method} ${path}`, expected, got: describe(answer), ok });
    }
    return harness.evidence;
  },
};

/** An item that was changed. */
interface Changed {
  readonly method: string;
  readonly path: string;
  /** What was shown of it until then. */
  readonly before: string;
}

/** Changes an item by each method that is described for it. @returns those of which the instance shows the change itself */
async function change(
  harness: Harness,
  service: Service,
  items: readonly { readonly path: string }[],
): Promise<Changed[]> {
  const openApi = await harness.openApi().catch(() => undefined);
  const changes = ['PUT', 'PATCH', 'DELETE'].map(async (method, at): Promise<Changed[]> => {
    const path = items[at]?.path ?? '';
    const operation = openApi?.changeOf(method, path);
    if (!operation) return [];
    const before = await service.ask(path);
    const { etag } = before.headers;
    const headers: Record<string, string> = etag === undefined ? {} : { 'if-match': etag };
    const { status } = await service.ask(path, { method, headers, body: operation.body?.() });
    if (status >= 300) return [];
    const after = await service.ask(path);
    return after.text === before.text ? [] : [{ method, path, before: before.text }];
  });
  return (await Promise.all(changes)).flat();
}
