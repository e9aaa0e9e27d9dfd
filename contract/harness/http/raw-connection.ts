import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { codeOf, TimedOut, until, within } from '../wait.ts';
import { ANSWER_BYTES } from './ask.ts';
import { parseAnswer, type RawAnswer } from './raw-answer.ts';

/** What is reported of a connection that was closed in order, but too early. */
export const CUT = 'the connection was closed before an answer was complete';

/**
 * How long a connection may take to open, in milliseconds. A server that takes few at a time lets others wait: the kernel
 * tries again after 1, 3 and 7 s.
 */
const CONNECT_MS = 10_000;

/** A TCP connection that sends exactly what it is given: half a body, single bytes, one request after another. */
export class RawConnection {
  closed = false;
  error: string | undefined;
  readonly #socket: Socket;
  /** Lines of the head of every request: Host, and the headers of the user. */
  readonly #rows: readonly string[];
  #received: Buffer = Buffer.alloc(0);
  /** Called when something has come, or the end. */
  readonly #waiting = new Set<() => void>();

  private constructor(socket: Socket, rows: readonly string[]) {
    this.#socket = socket;
    this.#rows = rows;
    socket.setNoDelay(true);
    socket.on('data', (chunk) => {
      this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
      this.#wake();
      if (this.#received.length > ANSWER_BYTES) socket.destroy(new Error(`more than ${ANSWER_BYTES} bytes came`));
    });
    socket.on('error', (error) => {
      this.error = codeOf(error) || error.message;
    });
    for (const end of ['close', 'end'])
      socket.on(end, () => {
        this.closed = true;
        this.#wake();
      });
  }

  /** @throws the connection's error, such as ECONNREFUSED; TimedOut after `ms`, and then it is destroyed, even if it opens later */
  static async open(
    { protocol, hostname, host, port }: URL,
    { ms = CONNECT_MS, headers = {} }: { ms?: number; headers?: Readonly<Record<string, string>> } = {},
  ): Promise<RawConnection> {
    const rows = Object.entries({ Host: host, ...headers }).map(([name, value]) => `${name}: ${value}`);
    const secure = protocol === 'https:';
    const name = hostname.replace(/^\[|\]$/g, '');
    const at = { host: name, port: Number(port) || (secure ? 443 : 80) };
    const socket = secure ? connectTls({ ...at, ...(isIP(name) ? {} : { servername: name }) }) : connect(at);
    const opened = new Promise<RawConnection>((resolve, reject) => {
      socket.once('error', reject);
      socket.once(secure ? 'secureConnect' : 'connect', () => {
        socket.off('error', reject);
        resolve(new RawConnection(socket, rows));
      });
    });
    try {
      return await within(`a connection to ${hostname}:${port}`, ms, opened);
    } catch (error) {
      socket.destroy();
      throw error;
    }
  }

  /** The port of its own end; 0 once that is closed. */
  get localPort(): number {
    return this.#socket.localPort ?? 0;
  }

  /** How much of what was written has left this program, in bytes. What the system keeps of it is some MiB at most. */
  get sentBytes(): number {
    return this.#socket.bytesWritten - this.#socket.writableLength;
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

  /**
   * The head of a request with a JSON body of `length` bytes, or in chunks.
   * @param more further lines of it
   */
  head(method: string, path: string, length: number | 'chunked', more: readonly string[] = []): string {
    const framing = length === 'chunked' ? 'Transfer-Encoding: chunked' : `Content-Length: ${length}`;
    const rows = [...this.#rows, 'Content-Type: application/json', framing, ...more];
    return `${method} ${path} HTTP/1.1\r\n${rows.join('\r\n')}\r\n\r\n`;
  }

  /** @param more further lines of the head */
  get(path: string, more: readonly string[] = []): void {
    this.write(`GET ${path} HTTP/1.1\r\n${[...this.#rows, ...more].join('\r\n')}\r\n\r\n`);
  }

  /** The next complete answer. @throws TimedOut, or an error when the connection ends before it is complete */
  async answer(ms = 5000): Promise<RawAnswer> {
    const end = performance.now() + ms;
    for (;;) {
      const answer = this.#takeAnswer();
      if (answer !== undefined) return answer;
      if (this.closed)
        throw new Error(
          this.error === undefined ? CUT : `the connection was ${this.error} before an answer was complete`,
        );
      if (performance.now() >= end) throw new TimedOut('an answer', ms);
      await this.#more(end - performance.now());
    }
  }

  /** Waits until more has come, or the end, or for so long: thousands of requests are sent one after the other. */
  #more(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.#waiting.delete(done);
        resolve();
      };
      const timer = setTimeout(done, Math.max(1, ms));
      this.#waiting.add(done);
    });
  }

  #wake(): void {
    for (const done of this.#waiting) done();
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
