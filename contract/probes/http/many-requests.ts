import { randomBytes } from 'node:crypto';
import type { Harness } from '../../harness/harness.ts';
import type { Endpoint } from '../../harness/http/endpoint.ts';
import type { RawConnection } from '../../harness/http/raw-connection.ts';
import type { WriteOperation } from '../../harness/schema/openapi.ts';
import { TimedOut } from '../../harness/wait.ts';

/** How many requests one connection has under way at a time. */
const PIPELINED = 10;
const CONNECTIONS = 4;

/**
 * Sends GET requests as fast as they are answered, over a few connections that the service may close. A service that ends
 * each connection after an answer, or does not take the next request before it has answered, is sent one at a time.
 * @param paths asked for in turn
 * @param rows makes further lines of the head of each
 * @returns how many answers came
 * @throws when a request that was sent alone is not answered within 5 s
 */
export async function sendMany(
  harness: Harness,
  endpoint: Endpoint,
  count: number,
  paths: readonly string[],
  rows: () => readonly string[] = () => [],
): Promise<number> {
  let left = count;
  let answered = 0;
  /** Whether a connection takes several requests at once; not known until one has stayed after an answer. */
  let pipelines: boolean | undefined;
  const client = async () => {
    let connection: RawConnection | undefined;
    /** Whether an answer came on it: a service may end such a connection at any time. */
    let isUsed = false;
    while (left > 0) {
      const burst = pipelines ? Math.min(PIPELINED, left) : 1;
      left -= burst;
      if (connection === undefined || connection.closed) {
        connection = await harness.connect(endpoint);
        isUsed = false;
      }
      for (let sent = 0; sent < burst; sent += 1) connection.get(paths[(left + sent) % paths.length] ?? '/', rows());
      let got = 0;
      let isLast = false;
      try {
        while (got < burst && !isLast) {
          isLast = (await connection.answer()).isLast;
          isUsed = true;
          got += 1;
        }
        if (!isLast) pipelines ??= true;
      } catch (error) {
        const isAlone = burst === 1 && !isUsed;
        if (isAlone || !(connection.closed || error instanceof TimedOut)) throw error;
        if (burst > 1) pipelines = false;
        isLast = true;
      }
      answered += got;
      left += burst - got;
      if (!isLast) continue;
      connection.destroy();
      connection = undefined;
    }
    connection?.destroy();
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, client));
  return answered;
}

/** Clients that send one request each at a time. */
const AT_ONCE = 8;
/** What each sends besides, so that whoever keeps requests or bodies keeps much. */
const FILLER = 4096;

/** The header by which a proxy says who the client is: another client each time. */
export const anotherClient = (): string =>
  `X-Forwarded-For: 2001:db8::${randomBytes(8).toString('hex').match(/.{4}/g)?.join(':')}`;

/** Sends requests on a connection each, as another client each: writes where the service describes one, or reads. */
export async function sendApart(
  harness: Harness,
  endpoint: Endpoint,
  count: number,
  write: WriteOperation | undefined,
): Promise<void> {
  let left = count;
  const client = async () => {
    while (left > 0) {
      left -= 1;
      const connection = await harness.connect(endpoint);
      const rows = [anotherClient(), `X-Filler: ${'x'.repeat(FILLER)}`, 'Connection: close'];
      if (write) {
        const body = JSON.stringify(write.body()) + ' '.repeat(FILLER);
        connection.write(connection.head('POST', write.path, Buffer.byteLength(body), rows) + body);
      } else connection.get('/no/such/route', rows);
      await connection.answer().finally(() => connection.destroy());
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, client));
}
