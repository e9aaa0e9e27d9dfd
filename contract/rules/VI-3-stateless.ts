import { jsonOrUndefined } from '../harness/http/ask.ts';
import { probeOtherSpelling } from '../probes/data/other-spelling.ts';
import { probeRacingReads } from '../probes/data/racing-reads.ts';
import { probeStaleReads } from '../probes/data/stale-reads.ts';
import { probeStaleTags } from '../probes/data/stale-tags.ts';
import { createItem } from '../probes/data/stored-item.ts';
import { startAnother, startTwo } from '../probes/data/two-instances.ts';
import { askAll, SOON } from '../probes/http/same-answer.ts';
import type { Rule } from '../rule.ts';

export const rule: Rule = {
  id: 'VI-3',
  level: 'MUST',
  factor: 'VI. Processes',
  promises: {
    'twelve-factor':
      'It does not matter which of several instances answers: items written through either are listed, and read, the same through both. A read is never older than a change, however the id is spelled, and whatever a client has of the item.',
  },
  why: 'A load balancer sends each request to any instance. A list, a session or a cache that lives in one of them gives different answers to different clients.',
  mend: 'Keep lists, counters and sessions in a backing service; let every write drop what a shared cache holds of it, under a key made from the stored id.',
  thresholds: [`both give the same within ${SOON} ms`],
  byHand: [
    'curl -i -H \'Content-Type: application/json\' -d "$BODY" $URL$ROUTE; curl -s $URL$ROUTE; curl -s http://127.0.0.1:8081$ROUTE',
  ],
  applies: (subject) => subject.serves(),
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
        const fresh = await askAll([first, await startAnother(harness, first)], collection);
        harness.saw({
          sent: `the same: GET ${collection} through one of them and through an instance that has just started`,
          expected: `the same within ${SOON} ms`,
          got: fresh.got,
          ok: fresh.ok,
        });
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
    await probeStaleReads(harness, instances, isListed ? collection : undefined);
    await probeRacingReads(harness, first);
    await probeStaleTags(harness, instances);
    await probeOtherSpelling(harness, first);
    return harness.evidence;
  },
};

/** Whether an answer is, or contains, a list that is not empty. */
function hasItems(json: unknown): boolean {
  if (Array.isArray(json)) return json.length > 0;
  return typeof json === 'object' && json !== null && Object.values(json).some(hasItems);
}
