import { randomUUID } from 'node:crypto';
import type { Harness } from '../../harness/harness.ts';
import type { Answer } from '../../harness/http/ask.ts';
import type { Endpoint } from '../../harness/http/endpoint.ts';
import type { OpenApi, Operation } from '../../harness/schema/openapi.ts';
import { storedItems } from '../data/stored-item.ts';

/** Of a large service this many routes are asked. */
const MOST = 30;
/** What clients say they would like: none at all, Prometheus, and a browser. */
const ACCEPTED = [
  '',
  'application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.4,*/*;q=0.1',
  'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
];

/** Looks whether ids are unique, and answers have a status and a media type that their operation describes. */
export async function probeDescription(harness: Harness, service: Endpoint, openApi: OpenApi): Promise<void> {
  const ids = openApi.operations.flatMap(({ object }) => object.operationId ?? []);
  const twice = ids.filter((id, at) => ids.indexOf(id) !== at);
  harness.saw({
    sent: 'read its operationIds',
    expected: 'each once',
    got: twice.length > 0 ? `more than once: ${twice.join(', ')}` : `${ids.length}, each once`,
    ok: twice.length === 0,
  });
  const document = await service.ask('/openapi.json');
  const type = mediaType(document) ?? 'no Content-Type';
  harness.saw({
    sent: 'GET /openapi.json: Content-Type',
    expected: 'application/json, or a type that ends with json',
    got: type,
    ok: /^application\/([\w.-]+\+)?json$/.test(type),
  });
  const plain = openApi.operations.filter(({ method, path }) => method === 'GET' && !path.includes('{'));
  for (const operation of plain.slice(0, MOST)) {
    // An answer may have no end, such as a stream of events.
    for (const accept of ACCEPTED) {
      const headers: Record<string, string> = accept === '' ? {} : { accept };
      const answer = await service.ask(operation.path, { headers, timeoutMs: 2000 }).catch(() => undefined);
      if (!answer) break;
      seeType(harness, openApi, operation, answer, accept);
    }
  }
  await seeErrors(harness, service, openApi);
}

/** Whether a success has a media type that is described. A description without types promises none. */
function seeType(
  harness: Harness,
  openApi: OpenApi,
  { method, path, object }: Operation,
  answer: Answer,
  accept: string,
): void {
  const types = Object.keys(openApi.response({ object }, answer.status)?.content ?? {});
  if (answer.status >= 300 || types.length === 0) return;
  const type = mediaType(answer) ?? 'no Content-Type';
  harness.saw({
    sent: `${method} ${path}${accept && `, Accept: ${accept}`}: Content-Type`,
    expected: types.join(' or '),
    got: type,
    ok: types.some((one) => one.split(';')[0]?.trim().toLowerCase() === type),
  });
}

/** Whether errors that clients get are described. An operation that describes none promises nothing about them. */
async function seeErrors(harness: Harness, service: Endpoint, openApi: OpenApi): Promise<void> {
  const see = ({ object }: Operation, sent: string, { status }: Answer) => {
    if (status < 400) return;
    const ok = openApi.response({ object }, status) !== undefined;
    harness.saw({ sent, expected: 'a described status', got: `${status}, ${ok ? '' : 'not '}described`, ok });
  };
  const describesErrors = ({ object }: Operation) =>
    Object.keys(object.responses ?? {}).some((key) => key === 'default' || /^4/.test(key));
  const item = openApi.operations.find(({ method, path }) => method === 'GET' && path.includes('{'));
  if (item && describesErrors(item)) {
    const path = openApi.fill(item);
    see(item, `GET ${path}`, await service.ask(path));
    const nowhere = item.path.replace(/\{[^}]+\}/g, `no-${randomUUID().slice(0, 8)}`);
    see(item, `GET ${nowhere}`, await service.ask(nowhere));
  }
  const write = await harness.findWrite();
  if (!write || !describesErrors(write)) return;
  const post = (body: unknown, type = 'application/json') =>
    service.ask(write.path, { method: 'POST', body, headers: { 'content-type': type } });
  see(write, `POST ${write.path} with {"a":`, await post('{"a":'));
  see(write, `POST ${write.path} as application/xml`, await post('<a/>', 'application/xml'));
  const invalid = write.invalidBody();
  see(write, `POST ${write.path} with ${JSON.stringify(invalid)}`, await post(JSON.stringify(invalid)));
  if (harness.subject.target.kind !== 'url') await seeRefusedChanges();

  /** Changes that are refused: of what is not there, of another version, with what cannot be read, and into what another item is. */
  async function seeRefusedChanges(): Promise<void> {
    const [one, other] = await storedItems(harness, 2);
    if (!one || !other) return;
    see(write as Operation, `POST ${write?.path} with what is stored already`, await post(JSON.stringify(one.body)));
    const nowhere = other.path.replace(/[^/]+$/, randomUUID());
    for (const method of ['PUT', 'PATCH', 'DELETE']) {
      const operation = openApi.changeOf(method, other.path);
      if (!operation || !describesErrors(operation)) continue;
      const change = (path: string, match: string | undefined, body: unknown) => {
        const type = body === undefined ? {} : { 'content-type': 'application/json' };
        return service.ask(path, {
          method,
          body,
          headers: { ...type, ...(match === undefined ? {} : { 'if-match': match }) },
        });
      };
      const fresh = () => operation.body && JSON.stringify(operation.body());
      see(operation, `${method} ${nowhere}, which is not there`, await change(nowhere, '*', fresh()));
      see(operation, `${method} ${other.path}, If-Match: "other"`, await change(other.path, '"other"', fresh()));
      if (!operation.body) continue;
      const same = JSON.stringify({ ...Object(operation.body()), ...one.body });
      see(operation, `${method} ${other.path} with {"a":`, await change(other.path, '*', '{"a":'));
      see(operation, `${method} ${other.path} with what is stored as ${one.path}`, await change(other.path, '*', same));
      see(operation, `${method} ${other.path} without If-Match`, await change(other.path, undefined, fresh()));
    }
  }
}

const mediaType = ({ headers }: Answer) => headers['content-type']?.split(';')[0]?.trim().toLowerCase();
