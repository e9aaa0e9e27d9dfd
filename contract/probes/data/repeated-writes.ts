import { randomUUID } from 'node:crypto';
import type { Harness } from '../../harness/harness.ts';
import { type Answer, describe } from '../../harness/http/ask.ts';
import type { Service } from '../../harness/service.ts';

const KEY = /^(x-)?idempotency-key$/i;

/**
 * Repeats a write under one key, as a client does that has got no answer. If an instance knows the key again, so has each other,
 * since the client cannot choose which one it meets. Nothing is recorded where no such key is described, or where it has no effect.
 */
export async function probeRepeatedWrites(harness: Harness, [first, second]: readonly [Service, Service]) {
  const write = await harness.findWrite();
  const name = write?.object.parameters?.find((one) => one.in === 'header' && KEY.test(one.name))?.name;
  if (!write || name === undefined) return;
  const body = write.body();
  const headers = { [name]: randomUUID() };
  const post = (service: Service) => service.ask(write.path, { method: 'POST', headers, body });
  const made = await post(first);
  if (made.status >= 300 || idOf(made) === undefined || idOf(await post(first)) !== idOf(made)) return;
  const repeated = await post(second);
  if (repeated.status === 429) return;
  harness.saw({
    sent: `POST ${write.path} with one ${name} through one instance, and again through another`,
    expected: `what was made the first time, ${idOf(made)}, as through the first`,
    got: describe(repeated),
    ok: idOf(repeated) === idOf(made),
  });
}

/** What tells one item from another. */
const idOf = ({ headers, json }: Answer): string | undefined => {
  const id = Object(json).id ?? headers.location;
  return id === undefined ? undefined : String(id);
};
