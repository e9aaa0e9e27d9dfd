import { randomUUID } from 'node:crypto';
import type { Line } from '../harness/process/line.ts';
import { field } from '../harness/process/line.ts';
import { normaliseRoute } from '../harness/schema/route-template.ts';
import type { Rule } from '../rule.ts';

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'];

export const rule: Rule = {
  id: 'XI-2',
  level: 'MUST',
  factor: 'XI. Logs',
  promises: {
    house:
      'Each line has `time` (RFC 3339, UTC), `level` (lower case), `msg`, `service.name` and `service.version`; a request adds `http.request.method`, `http.route`, `http.response.status_code`, `duration_ms`, `request_id` and, inside a trace, `trace_id` and `span_id`.',
  },
  why: 'One dashboard, one alert and one search for all services, whatever they are written in.',
  mend: "Name the logger's fields once, where it is made, and write one line a request when the answer has been sent.",
  byHand: ['curl -s $URL/version; tail -1 $LOG | jq .'],
  applies: (subject) => subject.serves(),
  async check(harness) {
    const service = await harness.shared();
    const openApi = await harness.openApi().catch(() => undefined);
    const item = openApi?.operations.find(({ method, path }) => method === 'GET' && path.includes('{'));
    const write = item ? undefined : await harness.findWrite();
    const operation = item ?? write ?? { method: 'GET', path: service.paths.live, object: {} };
    const path = openApi?.fill(operation) ?? operation.path;
    const id = `probe-${randomUUID()}`;
    const trace = randomUUID().replaceAll('-', '');
    const headers = { 'x-request-id': id, traceparent: `00-${trace}-00f067aa0ba902b7-01` };
    const body = write?.body();
    const answer = await service.ask(path, { method: operation.method, headers, body });
    const line = await service.requestLine(id).catch(() => undefined);
    // A line that is not JSON is for another rule to report.
    const lines = service.child.lines.filter(({ json }) => json !== undefined);
    const wrong = lines.filter((seen) => wrongFields(seen).length > 0);
    const [example = lines[0]] = wrong;
    const start = example?.text.slice(0, 200) ?? '(no line)';
    harness.saw({
      sent: `${lines.length} lines of stdout`,
      expected: 'time, level, msg, service.name, service.version in each',
      got:
        wrong.length > 0 && example
          ? `${wrong.length} with a wrong ${wrongFields(example).join(', ')}: ${start}`
          : start,
      ok: wrong.length === 0 && lines.length > 0,
    });
    if (!line) {
      const sent = `${operation.method} ${path}, X-Request-Id: ${id}`;
      harness.saw({ sent, expected: 'a line with that request_id and a http.route', got: 'no such line', ok: false });
      return harness.evidence;
    }
    const of = (name: string) => field(line.json ?? {}, name);
    const sent = `${operation.method} ${path}`;
    const seen = (name: string, expected: string, ok: boolean) =>
      harness.saw({ sent: `${sent}: ${name}`, expected, got: JSON.stringify(of(name)) ?? '(none)', ok });
    seen('http.request.method', operation.method, of('http.request.method') === operation.method);
    const route = String(of('http.route'));
    const template = normaliseRoute(route) === operation.path;
    seen('http.route', `the template ${operation.path}`, template);
    seen('http.response.status_code', String(answer.status), of('http.response.status_code') === answer.status);
    seen('duration_ms', 'a number of milliseconds', isDuration(of('duration_ms'), answer.ms));
    seen('request_id', id, of('request_id') === id);
    seen('trace_id', trace, of('trace_id') === trace);
    seen('span_id', '16 hexadecimal digits', /^[0-9a-f]{16}$/.test(String(of('span_id'))));
    return harness.evidence;
  },
};

/** Names of the fields that every line has to have and that are missing or malformed here. */
function wrongFields({ json = {} }: Line): string[] {
  const texts = ['msg', 'service.name', 'service.version'];
  return [
    ...(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)$/.test(String(json.time)) ? [] : ['time']),
    ...(LEVELS.includes(String(json.level)) ? [] : ['level']),
    ...texts.filter((name) => typeof field(json, name) !== 'string'),
  ];
}

/** Whether a value can be the duration: the service cannot have taken longer than the client waited. */
const isDuration = (value: unknown, waited: number): boolean =>
  typeof value === 'number' && value >= 0 && value <= waited + 50;
