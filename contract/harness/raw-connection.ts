import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { codeOf, until, within } from './wait.ts';

export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A TCP connection that sends what it is told to, byte for byte: half a body, a drip, one request after another. */
export class RawConnection {
  closed = false;
  error: string | undefined;
  readonly #socket: Socket;
  #received = Buffer.alloc(0);

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on('data', (chunk) => {
      this.#received = Buffer.concat([this.#received, chunk]);
    });
    socket.on('error', (error) => {
      this.error = codeOf(error) || error.message;
    });
    socket.on('close', () => {
      this.closed = true;
    });
    socket.on('end', () => {
      this.closed = true;
    });
  }

  /** @throws the connection's error, such as ECONNREFUSED */
  static open({ protocol, hostname, port }: URL, ms = 2000): Promise<RawConnection> {
    const opened = new Promise<RawConnection>((resolve, reject) => {
      const secure = protocol === 'https:';
      const host = hostname.replace(/^\[|\]$/g, '');
      const at = { host, port: Number(port) || (secure ? 443 : 80) };
      const socket = secure ? connectTls({ ...at, servername: host }) : connect(at);
      socket.once('error', reject);
      socket.once(secure ? 'secureConnect' : 'connect', () => {
        socket.off('error', reject);
        resolve(new RawConnection(socket));
      });
    });
    return within(`a connection to ${hostname}:${port}`, ms, opened);
  }

  write(bytes: string | Buffer): void {
    if (!this.closed) this.#socket.write(bytes);
  }

  /** Sends a request of which only `part` of the body (0 to 1) goes out; gives the rest, to be sent later. */
  sendPart(method: string, path: string, body: string, part: number): string {
    const cut = Math.floor(body.length * part);
    const head = `${method} ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n`;
    this.write(`${head}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body.slice(0, cut)}`);
    return body.slice(cut);
  }

  get(path: string): void {
    this.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`);
  }

  /** The next complete answer. @throws TimedOut, or an error when the connection ends before it is complete */
  answer(ms = 5000): Promise<RawAnswer> {
    return until('an answer', ms, () => {
      const answer = this.#takeAnswer();
      if (answer === undefined && this.closed) {
        throw new Error(`the connection was ${this.error ?? 'closed'} before an answer was complete`);
      }
      return answer;
    });
  }

  /** Waits until `text` was received. @throws TimedOut */
  says(text: string, ms: number): Promise<true> {
    return until(text, ms, () => (this.#received.includes(text) ? true : undefined));
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #takeAnswer(): RawAnswer | undefined {
    const end = this.#received.indexOf('\r\n\r\n');
    if (end === -1) return undefined;
    const [statusLine = '', ...rows] = this.#received.subarray(0, end).toString('latin1').split('\r\n');
    const headers = Object.fromEntries(
      rows.map((row) => [row.slice(0, row.indexOf(':')).toLowerCase(), row.slice(row.indexOf(':') + 1).trim()]),
    );
    const rest = this.#received.subarray(end + 4);
    const chunked = headers['transfer-encoding'] === 'chunked';
    const content = chunked ? readChunks(rest) : readLength(rest, Number(headers['content-length'] ?? 0));
    if (content === undefined) return undefined;
    this.#received = rest.subarray(content.length);
    return { status: Number(statusLine.split(' ')[1]), headers, body: content.body };
  }
}

/** A body and how many bytes it took, or `undefined` while it is not complete. */
interface Content {
  readonly body: string;
  readonly length: number;
}

function readLength(bytes: Buffer, length: number): Content | undefined {
  return bytes.length < length ? undefined : { body: bytes.subarray(0, length).toString('utf8'), length };
}

function readChunks(bytes: Buffer): Content | undefined {
  let body = '';
  let at = 0;
  for (;;) {
    const head = bytes.indexOf('\r\n', at);
    if (head === -1) return undefined;
    const size = Number.parseInt(bytes.subarray(at, head).toString('latin1'), 16);
    const end = head + 2 + size + 2;
    if (bytes.length < end) return undefined;
    if (size === 0) return { body, length: end };
    body += bytes.subarray(head + 2, end - 2).toString('utf8');
    at = end;
  }
}
