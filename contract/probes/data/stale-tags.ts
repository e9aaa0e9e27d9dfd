import type { Harness } from '../../harness/harness.ts';
import { type Answer, describe } from '../../harness/http/ask.ts';
import type { Service } from '../../harness/service.ts';
import { SOON } from '../http/same-answer.ts';
import { soon } from './stale-reads.ts';
import { createItem } from './stored-item.ts';

/** Of a large item this many fields are changed. */
const MOST = 10;

/**
 * Changes one field of an item after the other, and asks for the item as a client does that has it as it was before. A tag that
 * leaves a field out tells this client that nothing has changed.
 */
export async function probeStaleTags(harness: Harness, [first, second]: readonly [Service, Service]): Promise<void> {
  const { path } = await createItem(harness, first);
  const put = (await harness.openApi()).changeOf('PUT', path);
  const body = put?.body?.();
  if (!put?.fields || typeof body !== 'object' || body === null) return;
  const write = async (what: unknown) => {
    const { etag } = (await first.ask(path)).headers;
    const headers: Record<string, string> = etag === undefined ? {} : { 'if-match': etag };
    return (await first.ask(path, { method: 'PUT', headers, body: what })).status < 300;
  };
  for (const [name, value] of Object.entries(put.fields()).slice(0, MOST)) {
    // From the same item each time, so that nothing else changes.
    if (!(await write(body))) return;
    const before = await first.ask(path);
    const { etag } = before.headers;
    if (etag === undefined) return;
    // An instance that has given out a tag may remember it.
    await second.ask(path, { headers: { 'if-none-match': etag } });
    await second.ask(path);
    const isWritten = await write({ ...body, [name]: value });
    const fieldOf = (json: unknown) => JSON.stringify(Object(json)[name]);
    // A value that is refused, or that it had before, changes nothing.
    const isChanged = isWritten && fieldOf((await first.ask(path)).json) !== fieldOf(before.json);
    if (!isChanged) continue;
    for (const instance of [first, second]) {
      const isNew = ({ status }: Answer) => status !== 304;
      const ask = () => instance.ask(path, { headers: { 'if-none-match': etag } });
      const known = await (instance === first ? ask() : soon(ask, isNew));
      harness.saw({
        sent: `PUT ${path} with another ${name}; GET with the If-None-Match of before through ${instance === first ? 'the same' : 'another'} instance`,
        expected: instance === first ? 'what was changed, not 304' : `what was changed, not 304, within ${SOON} ms`,
        got: describe(known),
        ok: isNew(known),
      });
    }
  }
}
