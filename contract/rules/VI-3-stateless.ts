import type { Harness } from '../harness/harness.ts';
import { jsonOrUndefined } from '../harness/http/ask.ts';
import type { Service } from '../harness/service.ts';
import { probeOtherSpelling } from '../probes/other-spelling.ts';
import { askAll, SOON } from '../probes/same-answer.ts';
import { createItem } from '../probes/stored-item.ts';
import type { Rule } from '../rule.ts';

export const rule: Rule = {
  id: 'VI-3',
  level: 'MUST',
  factor: 'VI. Processes',
  statement:
    'It does not matter which of several instances answers: items written through either are listed, and read, the same through both. A read is never older than a change, however the id is spelled.',
  why: 'A load balancer sends each request to any instance. A list, a session or a cache that lives in one of them gives different answers to different clients.',
  mend: 'Keep lists, counters and sessions in a backing service; let every write drop what a shared cache holds of it, under a key made from the stored id.',
  applies: (subject) => subject.stores(),
  async check(harness) {
    const instances = await startTwo(harness);
    const [first, second] = instances;
    const { path: collection } = await harness.write();
    const openApi = await harness.openApi();
    const isListed = openApi.operations.some(({ method, path }) => method === 'GET' && path === collection);
    // A list that has items already may be given page by page.
    const isPage = isListed && hasItems((await first.ask(collection)).json);
    const paths: string[] = [];
    for (const instance of [first, second, first, second]) {
      if (isListed) await Promise.all(instances.map((one) => one.ask(collection)));
      paths.push((await createItem(harness, instance)).path);
    }
    for (const path of [...paths, ...(isListed ? [collection] : [])]) {
      const { ok, got, status, text } = await askAll(instances, path);
      harness.saw({
        sent: `items written through two instances in turn; GET ${path} through both`,
        expected: `200 and the same from both within ${SOON} ms`,
        got,
        ok: ok && status === 200,
      });
      if (path !== collection) continue;
      const missing = paths.filter((one) => !text.includes(one.slice(one.lastIndexOf('/') + 1)));
      if (missing.length > 0 && ok && isPage && hasItems(jsonOrUndefined(text))) {
        harness.leftOut.push(`new items in GET ${collection}: it gives others, the same through both`);
        continue;
      }
      harness.saw({
        sent: `the same: the items in GET ${collection}`,
        expected: `all ${paths.length}`,
        got: missing.length === 0 ? `all ${paths.length}` : `not ${missing.join(', ')}`,
        ok: missing.length === 0,
      });
    }
    await probeOtherSpelling(harness, first);
    return harness.evidence;
  },
};

/**
 * Two instances on a database that no other probe writes to. If all probes share one Redis, a cached list may have items of
 * other probes in any case: the shared service and a sibling do then.
 */
async function startTwo(harness: Harness): Promise<readonly [Service, Service]> {
  const { hasCache, backing } = harness.subject;
  if (hasCache && backing.sharesRedis) return Promise.all([harness.shared(), harness.sibling()]);
  const database = await harness.database();
  const env = hasCache ? { REDIS_URL: await harness.redisUrl() } : {};
  return Promise.all([harness.start({ database, env }), harness.start({ database, env })]);
}

/** Whether an answer is, or contains, a list that is not empty. */
function hasItems(json: unknown): boolean {
  if (Array.isArray(json)) return json.length > 0;
  return typeof json === 'object' && json !== null && Object.values(json).some(hasItems);
}
