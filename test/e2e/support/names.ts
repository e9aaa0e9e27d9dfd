import { createSocket } from 'node:dgram';
import type { AddressInfo } from 'node:net';

const HEADER = 12;
const NO_SUCH_NAME = 3;

/** A server of names on loopback, as Docker's own is: which addresses a name has may change while it runs. */
export class Names {
  readonly #socket = createSocket('udp4');
  readonly addresses = new Map<string, readonly string[]>();

  /** Listens on a free port of loopback, and resolves with it. */
  async start(): Promise<number> {
    this.#socket.on('message', (query, from) => this.#socket.send(this.#answer(query), from.port, from.address));
    await new Promise<void>((resolve) => this.#socket.bind(0, '127.0.0.1', resolve));
    return (this.#socket.address() as AddressInfo).port;
  }

  stop(): void {
    this.#socket.close();
  }

  /** The same question with its addresses (RFC 1035, 4.1), each valid for no time. */
  #answer(query: Buffer): Buffer {
    const { name, end } = questionOf(query);
    const found = this.addresses.get(name) ?? [];
    const head = Buffer.from(query.subarray(0, HEADER));
    head.writeUInt16BE(0x8180 | (found.length === 0 ? NO_SUCH_NAME : 0), 2);
    head.writeUInt16BE(found.length, 6);
    head.writeUInt32BE(0, 8);
    const records = found.map((address) =>
      Buffer.from([0xc0, HEADER, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, ...address.split('.').map(Number)]),
    );
    return Buffer.concat([head, query.subarray(HEADER, end), ...records]);
  }
}

function questionOf(query: Buffer): { name: string; end: number } {
  const labels: string[] = [];
  let at = HEADER;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += length + 1;
  }
  return { name: labels.join('.'), end: at + 5 };
}
