import type { Harness } from '../../harness/harness.ts';
import { type Answer, describe } from '../../harness/http/ask.ts';
import type { Service } from '../../harness/service.ts';
import { until } from '../../harness/wait.ts';
import { SOON } from '../http/same-answer.ts';
import { createItem } from './stored-item.ts';

/**
 * Stores again what one instance has refused as taken, once it was removed through another. Who keeps in memory what is taken
 * refuses it for ever, and others take it. Where an item may be stored twice, or all refuse it, there is nothing to see.
 */
export async function probeFreedValues(harness: Harness, [first, second]: readonly [Service, Service]): Promise<void> {
  const write = await harness.findWrite();
  const openApi = await harness.openApi().catch(() => undefined);
  if (!write || !openApi?.itemOf(write.path)) return;
  const { path, body } = await createItem(harness, first);
  if (!openApi.methodsAt(path).includes('DELETE')) return;
  const store = () => first.ask(write.path, { method: 'POST', body });
  const taken = await store();
  if (taken.status < 400 || taken.status >= 500) return;
  const { etag } = (await second.ask(path)).headers;
  const headers: Record<string, string> = etag === undefined ? {} : { 'if-match': etag };
  const removed = await second.ask(path, { method: 'DELETE', headers });
  if (removed.status >= 300) return;
  let again: Answer = taken;
  const isStored = async () => {
    again = await store();
    return again.status < 300 || undefined;
  };
  const ok = await until('it to be stored', SOON, isStored).catch(() => false);
  if (!ok && (await second.ask(write.path, { method: 'POST', body })).status >= 300) return;
  harness.saw({
    sent: `POST ${write.path} with what is stored already, DELETE ${path} through another instance, the same POST again`,
    expected: `a 2xx answer within ${SOON} ms`,
    got: describe(again),
    ok,
  });
}
