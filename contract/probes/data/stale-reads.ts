import type { Harness } from '../../harness/harness.ts';
import { type Answer, describe } from '../../harness/http/ask.ts';
import type { Service } from '../../harness/service.ts';
import { until } from '../../harness/wait.ts';
import { SOON } from '../http/same-answer.ts';
import { createItem } from './stored-item.ts';

/** How often an item is read before it is changed: what is read often is cached. */
const READS = 3;

/**
 * Changes an item, and deletes it, through one instance after both have read it. That instance has to show it at once, and
 * the other soon. Where the service refuses a change, there is nothing to see.
 */
export async function probeStaleReads(
  harness: Harness,
  [first, second]: readonly [Service, Service],
  collection: string | undefined,
): Promise<void> {
  const { path } = await createItem(harness, first);
  const id = path.slice(path.lastIndexOf('/') + 1);
  const openApi = await harness.openApi();
  const readAll = () =>
    Promise.all(
      [path, ...(collection === undefined ? [] : [collection])].flatMap((one) => [first.ask(one), second.ask(one)]),
    );
  for (const method of ['PUT', 'PATCH', 'DELETE']) {
    const operation = openApi.changeOf(method, path);
    if (!operation) continue;
    for (let read = 0; read < READS; read += 1) await readAll();
    const before = await first.ask(path);
    const { etag } = before.headers;
    const headers: Record<string, string> = etag === undefined ? {} : { 'if-match': etag };
    const { status } = await first.ask(path, { method, headers, body: operation.body?.() });
    if (status >= 300) continue;
    const isNew = ({ status: now, text }: Answer) =>
      method === 'DELETE' ? now >= 400 && now < 500 : now === 200 && text !== before.text;
    const own = await first.ask(path);
    // A body that changes nothing says nothing.
    if (method !== 'DELETE' && own.text === before.text && !differs(before.json, operation.body?.())) continue;
    see(`through the same instance`, 'what was changed', own, isNew(own));
    const other = await soon(() => second.ask(path), isNew);
    see(`through another instance`, `what was changed within ${SOON} ms`, other, isNew(other));
    if (method !== 'DELETE' || collection === undefined) continue;
    const isGone = ({ text }: Answer) => !text.includes(id);
    for (const instance of [first, second]) {
      const list = await soon(() => instance.ask(collection), isGone);
      const sent = `DELETE ${path}, then GET ${collection} through ${instance === first ? 'the same' : 'another'} instance`;
      harness.saw({ sent, expected: `not ${id} within ${SOON} ms`, got: describe(list), ok: isGone(list) });
    }

    function see(where: string, expected: string, answer: Answer, ok: boolean): void {
      harness.saw({ sent: `${method} ${path}, then GET ${where}`, expected, got: describe(answer), ok });
    }
  }
}

/** Asks until an answer fits, for SOON at most. @returns the last one */
export async function soon(ask: () => Promise<Answer>, fits: (answer: Answer) => boolean): Promise<Answer> {
  let last = await ask();
  const again = async () => {
    if (fits(last)) return true;
    last = await ask();
    return undefined;
  };
  await until('a fresh answer', SOON, again).catch(() => undefined);
  return last;
}

/** Whether a body would change what is shown: one of its texts is not there. */
export function differs(shown: unknown, body: unknown): boolean {
  if (typeof body === 'string') return !JSON.stringify(shown ?? '').includes(JSON.stringify(body).slice(1, -1));
  return typeof body === 'object' && body !== null && Object.values(body).some((one) => differs(shown, one));
}
