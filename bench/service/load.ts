import { connect, type Socket } from 'node:net';

/** One request, sent again and again over connections that stay open. */
export interface Load {
  readonly port: number;
  /** The whole request as it is sent: request line, headers, empty line, body. A function makes each anew. */
  readonly request: string | (() => string);
  /** Each answer has to have it: a quick refusal would look fast. */
  readonly status: number;
  readonly connections: number;
  readonly requests: number;
}

/** Sends the requests, each connection the next one when the last was answered; resolves with the seconds that it took. */
export async function send({ port, request, status, connections, requests }: Load): Promise<number> {
  let left = requests;
  const begun = performance.now();
  const clients = Array.from({ length: Math.min(connections, requests) }, async () => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    try {
      while (left > 0) {
        left -= 1;
        const answered = await exchange(socket, typeof request === 'string' ? request : request());
        if (answered !== status) throw new Error(`expected ${status}, got ${answered}`);
      }
    } finally {
      socket.destroy();
    }
  });
  await Promise.all(clients);
  return (performance.now() - begun) / 1000;
}

/** Resolves with the status when the whole answer is there. */
function exchange(socket: Socket, request: string): Promise<number> {
  return new Promise((resolve, reject) => {
    let text = '';
    const onData = (chunk: Buffer): void => {
      text += chunk.toString('latin1');
      const end = text.indexOf('\r\n\r\n');
      if (end < 0) return;
      const length = /\r\ncontent-length: (\d+)/i.exec(text.slice(0, end))?.[1];
      const isChunked = /\r\ntransfer-encoding: chunked/i.test(text.slice(0, end));
      if (isChunked ? text.endsWith('\r\n0\r\n\r\n') : text.length - end - 4 >= Number(length)) finish();
      else if (!isChunked && length === undefined)
        finish(new Error(`an answer without a length: ${text.slice(0, end)}`));
    };
    const onError = (error: Error): void => finish(error);
    const onClose = (): void => finish(new Error('the connection was closed before the answer'));
    const finish = (error?: Error): void => {
      socket.off('data', onData).off('error', onError).off('close', onClose);
      if (error) reject(error);
      else resolve(Number(text.slice(9, 12)));
    };
    socket.on('data', onData).on('error', onError).on('close', onClose);
    socket.write(request);
  });
}

/** A request with a JSON body, or without a body. */
export function requestText(method: string, path: string, body?: object): string {
  const json = body === undefined ? '' : JSON.stringify(body);
  const content = body && [`Content-Type: application/json`, `Content-Length: ${Buffer.byteLength(json)}`];
  return [`${method} ${path} HTTP/1.1`, 'Host: localhost', ...(content ?? []), '', json].join('\r\n');
}
