import { gzipSync } from 'node:zlib';
import { type Answer, describe, jsonOrUndefined } from '../harness/http/ask.ts';
import type { RawAnswer } from '../harness/http/raw-answer.ts';
import { integerQuery, sendTwoHosts, withoutUtf8 } from '../probes/http/malformed-requests.ts';
import { sendOversizedBody } from '../probes/http/oversized-body.ts';
import { provokeErrors } from '../probes/http/provoked-errors.ts';
import type { Rule } from '../rule.ts';
import { STACK_TRACE } from '../runtimes/index.ts';

/** Larger than any sensible limit for a JSON body, in bytes. */
const HUGE = 12 * 1024 * 1024;

export const rule: Rule = {
  id: 'H-2',
  level: 'MUST',
  factor: 'HTTP',
  promises: {
    'twelve-factor':
      'What a client sends and the service cannot read is a 4xx; no answer to it is a 5xx or shows a stack trace.',
    house:
      'Every error is `application/problem+json` (RFC 9457), those of the framework included: 404, 405, 413, 415 (another type, or an encoding that it does not take), JSON that does not parse, text that is not UTF-8, input that is not valid; none shows a stack trace, whatever is sent, and nothing that a client sends is a 500. Two Host headers are a 400.',
  },
  why: 'Clients handle one shape of error; a stack trace tells an attacker what to try next.',
  mend: 'Write one error handler and one not-found handler that make problem details of everything, the framework errors included.',
  thresholds: [`a body of ${HUGE / 1024 / 1024} MiB is too large`],
  byHand: ['curl -i $URL/no/such/route', "curl -i -H 'Content-Type: application/json' -d '{\"a\":' $URL$ROUTE"],
  applies: (subject) => subject.answers(),
  async check(harness) {
    const service = await harness.endpoint();
    const write = await harness.findWrite('methods, bodies and types');
    const json = { 'content-type': 'application/json' };
    const isHouse = harness.asks('house');
    const see = (sent: string, statuses: readonly number[], answer: Answer, isUnreadable = false) => {
      const type = answer.headers['content-type']?.split(';')[0];
      const { status, title } = (answer.json ?? {}) as { status?: unknown; title?: unknown };
      const problem = type === 'application/problem+json' && status === answer.status && typeof title === 'string';
      const trace = STACK_TRACE.test(answer.text);
      if (!isHouse) {
        const least = isUnreadable ? 400 : 200;
        const range = isUnreadable ? '4xx' : 'below 500';
        const ok = answer.status >= least && answer.status < 500 && !trace;
        harness.saw({ sent, expected: `${range}, no stack trace`, got: describe(answer), ok });
        return;
      }
      harness.saw({
        sent,
        expected: `${statuses.join(' or ')} application/problem+json with title and status, no stack trace`,
        got: describe(answer),
        ok: statuses.includes(answer.status) && problem && !trace,
      });
    };
    see('GET /no/such/route', [404], await service.ask('/no/such/route'));
    // The escapes are well formed: some servers refuse others before the program sees them.
    see('GET /%E0%A4 (no UTF-8)', [400, 404], await service.ask('/%E0%A4'));
    if (isHouse) await sendTwoHosts(harness, service);
    const count = await integerQuery(harness);
    for (const value of count ? ['0x10', '1e2'] : [])
      see(`GET ${count}${value}`, [400, 422], await service.ask(`${count}${value}`));
    await provokeErrors(harness, service, write);
    if (!write) return harness.evidence;
    const { path, invalidBody } = write;
    const post = (content: unknown, headers = {}) => service.ask(path, { method: 'POST', body: content, headers });
    if (isHouse) await seeMethodAndSize();
    see(`POST ${path} as application/xml`, [415], await post('<a/>', { 'content-type': 'application/xml' }));
    const text = JSON.stringify(write.body());
    see(`POST ${path} as text/plain`, [415], await post(text, { 'content-type': 'text/plain' }));
    const packed = await post(gzipSync(text), { ...json, 'content-encoding': 'gzip' });
    // A service may take the encoding.
    if (packed.status >= 400) see(`POST ${path} with Content-Encoding: gzip`, [415], packed);
    const garbled = withoutUtf8(text);
    if (garbled) see(`POST ${path} with a text that is not UTF-8`, [400, 422], await post(garbled, json));
    else harness.leftOut.push(`text that is not UTF-8: a body for ${path} needs no text`);
    see(`POST ${path} with {"a":`, [400], await post('{"a":', json), true);
    see(`POST ${path} with an empty JSON body`, [400, 422], await post('', json), true);
    const invalid = invalidBody();
    see(`POST ${path} with ${JSON.stringify(invalid)}`, [400, 422], await post(invalid), true);
    return harness.evidence;

    async function seeMethodAndSize(): Promise<void> {
      const absent = (await harness.openApi()).absentMethod(path);
      // A running service of somebody else must not be changed, whether the method is described or not.
      if (harness.subject.target.kind === 'url')
        harness.leftOut.push('405: no other method is sent to a running service');
      else if (absent === undefined) harness.leftOut.push(`405: ${path} describes each method that may be tried`);
      else {
        const wrong = await service.ask(path, { method: absent });
        if (wrong.status >= 400) see(`${absent} ${path}`, [405], wrong);
        else harness.leftOut.push(`405: ${absent} ${path} is not described, and answers ${wrong.status}`);
      }
      const large = await sendOversizedBody(await harness.connect(service), path, HUGE);
      see(
        `POST ${path} with a body of ${HUGE / 1024 / 1024} MiB`,
        [413],
        typeof large === 'string' ? silence(large) : heard(large),
      );
    }
  },
};

/** An answer of a raw connection in the form of other answers. */
function heard({ status, headers, body: text }: RawAnswer): Answer {
  return { status, headers, text, json: jsonOrUndefined(text), ms: 0 };
}

const silence = (end: string): Answer => ({ status: 0, headers: {}, text: end, json: undefined, ms: 0 });
