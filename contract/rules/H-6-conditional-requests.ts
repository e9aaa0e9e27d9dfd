import type { Harness } from '../harness/harness.ts';
import { describe } from '../harness/http/ask.ts';
import type { Endpoint } from '../harness/http/endpoint.ts';
import { Unseen } from '../harness/wait.ts';
import { storedItems } from '../probes/data/stored-item.ts';
import type { Rule } from '../rule.ts';

const OTHER = '"probe-other"';
/** A list in which others stand before a tag: one that no service would make, and one that looks like its own. */
const listWith = (tag: string): string => `${OTHER}, ${likeTag(tag)}, ${tag}`;
/** As a proxy passes a tag on that compresses the answer. */
const weak = (tag: string): string => (tag.startsWith('W/') ? tag : `W/${tag}`);
/** Another tag of the same form. */
const likeTag = (tag: string): string => tag.replace(/[^"](?="$)/, (last) => (last === '7' ? '8' : '7'));

export const rule: Rule = {
  id: 'H-6',
  level: 'MUST',
  factor: 'HTTP',
  promises: {
    house:
      'Where an answer has an `ETag`, If-None-Match that names it (alone, weakened, in a list, or as `*`) gives 304. Where a write describes If-Match, `*` and a list with the tag let it through, and another tag, or a weak one, gives 412.',
  },
  why: 'Caches and clients rely on RFC 9110. A tag that is compared as a text refuses changes that are right, and sends again what is known.',
  mend: 'Parse both headers as `*` or a list of tags; compare weakly for If-None-Match, strongly for If-Match.',
  byHand: ['curl -i $URL$ITEM', 'curl -i -H \'If-None-Match: W/"other", \'$ETAG $URL$ITEM'],
  applies: (subject) => subject.answers(),
  async check(harness) {
    const service = await harness.endpoint();
    const makeItem = async () => (await storedItems(harness, 1))[0]?.path;
    const item = await makeItem();
    const { live, ready } = service.paths;
    const found = await findTag(service, [...(item === undefined ? [] : [item]), live, ready, '/version']);
    if (!found) throw new Unseen('no answer has an ETag');
    const { path, tag } = found;
    for (const known of new Set([tag, listWith(tag), weak(tag), '*'])) {
      const answer = await service.ask(path, { headers: { 'if-none-match': known } });
      const sent = `GET ${path}, If-None-Match: ${known}`;
      harness.saw({ sent, expected: '304', got: describe(answer), ok: answer.status === 304 });
    }
    const other = await service.ask(path, { headers: { 'if-none-match': OTHER } });
    const sent = `GET ${path}, If-None-Match: ${OTHER}`;
    harness.saw({ sent, expected: '200', got: describe(other), ok: other.status === 200 });
    if (path !== item || tag.startsWith('W/')) return harness.evidence;
    for (const method of ['PUT', 'PATCH']) await change(harness, service, method, async () => path);
    await change(harness, service, 'DELETE', makeItem);
    return harness.evidence;
  },
};

/**
 * Changes items with tags that match, and with tags that do not.
 * @param itemFor where the item is that is changed next: what is removed cannot be changed twice
 */
async function change(
  harness: Harness,
  service: Endpoint,
  method: string,
  itemFor: () => Promise<string | undefined>,
): Promise<void> {
  for (const [make, isRefused] of [
    [(tag: string) => tag, false],
    [listWith, false],
    [() => '*', false],
    [() => OTHER, true],
    [likeTag, true],
    [weak, true],
  ] as const) {
    const path = await itemFor();
    const operation = path === undefined ? undefined : (await harness.openApi()).changeOf(method, path);
    const names = (operation?.object.parameters ?? []).map(({ name }) => name?.toLowerCase());
    if (path === undefined || !operation || !names.includes('if-match')) return;
    if (method !== 'DELETE' && !operation.body) return;
    const { etag = '' } = (await service.ask(path)).headers;
    const wanted = make(etag);
    const answer = await service.ask(path, { method, headers: { 'if-match': wanted }, body: operation.body?.() });
    harness.saw({
      sent: `${method} ${path}, If-Match: ${wanted}`,
      expected: isRefused ? '412' : '2xx',
      got: describe(answer),
      ok: isRefused ? answer.status === 412 : answer.status >= 200 && answer.status < 300,
    });
  }
}

async function findTag(
  service: Endpoint,
  paths: readonly string[],
): Promise<{ path: string; tag: string } | undefined> {
  for (const path of paths) {
    const { status, headers } = await service.ask(path);
    if (status === 200 && headers.etag !== undefined) return { path, tag: headers.etag };
  }
  return undefined;
}
