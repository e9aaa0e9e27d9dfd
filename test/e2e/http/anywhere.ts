import { gzipSync } from 'node:zlib';
import { type Expected, json, mismatch, type Row, type Send } from './row.ts';

const UNKNOWN = '/openapi.json has every path of this service.';
const SLASH = /^No path ends with a slash\.|^\/openapi\.json has every path of this service\.$/;
const JSON_TYPE = 'application/json';

/** A route that takes a body, and one that is read: what every service does does not depend on what it is for. */
export interface Place {
  readonly path: string;
  /** A body that it takes: another one each time. */
  readonly body: () => object;
  /** The status of its answer. */
  readonly status: number;
  /** What 405 says is allowed there. */
  readonly allow: string;
}

/** What is the same in every service: how bodies are read, paths and methods that are not there, ids and traces. */
export function anywhere(place: Place): readonly Row[] {
  return [...bodies(place), ...paths(place), ...ids(), ...framing(place)];
}

function bodies({ path, body, status }: Place): Row[] {
  const text = () => JSON.stringify(body());
  const post = (content: string | Buffer, type: string | undefined, more: Record<string, string> = {}): Send => ({
    method: 'POST',
    path,
    body: content,
    headers: { ...(type === undefined ? {} : { 'content-type': type }), ...more },
  });
  const refused = (code: number, detail: string, headers?: Expected['headers']): Expected => ({
    status: code,
    detail,
    route: path,
    ...(headers === undefined ? {} : { headers }),
  });
  const invalid = refused(400, 'The body is not valid JSON.');
  const otherType = refused(415, 'The content type is not supported.');
  const encoded = refused(415, 'The body may not be encoded.', { 'accept-encoding': 'identity' });
  const half = refused(400, 'The body has half of a surrogate pair.');
  const large = refused(413, 'The body is larger than the service accepts.');
  const taken: Expected = { status, route: path };
  const withPart = (part: string | Buffer) =>
    Buffer.concat([Buffer.from(text().slice(0, -1)), Buffer.from(',"more":"'), Buffer.from(part), Buffer.from('"}')]);
  return [
    ...[
      '{',
      '{"a":1',
      '{a:1}',
      "{'a':1}",
      `${text()}x`,
      `${text()}${text()}`,
      '{"a":1,}',
      '{"a":01}',
      '{"a":NaN}',
      '\ufeff{',
    ].map((content) => ({
      title: `JSON that is ${content.slice(0, 20)}`,
      send: post(content, JSON_TYPE),
      answer: invalid,
    })),
    { title: 'JSON with a line end in a text', send: post(withPart('\n'), JSON_TYPE), answer: invalid },
    { title: 'spaces around JSON', send: post(` \n${text()}\r\n\t`, JSON_TYPE), answer: taken },
    { title: 'deep JSON', send: post(withDeep(text(), 5000), JSON_TYPE), answer: taken },
    {
      title: 'an empty body that says it is JSON',
      send: post('', JSON_TYPE),
      answer: refused(400, 'The body is empty, but its content type is JSON.'),
    },
    { title: 'no body', send: { method: 'POST', path }, answer: mismatch(path, 'body /') },
    {
      title: 'bytes that are not UTF-8',
      send: post(withPart(Buffer.from([0xff])), JSON_TYPE),
      answer: refused(400, 'The body is not UTF-8.'),
    },
    {
      title: 'an overlong form of UTF-8',
      send: post(withPart(Buffer.from([0xc0, 0xaf])), JSON_TYPE),
      answer: refused(400, 'The body is not UTF-8.'),
    },
    { title: 'half a surrogate pair', send: post(withPart('\\uDBFF'), JSON_TYPE), answer: half },
    { title: 'the other half', send: post(withPart('\\udc00'), JSON_TYPE), answer: half },
    { title: 'a whole surrogate pair', send: post(withPart('\\ud83d\\ude00 \\\\ud800'), JSON_TYPE), answer: taken },
    ...['utf-8', '"UTF-8"', 'utf8'].map((charset) => ({
      title: `the charset ${charset}`,
      send: post(text(), `${JSON_TYPE}; charset=${charset}`),
      answer: taken,
    })),
    ...['UTF-16', 'latin1', '"utf-8x"'].map((charset) => ({
      title: `the charset ${charset}`,
      send: post(text(), `${JSON_TYPE}; charset=${charset}`),
      answer: refused(415, 'The charset is not UTF-8.'),
    })),
    ...['Application/JSON', 'application/json;profile=a'].map((type) => ({
      title: `the content type ${type}`,
      send: post(text(), type),
      answer: taken,
    })),
    ...[
      'text/plain',
      'a/b',
      'application/xml',
      'application/x-www-form-urlencoded',
      'application/problem+json',
      'json',
    ].map((type) => ({ title: `the content type ${type}`, send: post(text(), type), answer: otherType })),
    { title: 'a body without a content type', send: post(text(), undefined), answer: otherType },
    {
      title: 'a packed body',
      send: post(gzipSync(text()), JSON_TYPE, { 'content-encoding': 'gzip' }),
      answer: encoded,
    },
    {
      title: 'a body that is encoded as identity',
      send: post(text(), JSON_TYPE, { 'content-encoding': 'identity' }),
      answer: encoded,
    },
    { title: 'a body that is as large as it may be', send: post(text().padEnd(LIMIT), JSON_TYPE), answer: taken },
    { title: 'a body that is one byte too large', send: post(text().padEnd(LIMIT + 1), JSON_TYPE), answer: large },
    {
      title: 'a body in chunks',
      send: { raw: chunked(path, text(), 1) },
      answer: taken,
    },
    {
      title: 'a body in chunks that is too large',
      send: { raw: chunked(path, text().padEnd(LIMIT + 1), 3) },
      answer: large,
    },
    {
      title: 'an answer that no client wants to have',
      send: json(path, body(), { accept: 'text/html' }),
      answer: taken,
    },
  ];
}

