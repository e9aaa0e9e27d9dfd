import { randomUUID } from 'node:crypto';
import { describe } from '../harness/http/ask.ts';
import { normaliseRoute } from '../harness/schema/route-template.ts';
import type { Rule } from '../rule.ts';

export const rule: Rule = {
  id: 'H-5',
  level: 'SHOULD',
  factor: 'HTTP',
  promises: {
    house:
      '`/metrics` is Prometheus text with the histogram `http_server_request_duration_seconds`, labelled by route template.',
  },
  why: 'It puts rates, errors and durations of every service on one dashboard. With raw paths as labels the number of series grows without end.',
  mend: 'Keep one histogram, observed when an answer has been sent, labelled with method, route template and status.',
  byHand: ['curl -s $URL/metrics | grep http_server_request_duration_seconds_bucket'],
  applies: (subject) => subject.answers(),
  async check(harness) {
    const service = await harness.endpoint();
    const openApi = await harness.openApi().catch(() => undefined);
    const operation = openApi?.operations.find(({ method, path }) => method === 'GET' && path.includes('{')) ??
      (await harness.findWrite()) ?? { method: 'GET', path: '/metrics', object: {} };
    const path = openApi?.fill(operation) ?? operation.path;
    await service.ask(path, { method: operation.method });
    const unknown = `/no/such/${randomUUID()}`;
    await service.status(unknown);
    const answer = await service.ask('/metrics');
    const text =
      answer.status === 200 &&
      /^(text\/plain|application\/openmetrics-text)/.test(answer.headers['content-type'] ?? '');
    harness.saw({ sent: 'GET /metrics', expected: '200 text/plain', got: describe(answer), ok: text });
    const rows = answer.text
      .split('\n')
      .filter((row) => row.startsWith('http_server_request_duration_seconds_bucket{'));
    const route = rows.find((row) => normaliseRoute(routeOf(row)) === operation.path);
    const raw = path !== operation.path && rows.some((row) => row.includes(path));
    const got = raw ? `the path ${path} is a label` : (route ?? rows[0] ?? '(no such histogram)');
    harness.saw({
      sent: `${operation.method} ${path}, then GET /metrics`,
      expected: `a bucket with route="${operation.path}"`,
      got,
      ok: route !== undefined && !raw,
    });
    harness.saw({
      sent: `GET ${unknown}, then GET /metrics`,
      expected: 'no row with that path',
      got: answer.text.split('\n').find((row) => row.includes(unknown)) ?? 'none',
      ok: !answer.text.includes(unknown),
      steady: true,
    });
    return harness.evidence;
  },
};

/** The value of the label `route`, or of one whose name ends with it. */
function routeOf(row: string): string {
  const [, route = ''] = /route="((?:[^"\\]|\\.)*)"/.exec(row) ?? [];
  return route.replace(/\\(.)/g, '$1');
}
