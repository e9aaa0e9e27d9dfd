import { randomUUID } from 'node:crypto';
import type { Harness } from '../harness/harness.ts';
import type { Ask } from '../harness/http/ask.ts';
import type { Endpoint } from '../harness/http/endpoint.ts';
import { requestLine } from '../harness/service.ts';
import { storedItems } from '../probes/data/stored-item.ts';
import type { Rule } from '../rule.ts';

/** Whether an id has no character that could do harm in a log, a header or a page. */
const isPlain = (id: string) => /^[\w.:/+=@-]{8,200}$/.test(id);

export const rule: Rule = {
  id: 'H-3',
  level: 'MUST',
  factor: 'HTTP',
  promises: {
    house:
      'A valid `traceparent` (W3C Trace Context) is carried on; a plain `X-Request-Id` is kept, any other is replaced, and every answer has one.',
  },
  why: 'One request crosses many services; without a shared id its lines cannot be put together again.',
  mend: 'Parse traceparent strictly and log its trace_id; take X-Request-Id when it is short and plain, else make one; set it on every answer.',
  byHand: [
    "curl -i -H 'X-Request-Id: made-by-hand-1' $URL/version",
    "curl -i -H 'traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01' $URL/version; grep 4bf92f3577b34da6a3ce929d0e0e4736 $LOG",
  ],
  applies: (subject) => subject.answers(),
  async check(harness) {
    const service = await harness.endpoint();
    const echoed = async (path: string, headers: Record<string, string>) => {
      const id = (await service.ask(path, { headers })).headers['x-request-id'];
      return typeof id === 'string' ? id : '(none)';
    };
    const good = randomUUID();
    for (const path of ['/version', '/no/such/route']) {
      const got = await echoed(path, { 'x-request-id': good });
      harness.saw({ sent: `GET ${path}, X-Request-Id: ${good}`, expected: 'the same back', got, ok: got === good });
    }
    await seeOnOthers(harness, service);
    const made = [await echoed('/version', {}), await echoed('/version', {})];
    const fresh = made[0] !== made[1] && made.every(isPlain);
    harness.saw({
      sent: 'GET /version twice without one',
      expected: 'two different ids',
      got: made.join(', '),
      ok: fresh,
    });
    for (const bad of ['a b"c', '<script>', 'x'.repeat(1000)]) {
      const got = await echoed('/version', { 'x-request-id': bad });
      const replaced = got !== bad && isPlain(got);
      harness.saw({
        sent: `X-Request-Id: ${bad.slice(0, 20)} (${bad.length} characters)`,
        expected: 'one that was made',
        got: got.slice(0, 60),
        ok: replaced,
      });
    }
    // What happens to a trace is seen in the log only.
    if (harness.subject.target.kind === 'url') return harness.evidence;
    const { child } = await harness.shared();
    const [trace, unsampled] = [randomUUID(), randomUUID()].map((id) => id.replaceAll('-', '')) as [string, string];
    const parents = [
      { traceparent: `00-${trace}-00f067aa0ba902b7-01`, expected: trace },
      // Whoever began it does not keep its spans: its lines belong together all the same.
      { traceparent: `00-${unsampled}-00f067aa0ba902b7-00`, expected: unsampled },
      { traceparent: `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`, expected: undefined },
      { traceparent: `00-${trace.slice(0, 30)}zz-00f067aa0ba902b7-01`, expected: undefined },
      { traceparent: `ff-${trace}-00f067aa0ba902b7-01`, expected: undefined },
    ];
    for (const { traceparent, expected } of parents) {
      const id = randomUUID();
      await service.ask('/version', { headers: { traceparent, 'x-request-id': id } });
      const line = await requestLine(child, id).catch(() => undefined);
      const json = line?.json ?? {};
      const sentId = traceparent.split('-')[1];
      const ok = line !== undefined && (expected === undefined ? json.trace_id !== sentId : json.trace_id === expected);
      const what =
        expected === undefined ? 'a line without that trace_id: it is not valid' : `a line with trace_id ${expected}`;
      harness.saw({
        sent: `traceparent: ${traceparent}`,
        expected: what,
        got: line ? String(json.trace_id) : 'no line of the request',
        ok,
      });
    }
    return harness.evidence;
  },
};

/** Answers that are seldom made where all others are: of what is known already, of what has another method, of what is no JSON. */
async function seeOnOthers(harness: Harness, service: Endpoint): Promise<void> {
  const [item] = await storedItems(harness, 1);
  const { etag } = item ? (await service.ask(item.path)).headers : {};
  const write = await harness.findWrite();
  const asked: [path: string, options: Ask][] = [['/version', { method: 'DELETE' }]];
  if (item && etag !== undefined) asked.push([item.path, { headers: { 'if-none-match': etag } }]);
  if (write) asked.push([write.path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{' }]);
  for (const [path, options] of asked) {
    const id = randomUUID();
    const answer = await service.ask(path, { ...options, headers: { ...options.headers, 'x-request-id': id } });
    const got = answer.headers['x-request-id'];
    harness.saw({
      sent: `${options.method ?? 'GET'} ${path}, answered with ${answer.status}; X-Request-Id: ${id}`,
      expected: 'the same back',
      got: String(got ?? '(none)'),
      ok: got === id,
    });
  }
}
