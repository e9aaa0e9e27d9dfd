import type { Harness } from '../../harness/harness.ts';
import type { Endpoint } from '../../harness/http/endpoint.ts';
import { resolve } from '../../harness/schema/sample.ts';

/** Sends two Host headers: a proxy and the service behind it may each believe another one (RFC 9112, 3.2). */
export async function sendTwoHosts(harness: Harness, service: Endpoint): Promise<void> {
  const connection = await harness.connect(service);
  connection.write(`GET ${service.paths.live} HTTP/1.1\r\nHost: other.example\r\nConnection: close\r\n`);
  connection.write(`Host: ${new URL(service.url).host}\r\n\r\n`);
  const answer = await connection.answer().catch((error: Error) => error.message);
  const got = typeof answer === 'string' ? answer : String(answer.status);
  harness.saw({ sent: `GET ${service.paths.live} with two Host headers`, expected: '400', got, ok: got === '400' });
}

/** The beginning of a URL that ends with an integer in its query, such as `/products?limit=`, if one is described. */
export async function integerQuery(harness: Harness): Promise<string | undefined> {
  const openApi = await harness.openApi().catch(() => undefined);
  for (const { method, path, object } of openApi?.operations ?? []) {
    if (method !== 'GET' || path.includes('{')) continue;
    const parameters = (object.parameters ?? []).map((one) => resolve(one, openApi?.document));
    const found = parameters.find(
      ({ in: place, schema }) => place === 'query' && schema && resolve(schema, openApi?.document).type === 'integer',
    );
    if (found) return `${path}?${encodeURIComponent(found.name)}=`;
  }
  return undefined;
}

/** A JSON text with a byte that UTF-8 never has, inside of its first text; `undefined` if it has no text. */
export function withoutUtf8(json: string): Buffer | undefined {
  const found = /"\s*:\s*"[^"\\]+(?=")/.exec(json);
  if (!found) return undefined;
  const end = found.index + found[0].length;
  return Buffer.concat([Buffer.from(json.slice(0, end - 1)), Buffer.from([0xff]), Buffer.from(json.slice(end))]);
}
