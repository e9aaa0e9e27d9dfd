import { randomUUID } from 'node:crypto';
import type { Ask } from '../harness/http/ask.ts';
import type { WriteOperation } from '../harness/schema/openapi.ts';
import { sleep, until } from '../harness/wait.ts';
import type { Rule } from '../rule.ts';

const MARK = 'hunter2-do-not-log';

/** What the request carries, its target, and its other options. */
type Request = readonly [carries: string, target: string, options: Ask];

export const rule: Rule = {
  id: 'XI-3',
  level: 'MUST',
  factor: 'XI. Logs',
  statement: 'No log line shows a credential, wherever it came from: header, URL, body or connection string.',
  why: 'Logs are copied to more places and kept longer than any store of secrets.',
  mend: 'Log an allow-list: the method, the route template, the status. No headers, no query, no body, no parser message that quotes the body, no connection string.',
  applies: (subject) => subject.serves(),
  async check(harness) {
    const service = await harness.start({ env: { LOG_LEVEL: 'trace' } });
    const write = await harness.findWrite('bodies');
    const credentials = {
      authorization: `Bearer ${MARK}`,
      'proxy-authorization': `Basic ${MARK}`,
      cookie: `session=${MARK}`,
      'x-api-key': MARK,
      'x-auth-token': MARK,
    };
    const query = `token=${MARK}&access_token=${MARK}&api_key=${MARK}&password=${MARK}&code=${MARK}`;
    const requests: Request[] = [
      ['headers', '/version', { headers: credentials }],
      ['a query', `/version?${query}`, {}],
      ['a query of no route', `/no/such/route?${query}`, {}],
      ['user information in the request target', `//user:${MARK}@127.0.0.1/version`, {}],
      ...(write ? bodies(write) : []),
    ];
    const unseen: string[] = [];
    for (const [what, at, options] of requests) {
      const from = service.child.lines.length;
      const id = `probe-${randomUUID()}`;
      await service.ask(at, { ...options, headers: { ...options.headers, 'x-request-id': id } });
      const line = await service.lineWith(id).catch(() => undefined);
      if (line === undefined) unseen.push(what);
      await sleep(20);
      const lines = service.child.lines.slice(from).map(({ text }) => text);
      seeNoMark(`credentials in ${what}`, lines.join('\n'));
    }
    await sleep(100);
    seeNoMark('all of these; standard error too', service.child.output);
    if (unseen.length > 0)
      harness.leftOut.push(`lines of requests with ${unseen.join(', ')}: none has the request's id`);
    if (harness.subject.hasDatabase) {
      const database = await harness.database();
      const url = database.url.replace(database.password, MARK);
      const env = { LOG_LEVEL: 'trace' };
      const [{ child }, web] = await Promise.all([
        harness.run(['migrate'], { database: { url }, env }),
        harness.start({ database: { url }, env, waitMs: 0 }),
      ]);
      const ready = () =>
        web.status(web.paths.ready).then((status) => typeof status === 'number' || web.child.exited !== undefined);
      await until('it to answer or to end', 10_000, async () => ((await ready()) ? true : undefined)).catch(
        () => undefined,
      );
      await sleep(100);
      seeNoMark('a password in DATABASE_URL that the database refuses', child.output + web.child.output);
      if (child.lines.length === 0) harness.leftOut.push('what migrate logs of a database that refuses it: no line');
    }
    return harness.evidence;

    function seeNoMark(sent: string, output: string): void {
      const lines = output.split('\n').filter((line) => line.trim() !== '');
      const leak = lines.find((line) => line.includes(MARK));
      const got = leak === undefined ? `none of ${lines.length} lines` : aroundMark(leak);
      harness.saw({ sent, expected: 'no line that shows them', got, ok: leak === undefined });
    }
  },
};

/** The part of a long line around what leaked. */
function aroundMark(line: string): string {
  const from = Math.max(0, line.indexOf(MARK) - 100);
  return `${from === 0 ? '' : '... '}${line.slice(from, from + 200)}`;
}

/** Requests with credentials in their bodies: bodies that are accepted, refused, and not understood. */
function bodies({ path, body }: WriteOperation): Request[] {
  const secret = { password: MARK, token: MARK, authorization: MARK };
  const json = { 'content-type': 'application/json' };
  const text = { 'content-type': 'text/plain' };
  return [
    ['a valid body with credentials', path, { method: 'POST', body: { ...body(), ...secret } }],
    ['a body that is refused', path, { method: 'POST', body: secret }],
    ['a body that is no JSON', path, { method: 'POST', body: `{"password":"${MARK}"`, headers: json }],
    ['a body that is text in front', path, { method: 'POST', body: `${MARK} {}`, headers: json }],
    ['a body of another type', path, { method: 'POST', body: `password=${MARK}`, headers: text }],
  ];
}
