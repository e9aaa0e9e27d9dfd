import type { Harness } from '../../harness/harness.ts';
import { describe } from '../../harness/http/ask.ts';
import type { Service } from '../../harness/service.ts';
import { sleep } from '../../harness/wait.ts';
import { differs } from './stale-reads.ts';
import { createItem } from './stored-item.ts';
import { proxyOf } from './two-instances.ts';

/** By how much the answer of the database to a read is late, in milliseconds. */
const LATE_MS = 150;
/** How long after it was asked the change is made: the database has read, and its answer is on its way. */
const READ_MS = 200;
/** As many reads at once open as many connections to the database, and prepare them. */
const READERS = 4;

/**
 * Changes an item while the answer of the database to a read of it is on its way. What that read found must not be what is read
 * after the change: who drops an entry of a cache, and does not keep others from filling it in, serves what was there before.
 */
export async function probeRacingReads(harness: Harness, service: Service): Promise<void> {
  const proxy = proxyOf(service);
  if (!proxy) return;
  const openApi = await harness.openApi();
  const warm = await createItem(harness, service);
  await Promise.all(Array.from({ length: READERS }, () => service.ask(warm.path)));
  const { path } = await createItem(harness, service);
  const put = openApi.changeOf('PUT', path);
  if (!put?.body) return;
  const takesTags = put.object.parameters?.some(({ name }) => name?.toLowerCase() === 'if-match');
  const body = put.body();
  proxy.slow(LATE_MS);
  const reading = service.ask(path).catch(() => undefined);
  await sleep(READ_MS);
  proxy.slow(0);
  const headers: Record<string, string> = takesTags ? { 'if-match': '*' } : {};
  const { status } = await service.ask(path, { method: 'PUT', headers, body });
  const before = await reading;
  if (status >= 300 || before?.status !== 200 || !differs(before.json, body)) return;
  const last = await service.ask(path);
  harness.saw({
    sent: `GET ${path}, and PUT before the answer of the database is there; GET`,
    expected: 'what was changed',
    got: describe(last),
    ok: last.text !== before.text,
    steady: true,
  });
}
