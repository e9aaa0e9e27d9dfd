import { type IncomingMessage, request } from 'node:http';
import { request as tlsRequest } from 'node:https';

/** An endless answer is read no longer than this, in bytes. */
const MOST_BYTES = 256 * 1024 * 1024;

/** A GET whose answer is not read before `resume`, so that a large one stays under way. It is not kept. */
export class Download {
  /** Settles with its status if it came to its end, or else with a sentence of how it was cut. Never rejects. */
  readonly ended: Promise<number | string>;
  #incoming: IncomingMessage | undefined;
  #isPaused = true;
  #destroy = (): void => undefined;

  constructor(url: string, headers: Readonly<Record<string, string>>) {
    this.ended = new Promise((settle) => {
      const outgoing = (url.startsWith('https:') ? tlsRequest : request)(url, { headers, agent: false }, (incoming) => {
        let bytes = 0;
        const cut = (why: string) => settle(`${incoming.statusCode}, and ${why} after ${bytes} bytes of the body`);
        incoming.on('data', (chunk: Buffer) => {
          bytes += chunk.length;
          if (bytes > MOST_BYTES) outgoing.destroy();
        });
        if (this.#isPaused) incoming.pause();
        this.#incoming = incoming;
        incoming.once('error', () => cut('the connection was cut'));
        incoming.once('end', () => (incoming.complete ? settle(incoming.statusCode ?? 0) : cut('it ended')));
        incoming.once('close', () => cut('the connection was closed'));
      });
      outgoing.once('error', ({ message }) => settle(message)).end();
      this.#destroy = () => outgoing.destroy();
    });
  }

  /** Reads it from now on. */
  resume(): void {
    this.#isPaused = false;
    this.#incoming?.resume();
  }

  destroy(): void {
    this.#destroy();
  }
}
