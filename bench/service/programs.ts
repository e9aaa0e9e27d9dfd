import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withDatabase } from './database.ts';
import { type Load, requestText } from './load.ts';
import type { Comparison, Figures, Subject } from './rounds.ts';
import { loaded, startProgram } from './server.ts';

/** What is measured of every language whose services are programs of their own. */

export const STORED = ['--database', 'postgres', '--cache', 'none'];
const STATELESS = ['--database', 'none', '--cache', 'none'];
const DATABASE = 'postgres://nobody@127.0.0.1:1/none';
const CONNECTIONS = 16;
const ID = '11111111-1111-4111-8111-111111111111';

type Ask = Omit<Load, 'port' | 'requests'>;

const slug: Ask = {
  connections: CONNECTIONS,
  request: requestText('POST', '/slugs', { title: 'Crème brûlée, and what else there is' }),
  status: 200,
};
const created = () =>
  requestText('POST', '/products', {
    sku: randomUUID().slice(0, 30).toUpperCase(),
    name: 'One more',
    priceCents: 1250,
  });
const LOADS: readonly (readonly [id: string, title: string, load: Ask])[] = [
  [
    'list',
    'PostgreSQL: list of 20',
    { connections: CONNECTIONS, request: requestText('GET', '/products'), status: 200 },
  ],
  ['get', 'PostgreSQL: get', { connections: CONNECTIONS, request: requestText('GET', `/products/${ID}`), status: 200 }],
  ['create', 'PostgreSQL: create', { connections: CONNECTIONS, request: created, status: 201 }],
];

/** How a service and what is compared with it are started, in the folder of the service. */
export interface Programs {
  /** The service, without a verb. */
  readonly service: readonly string[];
  readonly stack: string;
  /** Of a sample: what takes some seconds. */
  readonly requests: number;
  /** What is written by hand. Each makes its command for what it serves. */
  readonly bares: readonly {
    readonly id: string;
    readonly title: string;
    readonly build: (folder: string, serves: 'slugs' | 'products') => string[];
  }[];
}

/** Requests with validation and requests that PostgreSQL answers, against each that is written by hand; a goal is 0.8. */
export function loads({ service, bares, requests }: Programs): Comparison[] {
  const web = [...service, 'web'];
  const under = (folder: string, command: string[], load: Ask): Promise<Subject> =>
    withDatabase(folder, [...service], { ...load, requests }, (env) => startProgram(folder, command, env));
  return [
    ...bares.map(
      ({ id, title, build }): Comparison => ({
        id: `post-${id}`,
        title: `POST with validation, ${title}`,
        options: STATELESS,
        targets: { rate: 0.8 },
        service: async (folder) => loaded(await startProgram(folder, web), { ...slug, requests }),
        bare: async (folder) => loaded(await startProgram(folder, build(folder, 'slugs')), { ...slug, requests }),
      }),
    ),
    ...LOADS.flatMap(([key, name, load]) =>
      bares.map(
        ({ id, title, build }): Comparison => ({
          id: `${key}-${id}`,
          title: `${name}, ${title}`,
          options: STORED,
          targets: { rate: 0.8 },
          service: (folder) => under(folder, web, load),
          bare: (folder) => under(folder, build(folder, 'products'), load),
        }),
      ),
    ),
  ];
}

/** The time until a service answers, what it holds in memory, and the time to make one; `bares` ends with the one compared. */
export function footprint({ service, stack, bares, requests }: Programs): Comparison[] {
  const web = [...service, 'web'];
  const build = bares.at(-1)?.build ?? (() => []);
  return [
    {
      id: 'ready',
      title: 'ready after start',
      options: STORED,
      targets: {},
      service: async (folder) => started(folder, web, { DATABASE_URL: DATABASE }),
      bare: async (folder) => started(folder, build(folder, 'products'), { DATABASE_URL: DATABASE }),
    },
    {
      id: 'memory',
      title: `memory after ${3 * requests} requests`,
      options: STATELESS,
      targets: {},
      rounds: 3,
      service: async (folder) => remembered(folder, web, requests),
      bare: async (folder) => remembered(folder, build(folder, 'slugs'), requests),
    },
    {
      id: 'new',
      title: `create --stack ${stack}`,
      options: STORED,
      targets: {},
      service: async (_folder, generator) => ({ sample: async () => made(generator, stack) }),
      bare: async (_folder, generator) => ({ sample: async () => made(generator, 'typescript') }),
    },
  ];
}

function started(folder: string, command: string[], env: Record<string, string>): Subject {
  return {
    sample: async () => {
      const begun = performance.now();
      const server = await startProgram(folder, command, env);
      const time = performance.now() - begun;
      await server.stop('SIGTERM');
      return { time };
    },
  };
}

async function remembered(folder: string, command: string[], requests: number): Promise<Subject> {
  const server = await startProgram(folder, command);
  const { sample } = await loaded(server, { ...slug, requests });
  return {
    sample: async () => {
      await sample();
      return { size: server.memory() };
    },
    close: () => server.stop(),
  };
}

/** Milliseconds until the files of a service are there. */
function made(generator: string, stack: string): Figures {
  const parent = mkdtempSync(join(tmpdir(), 'twelve-bench-create-'));
  try {
    const args = [generator, 'orders', '--stack', stack, '--yes', '--no-git', '--no-install'];
    const begun = performance.now();
    execFileSync(process.execPath, args, { cwd: parent, stdio: 'ignore' });
    return { time: performance.now() - begun };
  } finally {
    rmSync(parent, { recursive: true });
  }
}
