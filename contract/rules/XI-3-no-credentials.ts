import { randomUUID } from 'node:crypto';
import type { Harness } from '../harness/harness.ts';
import type { Ask } from '../harness/http/ask.ts';
import type { WriteOperation } from '../harness/schema/openapi.ts';
import type { Service } from '../harness/service.ts';
import { sleep, Unseen, until } from '../harness/wait.ts';
import { leaseProxied } from '../probes/data/proxied-instance.ts';
import { findLeak } from '../probes/log/leaked.ts';
import { probeWorkerLog } from '../probes/worker.ts';
import type { Rule } from '../rule.ts';

/** How long an answer to a request that cannot be read is waited for, in milliseconds. */
const UNREADABLE_MS = 500;
const MARK = 'hunter2-do-not-log';

/** How long a service is asked without its database, in milliseconds. */
const AWAY_MS = 4000;

/** What the request carries, its target, and its other options. */
type Request = readonly [carries: string, target: string, options: Ask];

export const rule: Rule = {
  id: 'XI-3',
  level: 'MUST',
  factor: 'XI. Logs',
  promises: {
    'twelve-factor': 'No log line shows a credential, wherever it came from: header, URL, body or connection string.',
  },
  why: 'Logs are copied to more places and kept longer than any store of secrets.',
  mend: 'Log an allow-list: the method, the route template, the status. No headers, no query, no body, no parser message that quotes the body, no connection string.',
  thresholds: [`a service is asked for ${AWAY_MS / 1000} s without its database`],
  byHand: ['curl -s "$URL/no/such/route?token=hunter2-do-not-log"; grep hunter2 $LOG'],
  applies: (subject) => subject.runs(),
  async check(harness) {
    if (harness.subject.form === 'worker') {
      await probeWorkerLog(harness);
      return harness.evidence;
    }
    const proxied = harness.subject.hasDatabase ? await leaseProxied(harness).catch(unlessUnseen) : undefined;
    const outage = proxied?.proxy;
    const password = proxied?.database.password ?? '';
    const service = proxied?.service ?? (await harness.start({ env: harness.subject.verboseLog }));
    const write = await harness.findWrite('bodies');
    const credentials = {
      authorization: `Bearer ${MARK}`,
      'proxy-authorization': `Basic ${Buffer.from(`user:${MARK}`).toString('base64')}`,
      cookie: `session=${MARK}`,
      'x-api-key': MARK,
      'x-auth-token': MARK,
    };
    const query = `token=${MARK}&access_token=${MARK}&api_key=${MARK}&password=${MARK}&code=${MARK}`;
    const requests: Request[] = [
      ['headers', '/version', { headers: credentials }],
      ['a query', `/version?${query}`, {}],
      ['a query of no route', `/no/such/route?${query}`, {}],
      ['a query of the page before', '/version', { headers: { referer: `https://example.com/reset?token=${MARK}` } }],
      ['user information in the request target', `//user:${MARK}@127.0.0.1/version`, {}],
      ...(write ? bodies(write) : []),
    ];
    const seesOutage = harness.subject.hasDatabase && !harness.leavesOut('a database that refuses or goes away');
    const refused = seesOutage ? logOfRefused(harness, write) : undefined;
    refused?.catch(() => undefined); // Whoever waits for it gets the error.
    const unseen: string[] = [];
    const told = new Set<string>();
    for (const [what, at, options] of requests) {
      const from = service.child.lines.length;
      const id = `probe-${randomUUID()}`;
      await service.ask(at, { ...options, headers: { ...options.headers, 'x-request-id': id } });
      const line = await service.lineWith(id).catch(() => undefined);
      if (line === undefined) unseen.push(what);
      await sleep(20);
      const lines = service.child.lines.slice(from).map(({ text }) => text);
      seeNoLeak(`credentials in ${what}`, lines.join('\n'));
    }
    await sendUnreadable(harness, service);
    await sleep(100);
    const rest = service.child.output.split('\n').filter((line) => !told.has(line));
    seeNoLeak('all of these; other lines, and standard error', rest.join('\n'));
    if (unseen.length > 0)
      harness.leftOut.push(`lines of requests with ${unseen.join(', ')}: none has the request's id`);
    if (refused) {
      seeNoLeak('a password in DATABASE_URL that the database refuses', await refused);
      if (outage) {
        await outage.down();
        const from = service.child.lines.length;
        await useBadly(service, write, { query, headers: credentials });
        const lines = service.child.lines.slice(from).map(({ text }) => text);
        seeNoLeak('a database that goes away', [...lines, service.child.stderr].join('\n'), [MARK, password]);
      }
    }
    return harness.evidence;

    function seeNoLeak(sent: string, output: string, secrets: readonly string[] = [MARK]): void {
      const lines = output.split('\n').filter((line) => line.trim() !== '');
      const leaks = lines.flatMap((line) => {
        const leak = findLeak(line, secrets);
        if (leak) told.add(line);
        return leak ? [aroundLeak(line, leak.at)] : [];
      });
      const got = leaks[0] ?? `none of ${lines.length} lines`;
      const ok = leaks.length === 0;
      harness.saw({ sent, expected: 'no line that shows them, encoded or not', got, ok, steady: true });
    }
  },
};

