import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { Backing } from '../../contract/harness/backing/backing.ts';
import { plainEnvironment } from '../process.ts';
import { type Load, requestText } from './load.ts';
import type { Comparison, Subject } from './rounds.ts';
import { loaded, placeBare, type Server, startServer } from './server.ts';

const id = '11111111-1111-4111-8111-111111111111';
const products = `
  INSERT INTO products (id, sku, name, price_cents)
  SELECT CASE n WHEN 1 THEN '${id}'::uuid ELSE gen_random_uuid() END, 'SKU-' || n, 'Product ' || n, n
  FROM generate_series(1, 100) AS n`;

const size = { connections: 16, requests: 1500 };
const created = () =>
  requestText('POST', '/products', {
    sku: randomUUID().slice(0, 30).toUpperCase(),
    name: 'One more',
    priceCents: 1250,
  });

/** Requests that PostgreSQL answers: by the service, and by hand with Fastify, pg and pino. Each has a database of its own. */
export const DATABASE_COMPARISONS: readonly Comparison[] = [
  comparison('list', 'PostgreSQL: list of 20', { ...size, request: requestText('GET', '/products'), status: 200 }),
  comparison('get', 'PostgreSQL: get', { ...size, request: requestText('GET', `/products/${id}`), status: 200 }),
  comparison('create', 'PostgreSQL: create', { ...size, request: created, status: 201 }),
];

function comparison(key: string, title: string, load: Omit<Load, 'port'>): Comparison {
  return {
    id: key,
    title,
    options: ['--database', 'postgres'],
    targets: { rate: 1, processor: 1 },
    service: (folder) => ofNode(folder, ['dist/main.js', 'web'], load),
    bare: (folder) => ofNode(folder, [placeBare(folder, 'products.mjs')], load),
  };
}

const ofNode = (folder: string, args: string[], load: Omit<Load, 'port'>): Promise<Subject> =>
  withDatabase(folder, [process.execPath, 'dist/main.js'], load, (env) => startServer(folder, args, env));

/**
 * A program under a load that its own database answers.
 * @param verbs the command that `migrate` follows
 */
export async function withDatabase(
  folder: string,
  [file = '', ...verbs]: string[],
  load: Omit<Load, 'port'>,
  start: (env: Record<string, string>) => Promise<Server>,
): Promise<Subject> {
  const backing = new Backing();
  try {
    const database = await (await backing.postgres()).createDatabase();
    const env = { DATABASE_URL: database.url };
    await promisify(execFile)(file, [...verbs, 'migrate'], {
      cwd: folder,
      env: plainEnvironment(folder, env),
    });
    await database.query(products);
    await database.query('ANALYZE products');
    const subject = await loaded(await start(env), load);
    return {
      ...subject,
      async close() {
        await subject.close?.();
        await backing.stop();
      },
    };
  } catch (error) {
    await backing.stop();
    throw error;
  }
}
