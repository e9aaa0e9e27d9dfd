import type { Row } from './row.ts';

/** REQUEST_TIMEOUT_MS of the service that these rows ask. */
export const PATIENCE = 1000;

/** Requests whose client stops in the middle, and waits. */
export function halves(path: string): readonly Row[] {
  const head = [`POST ${path} HTTP/1.1`, 'Host: a', 'Content-Type: application/json', 'Content-Length: 100'];
  const late = { status: 408, headers: { connection: 'close' } };
  return [
    { title: 'half a line', send: { raw: 'GET /liv' }, answer: late },
    { title: 'half a head', send: { raw: 'GET /livez HTTP/1.1\r\nHo' }, answer: late },
    { title: 'a head without its body', send: { raw: [...head, '', ''].join('\r\n') }, answer: late },
    { title: 'half a body', send: { raw: [...head, '', '{"a":'].join('\r\n') }, answer: late },
  ];
}