/** Sends credentials in requests that no parser takes, each on a connection of its own: who logs them logs them as they came. */
async function sendUnreadable(harness: Harness, service: Service): Promise<void> {
  const head = `Host: ${new URL(service.url).host}\r\nAuthorization: Bearer ${MARK}\r\nCookie: session=${MARK}`;
  const requests = [
    `GET /version HTTP/1.1\r\n${head}\r\nno header\r\n\r\n`,
    `GET /version HTTP/9.9\r\n${head}\r\n\r\n`,
    `POST /version HTTP/1.1\r\n${head}\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}`,
  ];
  for (const request of requests) {
    const connection = await harness.connect(service);
    connection.write(request);
    await connection.answer(UNREADABLE_MS).catch(() => undefined);
    connection.destroy();
  }
}

/** What is logged while the database refuses the password. Half of it is characters that have to be encoded. */
async function logOfRefused(harness: Harness, write: WriteOperation | undefined): Promise<string> {
  const database = await harness.database();
  const url = database.url.replace(database.password, encodeURIComponent(`${MARK}/+"%`));
  const env = harness.subject.comfort({ LOG_LEVEL: 'trace' });
  const [{ child }, web] = await Promise.all([
    harness.run(['migrate'], { database: { url }, env }),
    harness.start({ database: { url }, env, waitMs: 0 }),
  ]);
  const ready = () =>
    web.status(web.paths.ready).then((status) => typeof status === 'number' || web.child.exited !== undefined);
  await until('it to answer or to end', 10_000, async () => ((await ready()) ? true : undefined)).catch(
    () => undefined,
  );
  await useBadly(web, write);
  if (child.lines.length === 0) harness.leftOut.push('what migrate logs of a database that refuses it: no line');
  return child.output + web.child.output;
}

/**
 * Requests that fail without a database. Some tell what they know only when it has been away for a while.
 * @param secret credentials that some of the requests have: of what failed, more is logged than of others
 */
async function useBadly(
  service: Service,
  write: WriteOperation | undefined,
  secret?: { readonly query: string; readonly headers: NonNullable<Ask['headers']> },
): Promise<void> {
  const end = performance.now() + AWAY_MS;
  while (!service.child.exited && performance.now() < end) {
    await service.status(service.paths.ready);
    if (write) await service.ask(write.path, { method: 'POST', body: write.body() }).catch(() => undefined);
    if (write && secret) {
      const at = `${write.path}?${secret.query}`;
      const { headers } = secret;
      for (const options of [{ headers }, { method: 'POST', body: write.body(), headers }])
        await service.ask(at, options).catch(() => undefined);
    }
    await sleep(300);
  }
}

/** The part of a long line around what leaked. */
function aroundLeak(line: string, at: number): string {
  const from = Math.max(0, at - 100);
  return `${from === 0 ? '' : '... '}${line.slice(from, from + 200)}`;
}

/** For `catch`: some databases can have no proxy. */
function unlessUnseen(error: Error): undefined {
  if (!(error instanceof Unseen)) throw error;
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
