import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Backing } from '../../contract/harness/backing/backing.ts';
import type { Service } from '../../contract/harness/service.ts';
import { anywhere } from './http/anywhere.ts';
import { described, document } from './http/described.ts';
import { halves, PATIENCE } from './http/halves.ts';
import { judge, judgeLine, sendTo } from './http/judge.ts';
import { BUCKETS, metricsOf, read } from './http/metrics.ts';
import { meaningsOf } from './http/openapi.ts';
import { operations } from './http/operations.ts';
import { PRODUCTS } from './http/products.ts';
import type { Expected, Product, Row, Send } from './http/row.ts';
import { environmentOf, type Program, serve, verb } from './http/running.ts';
import { ROWS_OF_SLUGS } from './http/slugs.ts';
import { STACKS } from './http/stacks.ts';
import { take } from './http/steps.ts';
import { MIGRATIONS, VERBS } from './http/verbs.ts';
import { rowsOf } from './support/rows.ts';
import { commit, makeService, workFolder } from './support/service.ts';

/**
 * One table of requests and answers, held against the service of every language: a client cannot tell them apart.
 */
const SETS = [
  {
    database: 'postgres',
    cache: 'redis',
    checks: ['database'],
    rows: PRODUCTS,
    place: { path: '/products', status: 201, allow: 'GET, HEAD, POST' },
  },
  {
    database: 'none',
    cache: 'none',
    checks: [],
    rows: ROWS_OF_SLUGS,
    place: { path: '/slugs', status: 200, allow: 'POST' },
  },
] as const;

const backing = new Backing();
const work = workFolder();
let made = 0;

afterAll(async () => {
  await backing.stop();
  work.remove();
});

const product = async (service: Service): Promise<Product> => {
  made += 1;
  const body = { sku: `ROW-${made}`, name: `Product ${made}`, priceCents: 1250 };
  const { json, text, status } = await service.ask('/products', { method: 'POST', body });
  if (status !== 201) throw new Error(text);
  return json as Product;
};

const cases = STACKS.flatMap((stack) =>
  rowsOf(SETS, `sets of options of ${stack.name}`, 2).map((set) => ({ ...set, stack, name: stack.name })),
);

