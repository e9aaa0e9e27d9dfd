import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { codeOf, until, within } from '../wait.ts';
import { ANSWER_BYTES } from './ask.ts';
import { parseAnswer, type RawAnswer } from './raw-answer.ts';

/** What is reported of a connection that was closed in order, but too early. */
export const CUT = 'the connection was closed before an answer was complete';

/** A TCP connection that sends exactly what it is given: half a body, single bytes, one request after another. */
export class RawConnection {
  closed = false;
  error: string | undefined;
  readonly #socket: Socket;
  /** Lines of the head of every request: Host, and the headers of the user. */
  readonly #rows: readonly string[];
  #received = Buffer.alloc(0);

  private constructor(socket: Socket, rows: readonly string[]) {
    this.#socket = socket;
    this.#rows = rows;
    socket.setNoDelay(true);
    socket.on('data', (chunk) => {
      this.#received = Buffer.concat([this.#received, chunk]);
      if (this.#received.length > ANSWER_BYTES) socket.destroy(new Error(`more than ${ANSWER_BYTES} bytes came`));
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
  static open(
    { protocol, hostname, host, port }: URL,
    { ms = 2000, headers = {} }: { ms?: number; headers?: Readonly<Record<string, string>> } = {},
  ): Promise<RawConnection> {
    const rows = Object.entries({ Host: host, ...headers }).map(([name, value]) => `${name}: ${value}`);
    const opened = new Promise<RawConnection>((resolve, reject) => {
      const secure = protocol === 'https:';
      const name = hostname.replace(/^\[|\]$/g, '');
      const at = { host: name, port: Number(port) || (secure ? 443 : 80) };
      const socket = secure ? connectTls({ ...at, ...(isIP(name) ? {} : { servername: name }) }) : connect(at);
      socket.once('error', reject);
      socket.once(secure ? 'secureConnect' : 'connect', () => {
        socket.off('error', reject);
        resolve(new RawConnection(socket, rows));
      });
    });
    return within(`a connection to ${hostname}:${port}`, ms, opened);
  }

  write(bytes: string | Buffer): void {
    if (!this.closed) this.#socket.write(bytes);
  }

  /** Reads nothing from now on. Whether the other end has closed it shows when something is sent. */
  pause(): void {
    this.#socket.pause();
  }

  /** Sends a request with only a part of its body (0 to 1). @returns the rest, to be sent later */
  sendPart(method: string, path: string, body: string, part: number): string {
    const cut = Math.floor(body.length * part);
    this.write(this.head(method, path, Buffer.byteLength(body)) + body.slice(0, cut));
    return body.slice(cut);
  }

  /** The head of a request with a JSON body of `length` bytes. */
  head(method: string, path: string, length: number): string {
    const rows = [...this.#rows, 'Content-Type: application/json', `Content-Length: ${length}`];
    return `${method} ${path} HTTP/1.1\r\n${rows.join('\r\n')}\r\n\r\n`;
  }

  /** @param more further lines of the head */
  get(path: string, more: readonly string[] = []): void {
    this.write(`GET ${path} HTTP/1.1\r\n${[...this.#rows, ...more].join('\r\n')}\r\n\r\n`);
  }

  /** The next complete answer. @throws TimedOut, or an error when the connection ends before it is complete */
  answer(ms = 5000): Promise<RawAnswer> {
    return until('an answer', ms, () => {
      const answer = this.#takeAnswer();
      if (answer === undefined && this.closed) {
        throw new Error(
          this.error === undefined ? CUT : `the connection was ${this.error} before an answer was complete`,
        );
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
    const taken = parseAnswer(this.#received, this.closed);
    if (taken === undefined) return undefined;
    this.#received = this.#received.subarray(taken.length);
    if (taken.answer.status < 200 && taken.answer.status !== 101) return this.#takeAnswer();
    return taken.answer;
  }
}
