import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, statSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withDatabase } from './database.ts';
import { type Load, requestText } from './load.ts';
import type { Comparison, Figures, Subject } from './rounds.ts';
import { loaded, startProgram } from './server.ts';

const SERVICE = ['bin/service', 'web'];
const DATABASE = 'postgres://nobody@127.0.0.1:1/none';
const STORED = ['--database', 'postgres', '--cache', 'none'];
const STATELESS = ['--database', 'none', '--cache', 'none'];
const SIZE = { connections: 16, requests: 6000 };
const ID = '11111111-1111-4111-8111-111111111111';

const slug: Omit<Load, 'port'> = {
  ...SIZE,
  request: requestText('POST', '/slugs', { title: 'Crème brûlée, and what else there is' }),
  status: 200,
};
const created = () =>
  requestText('POST', '/products', {
    sku: randomUUID().slice(0, 30).toUpperCase(),
    name: 'One more',
    priceCents: 1250,
  });
const LOADS: readonly (readonly [id: string, title: string, load: Omit<Load, 'port'>])[] = [
  ['list', 'PostgreSQL: list of 20', { ...SIZE, request: requestText('GET', '/products'), status: 200 }],
  ['get', 'PostgreSQL: get', { ...SIZE, request: requestText('GET', `/products/${ID}`), status: 200 }],
  ['create', 'PostgreSQL: create', { ...SIZE, requests: 3000, request: created, status: 201 }],
];

/** What is compared with: the router of the service by hand, and the standard library alone. */
const BARES = ['huma', 'http'] as const;

/** A service in Go against programs by hand that its own go.mod builds. */
export const GO_COMPARISONS: readonly Comparison[] = [
  ...BARES.map(
    (bare): Comparison => ({
      id: `post-${bare}`,
      title: `POST with validation, ${titleOf(bare)}`,
      options: STATELESS,
      targets: { rate: 0.8 },
      service: async (folder) => loaded(await startProgram(folder, SERVICE), slug),
      bare: async (folder) => loaded(await startProgram(folder, buildBare(folder, bare, 'slugs')), slug),
    }),
  ),
  ...LOADS.flatMap(([id, title, load]) =>
    BARES.map(
      (bare): Comparison => ({
        id: `${id}-${bare}`,
        title: `${title}, ${titleOf(bare)}`,
        options: STORED,
        targets: { rate: 0.8 },
        service: (folder) => stored(folder, SERVICE, load),
        bare: (folder) => stored(folder, buildBare(folder, bare, 'products'), load),
      }),
    ),
  ),
  {
    id: 'ready',
    title: 'ready after start',
    options: STORED,
    targets: {},
    service: async (folder) => started(folder, SERVICE, { DATABASE_URL: DATABASE }),
    bare: async (folder) => started(folder, buildBare(folder, 'http', 'products'), { DATABASE_URL: DATABASE }),
  },
  {
    id: 'memory',
    title: 'memory after 6,000 requests',
    options: STATELESS,
    targets: {},
    rounds: 3,
    service: async (folder) => remembered(folder, SERVICE),
    bare: async (folder) => remembered(folder, buildBare(folder, 'http', 'slugs')),
  },
  {
    id: 'binary',
    title: 'program',
    options: ['--database', 'postgres', '--cache', 'redis'],
    targets: {},
    rounds: 1,
    service: async (folder) => sized(join(folder, 'bin/service')),
    bare: async (folder) => sized(buildBare(folder, 'http', 'products')[0] ?? ''),
  },
  built('build-cold', 'go build, nothing cached', true),
  built('build-warm', 'go build, one file edited', false),
  {
    id: 'new',
    title: 'create --stack go',
    options: STORED,
    targets: {},
    service: async (_folder, generator) => ({ sample: async () => made(generator, 'go') }),
    bare: async (_folder, generator) => ({ sample: async () => made(generator, 'typescript') }),
  },
];

function titleOf(bare: (typeof BARES)[number]): string {
  return bare === 'http' ? 'net/http' : bare;
}

/** Builds a program by hand inside the service, whose modules it takes. */
function buildBare(folder: string, bare: (typeof BARES)[number], what: 'slugs' | 'products'): string[] {
  const sources = join(import.meta.dirname, 'bare/go');
  const name = `bare-${bare}-${what}`;
  const program = join(folder, 'bin', name);
  mkdirSync(join(folder, name), { recursive: true });
  const files = ['common.go', `${bare}/${what}.go`, ...(what === 'products' ? ['store.go'] : [])];
  for (const file of files) cpSync(join(sources, file), join(folder, name, file.replace('/', '-')));
  execFileSync('go', ['build', '-trimpath', '-ldflags', '-s -w', '-o', program, `./${name}`], { cwd: folder });
  rmSync(join(folder, name), { recursive: true });
  return [program];
}

const stored = (folder: string, command: string[], load: Omit<Load, 'port'>): Promise<Subject> =>
  withDatabase(folder, SERVICE.slice(0, 1), load, (env) => startProgram(folder, command, env));

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

async function remembered(folder: string, command: string[]): Promise<Subject> {
  const server = await startProgram(folder, command);
  const { sample } = await loaded(server, slug);
  return {
    sample: async () => {
      await sample();
      return { size: server.memory() };
    },
    close: () => server.stop(),
  };
}

function sized(file: string): Subject {
  return { sample: async () => ({ size: statSync(file).size / 2 ** 20 }) };
}

/** Milliseconds of `make build`. */
function built(id: string, title: string, isCold: boolean): Comparison {
  return {
    id,
    title,
    options: STORED,
    targets: {},
    rounds: isCold ? 1 : 3,
    service: async (folder) => ({ sample: async () => timeBuild(folder, isCold) }),
  };
}

function timeBuild(folder: string, isCold: boolean): Figures {
  const cache = mkdtempSync(join(tmpdir(), 'twelve-bench-go-'));
  const edited = join(folder, 'main.go');
  const { size } = statSync(edited);
  appendFileSync(edited, `\nvar _ = ${Math.random()}\n`);
  try {
    const begun = performance.now();
    execFileSync('make', ['build'], {
      cwd: folder,
      env: { ...process.env, ...(isCold ? { GOCACHE: cache } : {}) },
      stdio: 'ignore',
    });
    return { time: performance.now() - begun };
  } finally {
    truncateSync(edited, size);
    rmSync(cache, { recursive: true, force: true });
  }
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