/** BODY_LIMIT_BYTES of the service that is asked. */
export const LIMIT = 20_000;

function withDeep(text: string, depth: number): string {
  return `${text.slice(0, -1)},"more":${'['.repeat(depth)}${']'.repeat(depth)}}`;
}

function chunked(path: string, text: string, chunks: number): string {
  const size = Math.ceil(text.length / chunks);
  const parts = Array.from({ length: chunks }, (_, index) => text.slice(index * size, (index + 1) * size));
  const body = [...parts, ''].map((part) => `${part.length.toString(16)}\r\n${part}\r\n`).join('');
  const head = [`POST ${path} HTTP/1.1`, 'Host: a', `Content-Type: ${JSON_TYPE}`, 'Transfer-Encoding: chunked'];
  return [...head, '', body].join('\r\n');
}

function paths({ path, allow }: Place): Row[] {
  const unmatched: Expected = { status: 404, detail: UNKNOWN, route: 'unmatched' };
  const refused = (methods: string, route: string): Expected => ({ status: 405, headers: { allow: methods }, route });
  const others = ['PUT', 'PATCH', 'DELETE', 'OPTIONS'];
  return [
    ...['/', '/nowhere', '/nowhere/', `${path}/a/b/c`, '/../livez', '/%2e%2e/livez', '/livez%00', '/LIVEZ'].map(
      (unknown) => ({
        title: `the path ${unknown}`,
        send: { raw: `GET ${unknown} HTTP/1.1\r\nHost: a\r\n\r\n` },
        answer: unmatched,
      }),
    ),
    { title: 'a query does not make a path', send: { path: '/nowhere?a=b' }, answer: unmatched },
    {
      title: 'HEAD of a path that is not there',
      send: { method: 'HEAD', path: '/nowhere' },
      answer: { ...unmatched, body: '' },
    },
    { title: 'POST of a path that is not there', send: json('/nowhere', {}), answer: unmatched },
    { title: 'a slash after a path that is read', send: { path: '/livez/' }, answer: unmatched },
    { title: 'a slash before the query', send: { path: '/livez/?a=b' }, answer: unmatched },
    { title: 'two slashes', send: { raw: `GET //livez HTTP/1.1\r\nHost: a\r\n\r\n` }, answer: unmatched },
    {
      title: 'a percent-encoded letter',
      send: { path: '/l%69vez' },
      answer: { status: 200, route: '/livez', log: { level: 'debug' } },
    },
    {
      title: 'a percent sign that encodes nothing',
      send: { path: '/%zz' },
      answer: { status: 400, detail: 'The URL is malformed.' },
    },
    {
      title: 'a percent sign at the end',
      send: { path: '/livez%' },
      answer: { status: 400, detail: 'The URL is malformed.' },
    },
    {
      title: 'a path that is no UTF-8',
      send: { path: '/nowhere/%ff' },
      answer: { status: 400, detail: 'The URL is malformed.' },
    },
    ...others
      .filter((method) => !allow.includes(method))
      .map((method) => ({
        title: `${method} of a route without it`,
        send: { method, path },
        answer: refused(allow, path),
      })),
    ...others.map((method) => ({
      title: `${method} of a path that is read`,
      send: { method, path: '/version', body: '?', headers: { 'content-type': JSON_TYPE } },
      answer: refused('GET, HEAD', '/version'),
    })),
    { title: 'POST of a path that is read', send: json('/version', {}), answer: refused('GET, HEAD', '/version') },
    {
      title: 'a probe with another method',
      send: { method: 'DELETE', path: '/livez' },
      answer: { status: 405, headers: { allow: 'GET, HEAD' } },
    },
    // A router may take it for a path with an empty parameter.
    { title: 'a slash in place of a parameter', send: { path: `${path}/` }, answer: { status: 404, detail: SLASH } },
  ];
}

const TRACE = 'a'.repeat(32);
const SPAN = 'b'.repeat(16);

