import { request } from 'node:http';
import { connect } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { BALANCER, Gateway, noNginx } from './support/gateway.ts';
import { load } from './support/load.ts';
import { workFolder } from './support/service.ts';

/** The gateway of a workspace, with nothing but other addresses, on this machine's nginx. */

if (noNginx !== undefined) console.log(`skipped: the gateway of a workspace: ${noNginx}`);

const work = workFolder();
afterAll(work.remove);

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
  readonly ms: number;
}

/** One request as it stands: a URL object would tidy the path. */
function send(
  base: string,
  path: string,
  {
    method = 'GET',
    headers = {},
    body = '',
    from = '127.0.0.1',
  }: { method?: string; headers?: Record<string, string>; body?: string; from?: string } = {},
): Promise<Answer> {
  const { hostname, port } = new URL(base);
  const options = { hostname, port, path, method, headers, localAddress: from, agent: false };
  const start = Date.now();
  return new Promise((resolve, reject) => {
    const outgoing = request(options, (incoming) => {
      let text = '';
      incoming.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      incoming.on('end', () =>
        resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: text, ms: Date.now() - start }),
      );
    });
    outgoing.on('error', reject).end(body);
  });
}

/** What is answered to bytes that need not be a request. */
function sendText(base: string, text: string): Promise<string> {
  const { hostname, port } = new URL(base);
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(Number(port), hostname, () => socket.write(text));
    socket.setEncoding('utf8').on('data', (part: string) => {
      answer += part;
    });
    socket.on('error', reject).on('close', () => resolve(answer));
  });
}

/** After this a name is asked again: nginx counts the 2 s of its resolver in whole seconds. */
const NAME_MS = 3100;

const TRACE = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

