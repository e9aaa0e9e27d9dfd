import { STATUS_CODES } from 'node:http';
import { expect } from 'vitest';
import type { Line } from '../../../contract/harness/process/line.ts';
import type { Service } from '../../../contract/harness/service.ts';
import type { Expected, Send } from './row.ts';
import type { Stack } from './stacks.ts';

/** What came back, whichever way it was sent. */
export interface Got {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

const SECURITY = {
  'content-security-policy': /^default-src 'self';/,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'origin-agent-cluster': '?1',
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'x-content-type-options': 'nosniff',
  'x-dns-prefetch-control': 'off',
  'x-download-options': 'noopen',
  'x-frame-options': 'SAMEORIGIN',
  'x-permitted-cross-domain-policies': 'none',
  'x-xss-protection': '0',
  'x-powered-by': null,
  server: null,
};

/** Sends what a row says. */
export async function sendTo(service: Service, send: Send): Promise<Got> {
  if (!('raw' in send)) return service.ask(send.path, send);
  const connection = await service.connect();
  try {
    connection.write(send.raw);
    const { status, headers, body } = await connection.answer();
    return { status, headers, text: body };
  } finally {
    connection.destroy();
  }
}

/** Holds an answer against its row, and against what is so for every answer that a route or a hook gives. */
export function judge(got: Got, expected: Expected): void {
  expect(got.status, got.text.slice(0, 500)).toBe(expected.status);
  const isProblem = got.status >= 400 && expected.body === undefined;
  const isHeard = expected.route !== undefined;
  headersAre(got, {
    'x-request-id': /^[\w.:~-]{1,128}$/,
    ...(isHeard ? SECURITY : {}),
    ...(isProblem && got.text !== '' ? { 'content-type': 'application/problem+json' } : {}),
    ...expected.headers,
  });
  if (expected.body instanceof RegExp) expect(plain(got.text)).toMatch(expected.body);
  else if (expected.body === '') expect(got.text).toBe('');
  else if (expected.body !== undefined) expect(JSON.parse(got.text)).toEqual(expected.body);
  else if (isProblem) judgeProblem(got, expected);
}

/** RFC 9457, with the id of the request, and no word more than the row has. */
function judgeProblem(got: Got, { status, detail, errors }: Expected): void {
  const { errors: found, ...problem } = JSON.parse(got.text);
  // A pattern may take that there is none.
  if (detail instanceof RegExp) problem.detail ??= '';
  expect(problem).toEqual({
    type: 'about:blank',
    title: STATUS_CODES[status],
    status,
    ...(detail === undefined ? {} : { detail: detail instanceof RegExp ? expect.stringMatching(detail) : detail }),
    request_id: got.headers['x-request-id'],
  });
  const places = (found as { in: string; path: string; message: string }[] | undefined)?.map((error) => {
    expect(Object.keys(error).sort()).toEqual(['in', 'message', 'path']);
    expect(error.message).toMatch(/\S/);
    return `${error.in} ${error.path}`;
  });
  // One place may have two faults, and stacks may name places in another order.
  expect(places && [...new Set(places)].sort()).toEqual(errors && [...errors].sort());
}

function headersAre({ headers }: Got, expected: NonNullable<Expected['headers']>): void {
  for (const [name, value] of Object.entries(expected)) {
    const what = `header ${name}`;
    if (value === null) expect(headers[name], what).toBeUndefined();
    else if (value instanceof RegExp) expect(headers[name], what).toMatch(value);
    else expect(headers[name], what).toBe(value);
  }
}

/** Holds the line of a request in the log against its row: these fields, and no others. */
export async function judgeLine(
  service: Service,
  send: Send,
  got: Got,
  { status, route, log }: Expected,
  parameter: Stack['parameter'],
): Promise<void> {
  if (route === undefined) return;
  const id = String(got.headers['x-request-id']);
  const isIt = ({ json }: Line) => json?.request_id === id && json['event.name'] === 'http.request';
  const { json } = await service.child.line(`the line of request ${id}`, 5000, isIt);
  const { time, duration_ms: duration, 'service.version': version, ...rest } = json ?? {};
  expect(time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  expect(duration).toBeGreaterThanOrEqual(0);
  expect(version).toBe('0.1.0');
  expect(rest).toEqual({
    level: 'info',
    request_id: id,
    'service.name': 'orders',
    'event.name': 'http.request',
    'http.request.method': 'raw' in send ? String(send.raw).split(' ')[0] : (send.method ?? 'GET'),
    'http.route': route.replaceAll(/:(\w+)/g, (_, name) => parameter(name)),
    'http.response.status_code': status,
    msg: 'request',
    ...log,
  });
}

/** JSON without what is only its form, such as escapes of characters that need none. */
function plain(text: string): string {
  return text.startsWith('{') ? JSON.stringify(JSON.parse(text)) : text;
}