describe.each(cases)('$name, database $database, cache $cache', ({ stack, rows, place, checks, ...options }) => {
  const why =
    stack.missing() ??
    (options.database === 'postgres' && !backing.hasPostgres ? 'PostgreSQL is not installed' : undefined) ??
    (options.cache === 'redis' && !backing.hasRedis ? 'Redis is not installed' : undefined);
  if (why !== undefined) return void test.skip(why);
  let program: Program;
  let service: Service;
  /** The same with a database of its own. */
  let fresh: Program;

  beforeAll(async () => {
    const folder = join(work.folder, `${stack.name}-${options.database}-${options.cache}`, 'orders');
    await makeService('orders', folder, { ...options, stack: stack.name });
    await commit(folder);
    program = { folder, command: await stack.build(folder), env: await environmentOf(backing, options) };
    if (options.database === 'postgres') await verb(program, ['migrate']);
    fresh = { ...program, env: await environmentOf(backing, options) };
    service = await serve(program);
  });
  afterAll(() => service?.child.dispose());

  const body = () => {
    made += 1;
    return options.database === 'postgres'
      ? { sku: `ANY-${made}`, name: 'Any', priceCents: 1 }
      : { title: 'Any title' };
  };
  const table: readonly Row[] = [...operations(checks, stack.runtime), ...anywhere({ ...place, body }), ...rows];

  test.for(table)('$title', async ({ send, answer, differs }, context) => {
    const reason = differs?.[stack.name];
    if (reason !== undefined) return context.skip(reason);
    const isOfProduct = typeof send === 'function' || typeof answer === 'function';
    const subject = isOfProduct ? await product(service) : undefined;
    const request = typeof send === 'function' ? send(subject as Product) : send;
    const expected = typeof answer === 'function' ? answer(subject as Product) : answer;
    const got = await sendTo(service, request);
    judge(got, expected);
    await judgeLine(service, request, got, expected, stack.parameter);
  });

  test('a client that stops in the middle is told so', async () => {
    const patient = await serve(program, { REQUEST_TIMEOUT_MS: String(PATIENCE) });
    try {
      const rows = halves(place.path);
      const all = await Promise.allSettled(rows.map(({ send }) => sendTo(patient, send as Send)));
      for (const [index, { answer, title }] of rows.entries()) {
        const got = all[index];
        if (got?.status !== 'fulfilled') throw new Error(`${title}: ${got?.reason}`);
        judge(got.value, answer as Expected);
      }
    } finally {
      await patient.child.dispose();
    }
  });

  test('the description means the same', async () => {
    const { json } = await service.ask('/openapi.json');
    const { paths, components, security, ...rest } = json as Record<string, Record<string, unknown>>;
    expect(rest).toEqual(document(options.database === 'postgres' ? 'products' : 'slugs'));
    expect(meaningsOf({ paths, components })).toEqual(described(options.database, stack.runtime));
    const { Problem: problem } = (components as { schemas: Record<string, { required: string[]; properties: object }> })
      .schemas;
    expect([...(problem?.required ?? [])].sort()).toEqual(['status', 'title', 'type']);
    const members = ['detail', 'request_id', 'status', 'title', 'type'];
    expect(Object.keys(problem?.properties ?? {})).toEqual(expect.arrayContaining(members));
  });

  test('the metrics have the same names, types and labels', async () => {
    await service.ask('/nowhere/42');
    const { text } = await service.ask('/metrics');
    const { types, samples } = read(text);
    expect(types).toMatchObject(metricsOf(options));
    const durations = samples.filter(({ name }) => name.startsWith('http_server_request_duration_seconds_'));
    const labels = new Set(durations.flatMap((sample) => Object.keys(sample.labels)));
    const own = ['http_request_method', 'http_response_status_code', 'http_route'];
    expect([...labels].sort()).toEqual([...own, 'le']);
    const ofUnknown = durations.filter(
      (sample) =>
        sample.labels.http_route === 'unmatched' &&
        sample.labels.http_request_method === 'GET' &&
        sample.labels.http_response_status_code === '404',
    );
    expect(ofUnknown.flatMap((sample) => sample.labels.le ?? [])).toEqual([...BUCKETS, '+Inf']);
    const routes = new Set(durations.map((sample) => sample.labels.http_route));
    const [route] = Object.keys(described(options.database, stack.runtime)).filter((key) => key.startsWith('POST'));
    expect(routes).toContain(route?.split(' ')[1]);
    expect(text).not.toContain('nowhere');
  });

  test('the schema of the environment has the same variables', async () => {
    const { code, lines } = await verb(program, ['config', '--schema']);
    expect(code).toBe(0);
    const example = readFileSync(join(program.folder, '.env.example'), 'utf8');
    const { properties, required } = lines[0] as {
      properties: Record<string, { default?: unknown; description: string }>;
      required: string[];
    };
    const shown = [...example.matchAll(/^# (.*)\n#([A-Z0-9_]+)=(.*)$/gm)];
    expect(shown.map(([, , name]) => name).sort()).toEqual(Object.keys(properties).sort());
    for (const [, description, name = '', value] of shown) {
      const variable = properties[name];
      expect(description, name).toMatch(new RegExp(`^${escaped(variable?.description ?? '')}`));
      if (variable?.default !== undefined) expect(String(variable.default), name).toBe(value);
    }
    expect([...required].sort()).toEqual(Object.keys(program.env).sort());
    const common = ['BODY_LIMIT_BYTES', 'HANDLER_TIMEOUT_MS', 'HOST', 'LOG_FORMAT', 'LOG_LEVEL', 'PORT'];
    const stopping = [
      'RATE_LIMIT_PER_MINUTE',
      'REQUEST_TIMEOUT_MS',
      'SHUTDOWN_DELAY_MS',
      'SHUTDOWN_TIMEOUT_MS',
      'TRUSTED_PROXIES',
    ];
    expect(Object.keys(properties)).toEqual(expect.arrayContaining([...common, ...stopping]));
  });

  // What a verb does hardly depends on the options: each of its runs is a process.
  test.each(options.database === 'postgres' ? VERBS(stack.runtime, ['DATABASE_URL', 'REDIS_URL']) : [])(
    '$title',
    (step) => take(program, step),
  );

  test('healthcheck asks the service that runs', async () => {
    const env = { PORT: String(service.port) };
    for (const args of [['healthcheck'], ['healthcheck', '--ready']]) {
      expect(await verb(program, args, env)).toEqual({ code: 0, lines: [] });
    }
  });

  describe.runIf(options.database === 'postgres')('migrations', () => {
    test.each(MIGRATIONS)('$title', async (step) => {
      await take(fresh, step);
      if (step.history === undefined) return;
      const client = new pg.Client({ connectionString: fresh.env.DATABASE_URL });
      await client.connect();
      try {
        const { rows, fields } = await client.query('select * from schema_migrations order by applied_at, name');
        expect(fields.map(({ name }) => name)).toEqual(['name', 'checksum', 'finished', 'applied_at']);
        expect(rows.map(({ name, finished }) => [name, finished])).toEqual(step.history);
        // A service of another language goes on with the same history.
        const first = rows.find(({ name }) => name === '0001_products');
        const file = readFileSync(join(program.folder, 'migrations/0001_products.up.sql'));
        if (first) expect(first.checksum).toBe(createHash('sha256').update(file).digest('hex'));
      } finally {
        await client.end();
      }
    });
  });

  test('it stops as it was told', async () => {
    await service.signal('SIGTERM');
    expect((await service.child.exit).code).toBe(0);
    const events = service.child.lines.map(({ json }) => json?.['event.name']);
    expect(events.filter((name) => /^(listening|shutdown)/.test(String(name)))).toEqual([
      'listening',
      'shutdown.started',
      'shutdown.done',
    ]);
  });
});

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
