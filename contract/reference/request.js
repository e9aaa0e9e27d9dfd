import { randomBytes, randomUUID } from 'node:crypto';
import { Problem } from './problem.js';

const BODY_LIMIT = 100 * 1024;

/** The ids that a request brings, or new ones. */
export function identify(headers) {
  const given = headers['x-request-id'];
  const request_id = /^[\w.-]{1,128}$/.test(given ?? '') ? given : randomUUID();
  const [, trace_id] =
    /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/.exec(headers.traceparent ?? '') ?? [];
  return trace_id ? { request_id, trace_id, span_id: randomBytes(8).toString('hex') } : { request_id };
}

/** The JSON body of a request. */
export async function readJson(request) {
  if (request.headers['content-type']?.split(';')[0] !== 'application/json')
    throw new Problem(415, 'send application/json');
  if ('content-encoding' in request.headers) throw new Problem(415, 'send it without a Content-Encoding');
  const tooLarge = () => new Problem(413, `more than ${BODY_LIMIT} bytes`, { connection: 'close' });
  if (Number(request.headers['content-length']) > BODY_LIMIT) throw tooLarge();
  const chunks = [];
  let length = 0;
  for await (const chunk of request) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > BODY_LIMIT) throw tooLarge();
  }
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks)));
  } catch {
    throw new Problem(400, 'the body is no JSON in UTF-8');
  }
}
