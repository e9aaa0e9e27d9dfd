/** An HTTP answer that was read from a raw connection. */
export interface RawAnswer {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Whether the connection ends after it: it says so, or it is HTTP/1.0 and does not say that it stays. */
  readonly isLast: boolean;
}

/** Part of what was received, and how many bytes that part has. */
interface Taken<Part> {
  readonly part: Part;
  readonly length: number;
}

/**
 * The first answer of what was received, or `undefined` while it is not complete.
 * @param ended whether nothing more will come: that is the end of a body without a length
 * @throws if it is not HTTP
 */
export function parseAnswer(bytes: Buffer, ended: boolean): { answer: RawAnswer; length: number } | undefined {
  const end = bytes.indexOf('\r\n\r\n');
  if (end === -1) return undefined;
  const [statusLine = '', ...rows] = bytes.subarray(0, end).toString('latin1').split('\r\n');
  const [, minor, code] = /^HTTP\/1\.([01]) (\d{3})( |$)/.exec(statusLine) ?? [];
  if (code === undefined) throw new Error(`the answer is not HTTP/1: ${JSON.stringify(statusLine.slice(0, 80))}`);
  const headers = Object.fromEntries(
    rows.map((row) => [row.slice(0, row.indexOf(':')).toLowerCase(), row.slice(row.indexOf(':') + 1).trim()]),
  );
  const status = Number(code);
  const content = takeBody(bytes.subarray(end + 4), status, headers, ended);
  if (content === undefined) return undefined;
  const connection = headers.connection?.toLowerCase();
  const isLast = connection === 'close' || (minor === '0' && connection !== 'keep-alive');
  return { answer: { status, headers, body: content.part, isLast }, length: end + 4 + content.length };
}

function takeBody(
  rest: Buffer,
  status: number,
  headers: RawAnswer['headers'],
  ended: boolean,
): Taken<string> | undefined {
  if (status < 200 || status === 204 || status === 304) return { part: '', length: 0 };
  if (headers['transfer-encoding']?.toLowerCase().endsWith('chunked')) return takeChunks(rest);
  const { 'content-length': announced } = headers;
  if (announced === undefined) return ended ? takeLength(rest, rest.length) : undefined;
  if (!/^\d+$/.test(announced)) throw new Error(`the answer is not HTTP/1: Content-Length: ${announced.slice(0, 40)}`);
  return takeLength(rest, Number(announced));
}

function takeLength(bytes: Buffer, length: number): Taken<string> | undefined {
  return bytes.length < length ? undefined : { part: bytes.subarray(0, length).toString('utf8'), length };
}

function takeChunks(bytes: Buffer): Taken<string> | undefined {
  const parts: Buffer[] = [];
  for (let at = 0; ; ) {
    const head = bytes.indexOf('\r\n', at);
    if (head === -1) return undefined;
    const [digits = ''] = bytes.subarray(at, head).toString('latin1').split(';');
    if (!/^[0-9a-f]{1,8}\s*$/i.test(digits))
      throw new Error(`the answer is not HTTP/1: a chunk of the size ${JSON.stringify(digits.slice(0, 40))}`);
    const size = Number.parseInt(digits, 16);
    if (size === 0) {
      const end = endOfTrailers(bytes, head + 2);
      return end === undefined ? undefined : { part: Buffer.concat(parts).toString('utf8'), length: end };
    }
    const end = head + 2 + size;
    if (bytes.length < end + 2) return undefined;
    parts.push(bytes.subarray(head + 2, end));
    at = end + 2;
  }
}

/** The position after the trailers that start at `from`, and after the empty line that ends them. */
function endOfTrailers(bytes: Buffer, from: number): number | undefined {
  if (bytes.subarray(from, from + 2).toString('latin1') === '\r\n') return from + 2;
  const end = bytes.indexOf('\r\n\r\n', from);
  return end === -1 ? undefined : end + 4;
}
