import type { RawAnswer } from '../../harness/http/raw-answer.ts';
import type { RawConnection } from '../../harness/http/raw-connection.ts';
import { sleep } from '../../harness/wait.ts';

const CHUNK = Buffer.alloc(64 * 1024, 'x');
const END_OF_CHUNK = Buffer.from('\r\n');

/**
 * Sends a large JSON body, slowly, so that an early answer is noticed.
 * @param size bytes
 * @param chunked whether its length is not announced: it comes in chunks
 * @param method what it is sent with
 * @returns the answer, or how the connection ended if there was none
 */
export async function sendOversizedBody(
  connection: RawConnection,
  path: string,
  size: number,
  chunked = false,
  method = 'POST',
): Promise<RawAnswer | string> {
  const frame = (bytes: string | Buffer) =>
    chunked
      ? Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), Buffer.from(bytes), END_OF_CHUNK])
      : bytes;
  connection.write(connection.head(method, path, chunked ? 'chunked' : size));
  connection.write(frame('{"filler":"'));
  let settled = false;
  const answer = connection.answer(10_000).then(
    (got) => got,
    (error: Error) => connection.error ?? error.message,
  );
  void answer.then(() => {
    settled = true;
  });
  await sleep(200);
  const part = frame(CHUNK);
  for (let sent = 0; sent < size && !settled && !connection.closed; sent += CHUNK.length) {
    connection.write(part);
    await sleep(5);
  }
  return answer;
}
