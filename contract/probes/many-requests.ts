import type { Harness } from '../harness/harness.ts';
import type { Endpoint } from '../harness/http/endpoint.ts';
import type { RawConnection } from '../harness/http/raw-connection.ts';

/** How many requests one connection has under way at a time. */
const PIPELINED = 10;
const CONNECTIONS = 4;

/**
 * Sends GET requests as fast as they are answered, over a few connections that the service may close.
 * @param paths asked for in turn
 * @param rows further lines of the head of each
 * @returns how many answers came
 * @throws when an answer does not come within 5 s
 */
export async function sendMany(
  harness: Harness,
  endpoint: Endpoint,
  count: number,
  paths: readonly string[],
  rows: readonly string[] = [],
): Promise<number> {
  let left = count;
  let answered = 0;
  const client = async () => {
    let connection: RawConnection | undefined;
    while (left > 0) {
      if (connection === undefined || connection.closed) connection = await harness.connect(endpoint);
      const burst = Math.min(PIPELINED, left);
      left -= burst;
      for (let sent = 0; sent < burst; sent += 1) connection.get(paths[(left + sent) % paths.length] ?? '/', rows);
      for (let got = 0; got < burst; got += 1) {
        const answer = await connection.answer();
        answered += 1;
        if (!answer.isLast) continue;
        left += burst - got - 1;
        connection.destroy();
        connection = undefined;
        break;
      }
    }
    connection?.destroy();
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, client));
  return answered;
}
