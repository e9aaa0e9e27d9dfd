import { Agent, type IncomingHttpHeaders, request } from 'node:http';
import { Agent as TlsAgent, request as tlsRequest } from 'node:https';

/** Larger than any answer that a probe asks for. */
export const ANSWER_BYTES = 16 * 1024 * 1024;

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The body if it is JSON, else `undefined`. */
  readonly json: unknown;
  readonly ms: number;
}

export interface Ask {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON unless it is a string or bytes. */
  readonly body?: unknown;
  readonly timeoutMs?: number;
}

/** Parses JSON. @returns `undefined` if the text is not JSON */
export function jsonOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/**
 * One request on a connection of its own.
 * @throws the connection's error, or an error after `timeoutMs` (5 s) or 16 MiB
 */
export function ask(url: string, { method = 'GET', headers = {}, body, timeoutMs = 5000 }: Ask = {}): Promise<Answer> {
  const started = performance.now();
  const isJson = body !== undefined && typeof body !== 'string' && !Buffer.isBuffer(body);
  const payload = isJson ? JSON.stringify(body) : (body as string | Buffer | undefined);
  return new Promise((resolve, reject) => {
    const secure = url.startsWith('https:');
    const outgoing = (secure ? tlsRequest : request)(
      url,
      {
        method,
        agent: secure ? new TlsAgent({ keepAlive: false }) : new Agent({ keepAlive: false }),
        headers: {
          ...(isJson ? { 'content-type': 'application/json' } : {}),
          ...(payload === undefined ? {} : { 'content-length': String(Buffer.byteLength(payload)) }),
          ...headers,
        },
        signal: AbortSignal.timeout(timeoutMs),
      },
      (incoming) => {
        const chunks: Buffer[] = [];
        let length = 0;
        incoming.on('data', (chunk: Buffer) => {
          chunks.push(chunk);
          length += chunk.length;
          if (length > ANSWER_BYTES) incoming.destroy(new Error(`the answer is longer than ${ANSWER_BYTES} bytes`));
        });
        incoming.once('error', reject);
        incoming.once('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          const ms = performance.now() - started;
          const { statusCode: status = 0, headers: answered } = incoming;
          resolve({ status, headers: answered, text, json: jsonOrUndefined(text), ms });
        });
      },
    );
    outgoing.once('error', (cause) => reject(new Error(`${method} ${url}: ${cause.message}`, { cause })));
    outgoing.end(payload);
  });
}

/** `201 application/json {"id":...` in at most 160 characters, for evidence. */
export function describe(answer: Answer): string {
  const text = answer.text.replace(/\s+/g, ' ');
  return `${answer.status} ${answer.headers['content-type'] ?? '(no type)'} ${text.length > 100 ? `${text.slice(0, 100)}...` : text}`;
}
