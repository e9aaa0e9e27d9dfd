import type { Harness } from '../harness/harness.ts';
import type { Endpoint } from '../harness/http/endpoint.ts';
import type { RawAnswer } from '../harness/http/raw-answer.ts';
import { sleep } from '../harness/wait.ts';

const CHUNK = Buffer.alloc(64 * 1024, 'x');

/**
 * Announces a large JSON body and sends it slowly, so that an early answer is noticed.
 * @param size bytes announced
 * @returns the answer, or how the connection ended if there was none
 */
export async function sendOversizedBody(
  harness: Harness,
  service: Endpoint,
  path: string,
  size: number,
): Promise<RawAnswer | string> {
  const connection = await harness.connect(service);
  connection.write(`${connection.head('POST', path, size)}{"filler":"`);
  let settled = false;
  const answer = connection.answer(10_000).then(
    (got) => got,
    (error: Error) => connection.error ?? error.message,
  );
  void answer.then(() => {
    settled = true;
  });
  await sleep(200);
  for (let sent = 0; sent < size && !settled && !connection.closed; sent += CHUNK.length) {
    connection.write(CHUNK);
    await sleep(5);
  }
  return answer;
}
