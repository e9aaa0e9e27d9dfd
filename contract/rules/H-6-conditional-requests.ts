import type { Harness } from '../harness/harness.ts';
import { describe } from '../harness/http/ask.ts';
import type { Endpoint } from '../harness/http/endpoint.ts';
import { Unseen } from '../harness/wait.ts';
import { createItem } from '../probes/data/stored-item.ts';
import type { Rule } from '../rule.ts';

const OTHER = '"probe-other"';

export const rule: Rule = {
  id: 'H-6',
  level: 'MUST',
  factor: 'HTTP',
  promises: {
    house:
      'Where an answer has an `ETag`, If-None-Match that names it (alone, in a list, or as `*`) gives 304. Where a write describes If-Match, `*` and a list with the tag let it through, and another tag, or a weak one, gives 412.',
  },
  why: 'Caches and clients rely on RFC 9110. A tag that is compared as a text refuses changes that are right, and sends again what is known.',
  mend: 'Parse both headers as `*` or a list of tags; compare weakly for If-None-Match, strongly for If-Match.',
  byHand: ['curl -i $URL$ITEM', 'curl -i -H \'If-None-Match: W/"other", \'$ETAG $URL$ITEM'],
  applies: (subject) => subject.answers(),
  async check(harness) {
    const service = await harness.endpoint();
    const item = await makeItem(harness);
    const { live, ready } = service.paths;
    const found = await findTag(service, [...(item === undefined ? [] : [item]), live, ready, '/version']);
    if (!found) throw new Unseen('no answer has an ETag');
    const { path, tag } = found;
    for (const known of [tag, `${OTHER}, ${tag}`, '*']) {
      const answer = await service.ask(path, { headers: { 'if-none-match': known } });
      const sent = `GET ${path}, If-None-Match: ${known}`;
      harness.saw({ sent, expected: '304', got: describe(answer), ok: answer.status === 304 });
    }
    const other = await service.ask(path, { headers: { 'if-none-match': OTHER } });
    const sent = `GET ${path}, If-None-Match: ${OTHER}`;
    harness.saw({ sent, expected: '200', got: describe(other), ok: other.status === 200 });
    if (path === item && !tag.startsWith('W/')) await change(harness, service, path);
    return harness.evidence;
  },
};

/** Writes with tags that match, and with tags that do not. */
async function change(harness: Harness, service: Endpoint, path: string): Promise<void> {
  const operation = (await harness.openApi()).changeOf('PUT', path);
  const names = (operation?.object.parameters ?? []).map(({ name }) => name?.toLowerCase());
  if (!operation?.body || !names.includes('if-match')) return;
  for (const [make, isRefused] of [
    [(tag: string) => tag, false],
    [(tag: string) => `${OTHER}, ${tag}`, false],
    [() => '*', false],
    [() => OTHER, true],
    [(tag: string) => `W/${tag}`, true],
  ] as const) {
    const { etag = '' } = (await service.ask(path)).headers;
    const wanted = make(etag);
    const answer = await service.ask(path, { method: 'PUT', headers: { 'if-match': wanted }, body: operation.body() });
    harness.saw({
      sent: `PUT ${path}, If-Match: ${wanted}`,
      expected: isRefused ? '412' : '2xx',
      got: describe(answer),
      ok: isRefused ? answer.status === 412 : answer.status >= 200 && answer.status < 300,
    });
  }
}

/** A new item, if one can be written: nothing is written to a service that somebody else runs. */
async function makeItem(harness: Harness): Promise<string | undefined> {
  if (harness.subject.target.kind === 'url' || !(await harness.findWrite())) return undefined;
  const made = await createItem(harness, await harness.shared()).catch((error: Error) => {
    if (error instanceof Unseen) return undefined;
    throw error;
  });
  return made?.path;
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
