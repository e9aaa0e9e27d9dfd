import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { readText } from './config.js';
import { log } from './log.js';
import { observe } from './metrics.js';
import { Problem } from './problem.js';
import { identify } from './request.js';
import { makeRoutes, match } from './routes.js';

/** Requests of one connection that may wait for their answers. */
const AT_ONCE = 100;

/** Each connection reads its URL anew, since a file may have another password by now. */
class FreshClient extends pg.Client {
  constructor(options) {
    const { text = options.connectionString } = readText(process.env, 'DATABASE_URL');
    super({ ...options, connectionString: text });
  }
}

/** What a client is told of an error. */
function problemOf(error) {
  if (error instanceof Problem) return error;
  const isAway = error.code === '57014' || /timeout|terminated|ECONN/i.test(`${error.code} ${error.message}`);
  if (isAway) return new Problem(503, 'the database does not answer in time', { 'retry-after': '1' });
  return new Problem(500, 'an error of the service');
}

/** Serves until it is told to stop; gives the exit code. */
export async function web(values, version) {
  const database = {
    Client: FreshClient,
    connectionString: values.DATABASE_URL,
    connectionTimeoutMillis: 1000,
    statement_timeout: 1000,
    query_timeout: 1500,
  };
  const pool = new pg.Pool(database);
  // Requests that hold all connections must not keep readiness from asking.
  const own = new pg.Pool({ ...database, max: 1, query_timeout: 1000 });
  for (const one of [pool, own])
    one.on('error', (error) => log('warn', `a connection to the database ended: ${error.code}`));
  const inFlight = new WeakMap();
  const silent = new Set();
  let isTold = false;
  let draining = false;
  let known = { at: -1000, answer: Promise.resolve(false) };

  function isReady() {
    if (draining) return false;
    if (performance.now() - known.at > 500) known = { at: performance.now(), answer: askDatabase() };
    return known.answer;
  }

  const askDatabase = () =>
    own.query('SELECT 1').then(
      () => true,
      () => false,
    );
  const routes = makeRoutes({ pool, isReady, version });
  const server = createServer(
    {
      headersTimeout: values.HEADERS_TIMEOUT_MS,
      requestTimeout: values.REQUEST_TIMEOUT_MS,
      connectionsCheckingInterval: 500,
    },
    accept,
  );

  // A client that does not read its answers may not keep the connection.
  server.timeout = values.REQUEST_TIMEOUT_MS;

  // Node does not call a connection idle before its first request.
  server.on('connection', (socket) => {
    silent.add(socket);
    socket.once('close', () => silent.delete(socket));
  });

  function accept(request, response) {
    const { socket } = request;
    silent.delete(socket);
    const open = (inFlight.get(socket) ?? 0) + 1;
    if (open > AT_ONCE) return socket.destroy();
    inFlight.set(socket, open);
    response.once('close', () => inFlight.set(socket, inFlight.get(socket) - 1));
    return handle(request, response);
  }

  async function handle(request, response) {
    const started = performance.now();
    const ids = identify(request.headers);
    if (request.headers['x-forwarded-for'] !== undefined && values.TRUSTED_PROXIES === 0 && !isTold) {
      isTold = true;
      log('warn', 'X-Forwarded-For came, and TRUSTED_PROXIES trusts no proxy', ids);
    }
    const { pathname, searchParams } = new URL(request.url.replace(/^\/+/, '/'), 'http://localhost');
    let template = 'none';
    let answer;
    try {
      if (request.headersDistinct.host?.length > 1) throw new Problem(400, 'there are two Host headers');
      const { route, parameters } = match(routes, request.method, pathname);
      template = route.path;
      answer = await route.handle(request, parameters, searchParams);
    } catch (error) {
      if (!(error instanceof Problem)) log('error', `a request failed: ${error.code ?? error.name}`, ids);
      const body = problemOf(error);
      answer = { status: body.status, body, headers: body.headers };
    }
    const { status = 200, body, type, headers = {} } = answer;
    const json = body instanceof Problem ? 'application/problem+json' : 'application/json';
    response.writeHead(status, {
      'content-type': type ?? json,
      'x-request-id': ids.request_id,
      ...(draining ? { connection: 'close' } : {}),
      ...headers,
    });
    response.end(type ? body : JSON.stringify(body));
    const ms = performance.now() - started;
    observe(request.method, template, status, ms / 1000);
    const seen = { 'http.request.method': request.method, 'http.route': template, 'http.response.status_code': status };
    log('info', 'request', { ...seen, duration_ms: ms, ...ids });
  }

  return new Promise((resolve) => {
    server.on('error', (error) => {
      log('fatal', `cannot listen on port ${values.PORT}: ${error.code}`);
      void Promise.all([pool.end(), own.end()]).then(() => resolve(1));
    });
    server.listen(values.PORT, values.HOST, () => {
      const { port } = server.address();
      log('info', `listening on ${values.HOST}:${port}`, { port });
    });
    for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => void stop(signal).then(resolve));
  });

  async function stop(signal) {
    if (draining) process.exit(1);
    draining = true;
    log('info', `${signal}: stopping`);
    const budget = setTimeout(() => {
      log('error', 'the shutdown took too long');
      process.exit(1);
    }, values.SHUTDOWN_TIMEOUT_MS);
    await sleep(values.SHUTDOWN_DELAY_MS);
    const closed = new Promise((resolve) => server.close(resolve));
    // A request may be on its way to one of them.
    await Promise.race([closed, sleep(250)]);
    for (const socket of silent) socket.destroy();
    await closed;
    await Promise.all([pool.end(), own.end()]);
    // A log that nobody reads can hold the process until then.
    budget.unref();
    return 0;
  }
}