describe.skipIf(noNginx !== undefined)('the gateway', () => {
  const gateway = new Gateway(work.folder);
  const ask = (path: string, options?: Parameters<typeof send>[2]) => send(gateway.url, path, options);

  /** Every error of the gateway's own is one. */
  function isProblem({ status, headers, body }: Answer, expected: number): void {
    expect([status, headers['content-type']], body).toEqual([expected, 'application/problem+json']);
    expect(JSON.parse(body)).toMatchObject({ type: 'about:blank', status: expected, title: expect.any(String) });
    expect(JSON.parse(body).request_id).toBe(headers['x-request-id']);
  }

  beforeAll(() => gateway.start('orders', 'billing', 'feed', 'items', 'large', 'mail', 'slow'));
  afterAll(() => gateway.stop());
  afterEach(() => {
    gateway.asked.length = 0;
  });

  it('starts while every service is away, and finds one that comes later', async () => {
    const away = await ask('/orders/products');
    isProblem(away, 502);
    expect(away.ms).toBeLessThan(5000);
    await gateway.instance('orders', '127.0.0.2', ({ url }) => ({ status: 200, body: JSON.stringify({ url }) }));
    expect(await eventually(() => ask('/orders/products'))).toMatchObject({ status: 200 });
  });

  it.each([
    ['/orders/', '/'],
    ['/orders/products?limit=2&after=a%2Fb', '/products?limit=2&after=a%2Fb'],
    ['/orders/a%2Fb/%C3%A9%20', '/a%2Fb/%C3%A9%20'],
    ['/orders/x?next=/../y&dot=/.', '/x?next=/../y&dot=/.'],
    ['/orders/.well-known/..x', '/.well-known/..x'],
    ['/orders/livezone', '/livezone'],
    ['/orders/version', '/version'],
    ['/orders/a/livez', '/a/livez'],
  ])('asks the service for what stands behind its name: %s', async (path, url) => {
    expect(await ask(path)).toMatchObject({ status: 200, body: JSON.stringify({ url }) });
  });

  it.each([
    '/',
    '/products',
    '/orders/livez',
    '/orders/readyz',
    '/orders/healthz',
    '/orders/metrics',
    '/orders/health/live',
    '/orders/health/ready?x=1',
    '/orders/LIVEZ',
    '/orders/livez/',
    '/orders/%6civez',
    '/orders//livez',
    '/orders/./livez',
    '/orders/x/../livez',
    '/orders/x/%2e%2e/livez',
    '/orders/x%2f..%2flivez',
    '/orders%2fx/metrics',
    '/orders%2Flivez/version',
    '/%6frders/version',
    '/orders/x%2f..%2f..%2fbilling%2fy',
    '/orders/x/..%2fversion',
    '/orders/%2e%2e%2fbilling/y',
    '/orders/%2fmetrics',
    '/orders/metrics#/x',
    '/billing/../orders/metrics',
    '/x/../orders/products',
    '//orders/products',
    '/problem',
    '/@problem',
  ])('has nothing for a client at %s', async (path) => {
    isProblem(await ask(path), 404);
    expect(gateway.asked).toEqual([]);
  });

  it.each(['/orders', '/orders?x=1', '/ordersx/y', '/orders-x/'])('has no POST at %s', async (path) => {
    const answer = await ask(path, { method: 'POST', body: '{}' });
    isProblem(answer, 404);
    expect(answer.headers).not.toHaveProperty('location');
    expect(gateway.asked).toEqual([]);
  });

  it.each<[string, string?]>([
    ['/orders/a%2Fb?x=/../y', '/a%2Fb?x=/../y'],
    ['/orders%2fx/metrics'],
    ['/orders/metrics'],
    ['/orders/x/../../billing/y'],
    [''],
    ['?/orders/version'],
  ])('reads an address with its host as one without: http://shop.example%s', async (path, url) => {
    const line = `GET http://shop.example${path} HTTP/1.1`;
    const answer = await sendText(gateway.url, `${line}\r\nHost: shop.example\r\nConnection: close\r\n\r\n`);
    expect(answer).toMatch(url === undefined ? /^HTTP\/1\.1 404 / : /^HTTP\/1\.1 200 /);
    expect(gateway.asked.map((asked) => asked.url)).toEqual(url === undefined ? [] : [url]);
  });

  it.each([
    ['a line that is no request', 'GET\r\n\r\n', 400],
    ['two hosts', 'GET /orders/x HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n', 400],
    ['no host', 'GET /orders/x HTTP/1.1\r\n\r\n', 400],
    ['two lengths', 'POST /orders/x HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n', 400],
    ['a header that is too long', `GET /orders/x HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
    ['a path that is too long', `GET /orders/${'x'.repeat(20_000)} HTTP/1.1\r\nHost: a\r\n\r\n`, 414],
    ['another version', 'GET /orders/x HTTP/9.9\r\nHost: a\r\n\r\n', 505],
  ])('refuses %s', async (_what, text, status) => {
    expect(await sendText(gateway.url, text)).toMatch(
      new RegExp(`^HTTP/1\\.1 ${status} [^]*application/problem\\+json[^]*"status":${status}`),
    );
    expect(gateway.asked).toEqual([]);
  });

  it('keeps a plain id of a request, replaces any other, and hands a trace on', async () => {
    const kept = await ask('/orders/a', { headers: { 'x-request-id': 'id-1', traceparent: TRACE } });
    expect(kept.headers['x-request-id']).toBe('id-1');
    const replaced = await ask('/orders/b', { headers: { 'x-request-id': 'no "id"' } });
    expect(replaced.headers['x-request-id']).toMatch(/^[0-9a-f]{32}$/);
    expect(gateway.asked.map(({ headers }) => [headers['x-request-id'], headers.traceparent])).toEqual([
      ['id-1', TRACE],
      [replaced.headers['x-request-id'], undefined],
    ]);
  });

  it('tells the service who asks, and for which host', async () => {
    await ask('/orders/a', { headers: { host: 'shop.example', 'x-forwarded-for': '203.0.113.7' } });
    expect(gateway.asked[0]?.headers).toMatchObject({
      host: 'shop.example',
      'x-forwarded-for': '203.0.113.7, 127.0.0.1',
      'x-forwarded-host': 'shop.example',
      'x-forwarded-proto': 'http',
    });
  });

  it('tells the service nothing else that a client says of its way here', async () => {
    const said = {
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'evil.example',
      'x-forwarded-port': '1',
      'x-forwarded-prefix': '/evil',
      'x-real-ip': '203.0.113.7',
      forwarded: 'for=203.0.113.7;host=evil.example;proto=https',
    };
    await ask('/orders/a', { headers: { host: 'shop.example', ...said } });
    const heard = gateway.asked[0]?.headers ?? {};
    expect(heard).toMatchObject({ 'x-forwarded-proto': 'http', 'x-forwarded-host': 'shop.example' });
    for (const name of ['x-forwarded-port', 'x-forwarded-prefix', 'x-real-ip', 'forwarded'])
      expect(heard).not.toHaveProperty(name);
  });

  it('believes a balancer that it was told of', async () => {
    const heard = async (headers: Record<string, string>) => {
      gateway.asked.length = 0;
      await ask('/orders/a', { headers: { host: 'inside', ...headers }, from: BALANCER });
      const { 'x-forwarded-proto': proto, 'x-forwarded-host': host } = gateway.asked[0]?.headers ?? {};
      return [proto, host];
    };
    expect(await heard({ 'x-forwarded-proto': 'https', 'x-forwarded-host': 'shop.example:8443' })).toEqual([
      'https',
      'shop.example:8443',
    ]);
    expect(await heard({ 'x-forwarded-proto': 'https' })).toEqual(['https', 'inside']);
    expect(await heard({ 'x-forwarded-proto': 'gopher', 'x-forwarded-host': 'a b' })).toEqual(['http', 'inside']);
    expect(await heard({})).toEqual(['http', 'inside']);
  });

  it('hands on what a service says, errors too, and asks it once', async () => {
    const refused = { type: 'about:blank', status: 503, title: 'Service Unavailable', detail: 'its own' };
    for (const address of ['127.0.0.3', '127.0.0.9'])
      await gateway.instance('billing', address, () => ({ status: 503, body: JSON.stringify(refused) }));
    const answer = await eventually(() => ask('/billing/x'));
    expect([answer.status, JSON.parse(answer.body)]).toEqual([503, refused]);
    expect(gateway.asked).toHaveLength(1);
  });

  it('leads a client to where a service says, also to another site', async () => {
    await gateway.instance('items', '127.0.0.10', ({ url }) => ({
      status: url.startsWith('/made') ? 201 : 302,
      headers: { location: decodeURIComponent(url.replace(/^.*[?]/, '')) },
      body: '',
    }));
    const headers = { host: 'shop.example:8000' };
    const said = async (path: string) => (await ask(path, { headers })).headers.location;
    await eventually(() => ask('/items/'));
    expect(await said('/items/made?/products/7')).toBe('/items/products/7');
    // A service does not know its name: this is the path items/7 of the service.
    expect(await said('/items/made?/items/7')).toBe('/items/items/7');
    expect(await said('/items/moved?/a%252Fb%3Fx=%252F%26y=1')).toBe('/items/a%2Fb?x=%2F&y=1');
    expect(await said('/items/moved?/')).toBe('/items/');
    expect(await said('/items/moved?http://shop.example:8000/a/b%3Fx=1')).toBe('/items/a/b?x=1');
    expect(await said('/items/moved?https://shop.example:8000/a')).toBe('/items/a');
    for (const elsewhere of ['7', '//cdn.example/a', 'https://shop.example/a', 'https://cdn.example/a'])
      expect(await said(`/items/moved?${elsewhere}`)).toBe(elsewhere);
    const behind = { headers: { host: 'inside', 'x-forwarded-host': 'shop.example' }, from: BALANCER };
    expect((await ask('/items/moved?https://shop.example/a', behind)).headers.location).toBe('/items/a');
  });

  it('hands on a stream as it comes, and no upgrade to WebSocket', async () => {
    const stream = { status: 200, body: 'data: 1\n\n', headers: { 'content-type': 'text/event-stream' }, isOpen: true };
    await gateway.instance('feed', '127.0.0.12', () => stream);
    await eventually(async () => undefined);
    const { hostname, port } = new URL(gateway.url);
    const socket = connect(Number(port), hostname);
    socket.write('GET /feed/x HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
    let heard = '';
    socket.setEncoding('utf8').on('data', (part: string) => {
      heard += part;
    });
    await new Promise((resolve) => setTimeout(resolve, 1000));
    socket.destroy();
    expect(heard).toContain('data: 1');
    expect(gateway.asked.map(({ headers }) => [headers.upgrade, headers.connection])).toEqual([[undefined, 'close']]);
  });

  it('keeps no large answer for a client that does not read', async () => {
    const body = 'x'.repeat(64 * 1024 * 1024);
    await gateway.instance('large', '127.0.0.11', () => ({ status: 200, body }));
    await eventually(() => ask('/large/x'));
    gateway.asked.length = 0;
    const { hostname, port } = new URL(gateway.url);
    const reader = connect(Number(port), hostname).pause();
    reader.write('GET /large/x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    await new Promise((resolve) => setTimeout(resolve, 2000));
    expect(gateway.asked.map(({ isTaken }) => isTaken())).toEqual([false]);
    let bytes = 0;
    for await (const part of reader) bytes += part.length;
    expect(bytes).toBeGreaterThan(body.length);
  });

  it('refuses a body that services refuse, and takes the largest that they take', async () => {
    const limit = 1024 * 1024;
    isProblem(await ask('/orders/x', { method: 'POST', body: 'x'.repeat(limit + 1) }), 413);
    expect(gateway.asked).toEqual([]);
    expect((await ask('/orders/x', { method: 'POST', body: 'x'.repeat(limit) })).status).toBe(200);
  });

  it('takes 64 large bodies at a time, and small ones on', async () => {
    const { hostname, port } = new URL(gateway.url);
    const slow = (length: string) => {
      const socket = connect(Number(port), hostname).on('error', () => {});
      socket.write(`POST /orders/x HTTP/1.1\r\nHost: a\r\n${length}\r\n\r\n1`);
      return socket;
    };
    const uploads = Array.from({ length: 64 }, (_, index) =>
      slow(index % 2 ? 'Content-Length: 1000000' : 'Transfer-Encoding: chunked'),
    );
    await new Promise((resolve) => setTimeout(resolve, 500));
    const large = { method: 'POST', body: 'x'.repeat(20_000) };
    isProblem(await ask('/orders/x', large), 503);
    expect(gateway.asked).toEqual([]);
    expect((await ask('/orders/x', { method: 'POST', body: 'x'.repeat(9999) })).status).toBe(200);
    for (const upload of uploads) upload.destroy();
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect((await ask('/orders/x', large)).status).toBe(200);
  });

  it('asks another instance for what may be repeated, and sends nothing else twice', async () => {
    await gateway.instance('mail', '127.0.0.4', () => 'drop');
    await gateway.instance('mail', '127.0.0.5', () => 'drop');
    const answer = await eventually(() => ask('/mail/x'));
    isProblem(answer, 502);
    const tried = async (method: string) => {
      gateway.asked.length = 0;
      isProblem(await ask('/mail/x', { method }), 502);
      return gateway.asked.length;
    };
    for (const method of ['GET', 'PUT', 'DELETE']) expect(await tried(method)).toBe(2);
    expect(await tried('POST')).toBe(1);
    expect(await tried('PATCH')).toBe(1);
    await gateway.kill('127.0.0.4');
    await gateway.kill('127.0.0.5');
    await gateway.instance('mail', '127.0.0.6');
    gateway.names.addresses.set('mail', ['127.0.0.4', '127.0.0.6']);
    // Nothing was sent to an instance that took no connection: another one is asked for anything.
    await new Promise((resolve) => setTimeout(resolve, NAME_MS));
    for (const method of ['GET', 'POST', 'GET', 'POST']) expect((await ask('/mail/x', { method })).status).toBe(200);
  });

  it('says after a time that a service does not answer', { timeout: 60_000 }, async () => {
    await gateway.instance('slow', '127.0.0.7', () => 'hang');
    const answer = await eventually(() => ask('/slow/x'));
    isProblem(answer, 504);
    expect(answer.ms).toBeGreaterThan(20_000);
    expect(answer.ms).toBeLessThan(40_000);
    expect(gateway.asked).toHaveLength(1);
  });

  it('loses no request when one of two instances is killed under load, and when it is back', async () => {
    await gateway.instance('orders', '127.0.0.8', ({ url }) => ({ status: 200, body: JSON.stringify({ url }) }));
    await new Promise((resolve) => setTimeout(resolve, NAME_MS));
    const { stop } = load(() => fetch(`${gateway.url}/orders/products`));
    await new Promise((resolve) => setTimeout(resolve, 1000));
    await gateway.kill('127.0.0.2');
    await new Promise((resolve) => setTimeout(resolve, 3000));
    gateway.names.addresses.set('orders', ['127.0.0.8']);
    await gateway.instance('orders', '127.0.0.2', ({ url }) => ({ status: 200, body: JSON.stringify({ url }) }));
    await new Promise((resolve) => setTimeout(resolve, 3000));
    const outcomes = await stop();
    expect(outcomes.length).toBeGreaterThan(100);
    expect(outcomes.filter(({ status }) => status !== 200)).toEqual([]);
    expect(new Set(gateway.asked.map(({ by }) => by))).toEqual(new Set(['127.0.0.2', '127.0.0.8']));
  });

  it('writes a line of JSON for each request, with the names that services use', async () => {
    await gateway.lines();
    const headers = { 'x-request-id': 'id-2', traceparent: TRACE, authorization: 'Bearer secret-token' };
    await ask('/orders/secret-path?token=secret-query', { headers });
    await ask('/no-such"path', { headers: { 'x-request-id': 'a"b', traceparent: 'x"y' } });
    await sendText(gateway.url, 'GET\r\n\r\n');
    await ask('/orders', { method: 'POST' });
    await gateway.kill('127.0.0.3');
    await gateway.kill('127.0.0.9');
    await ask('/billing/x', { method: 'POST' });
    const lines = await gateway.lines();
    expect(JSON.stringify(lines)).not.toContain('secret');
    // Two workers write them, so the next ones may have changed places.
    const [answered, unmatched, ...others] = lines;
    const [bare, broken, failed] = [404, 400, 502].map((status) =>
      others.find((line) => line['http.response.status_code'] === status),
    );
    expect(answered).toMatchObject({
      level: 'info',
      'service.name': 'gateway',
      'service.version': expect.stringMatching(/^\d/),
      'event.name': 'http.request',
      'http.request.method': 'GET',
      'http.route': '/orders/*',
      'http.response.status_code': 200,
      duration_ms: expect.any(Number),
      request_id: 'id-2',
      trace_id: TRACE.slice(3, 35),
      span_id: TRACE.slice(36, 52),
      msg: 'request',
    });
    expect(answered?.time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(unmatched).toMatchObject({ 'http.route': 'unmatched', 'http.response.status_code': 404 });
    expect(unmatched).not.toHaveProperty('trace_id');
    expect(broken).toMatchObject({ 'http.request.method': '', 'http.response.status_code': 400 });
    expect(bare).toMatchObject({ 'http.route': '/orders/*', 'http.response.status_code': 404 });
    expect(failed).toMatchObject({
      level: 'error',
      'http.request.method': 'POST',
      'http.route': '/billing/*',
      'http.response.status_code': 502,
      'upstream.status': '502, 502',
    });
  });
});

/** The answer of a service that has just come: its name is asked again after 2 s. */
async function eventually<T>(ask: () => Promise<T>): Promise<T> {
  await new Promise((resolve) => setTimeout(resolve, NAME_MS));
  return ask();
}