function ids(): Row[] {
  const answer = (id: string | RegExp, log: object = {}): Expected => ({
    status: 200,
    headers: { 'x-request-id': id },
    route: '/version',
    log: { ...log },
  });
  const generated = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/;
  const ask = (name: string, value: string) => ({ path: '/version', headers: { [name]: value } });
  const traced = { trace_id: TRACE, span_id: SPAN };
  return [
    ...['abc-1', 'A_b.c:~9', 'i'.repeat(128)].map((id) => ({
      title: `the request id ${id}`,
      send: ask('x-request-id', id),
      answer: answer(id),
    })),
    ...['a b', 'i'.repeat(129), '', 'a"b', 'a,b', 'a/b', 'é'].map((id) => ({
      title: `the request id ${id} is replaced`,
      send: ask('x-request-id', id),
      answer: answer(generated),
    })),
    {
      title: 'two request ids are replaced',
      send: { raw: 'GET /version HTTP/1.1\r\nHost: a\r\nX-Request-Id: a\r\nX-Request-Id: b\r\n\r\n' },
      answer: answer(generated),
    },
    ...[
      `00-${TRACE}-${SPAN}-01`,
      `00-${TRACE}-${SPAN}-00`,
      `01-${TRACE}-${SPAN}-01-more`,
      `cc-${TRACE}-${SPAN}-01`,
    ].map((parent) => ({
      title: `the traceparent ${parent}`,
      send: ask('traceparent', parent),
      answer: answer(generated, traced),
    })),
    ...[
      `ff-${TRACE}-${SPAN}-01`,
      `00-${TRACE}-${SPAN}-01-more`,
      `00-${'0'.repeat(32)}-${SPAN}-01`,
      `00-${TRACE}-${'0'.repeat(16)}-01`,
      `00-${TRACE.toUpperCase()}-${SPAN}-01`,
      `00-${TRACE}-${SPAN}-1`,
      `00-${TRACE}-${SPAN}`,
      'none',
    ].map((parent) => ({
      title: `the traceparent ${parent} is ignored`,
      send: ask('traceparent', parent),
      answer: answer(generated),
    })),
    {
      title: 'a problem has the id and the trace, too',
      send: { path: '/nowhere', headers: { 'x-request-id': 'mine', traceparent: `00-${TRACE}-${SPAN}-01` } },
      answer: { status: 404, detail: UNKNOWN, headers: { 'x-request-id': 'mine' }, route: 'unmatched', log: traced },
    },
  ];
}

function framing({ path }: Place): Row[] {
  const raw = (...lines: string[]) => ({ raw: [...lines, '', ''].join('\r\n') });
  const one = 'There has to be one Host.';
  return [
    {
      title: 'two hosts',
      send: raw('GET /livez HTTP/1.1', 'Host: a', 'Host: b'),
      answer: { status: 400, detail: /^(There has to be one Host\.)?$/ },
    },
    { title: 'no host', send: raw('GET /livez HTTP/1.1'), answer: { status: 400, detail: one } },
    {
      title: 'no host before HTTP/1.1',
      send: raw('GET /livez HTTP/1.0'),
      answer: { status: 200, body: { status: 'live' } },
    },
    {
      title: 'an expectation that nobody can meet',
      send: raw('GET /livez HTTP/1.1', 'Host: a', 'Expect: the-impossible'),
      answer: { status: 417, detail: 'Nothing but 100-continue may be expected.' },
    },
    {
      title: 'a question about no path',
      send: raw('OPTIONS * HTTP/1.1', 'Host: a'),
      answer: { status: 404, detail: UNKNOWN, route: 'unmatched' },
    },
    { title: 'what is no HTTP', send: raw('HELLO'), answer: { status: 400 } },
    { title: 'a header without a name', send: raw('GET /livez HTTP/1.1', 'Host: a', ': b'), answer: { status: 400 } },
    {
      title: 'a header with a space in its name',
      send: raw('GET /livez HTTP/1.1', 'Host: a', 'A b: c'),
      answer: { status: 400 },
    },
    {
      title: 'a length and chunks',
      send: raw('POST /version HTTP/1.1', 'Host: a', 'Content-Length: 5', 'Transfer-Encoding: chunked'),
      answer: { status: 400 },
      differs: { go: 'net/http drops the length before any handler sees it, and reads the chunks' },
    },
    {
      title: 'an encoding that nobody knows',
      send: raw(`POST ${path} HTTP/1.1`, 'Host: a', `Content-Type: ${JSON_TYPE}`, 'Transfer-Encoding: x'),
      answer: { status: 400 },
    },
    {
      title: 'two lengths',
      send: raw('POST /version HTTP/1.1', 'Host: a', 'Content-Length: 1', 'Content-Length: 2'),
      answer: { status: 400 },
    },
    {
      title: 'a length that is no number',
      send: raw('POST /version HTTP/1.1', 'Host: a', 'Content-Length: +1'),
      answer: { status: 400 },
    },
    {
      title: 'headers that are very long',
      send: raw('GET /livez HTTP/1.1', 'Host: a', `A: ${'a'.repeat(20_000)}`),
      answer: { status: 431 },
    },
  ];
}
