import type { Backing } from '../../../contract/harness/backing/backing.ts';
import { freePort } from '../../../contract/harness/http/ports.ts';
import { Child } from '../../../contract/harness/process/child.ts';
import { Service } from '../../../contract/harness/service.ts';
import { LIMIT } from './anywhere.ts';

export interface Program {
  readonly command: readonly [file: string, ...args: string[]];
  readonly folder: string;
  /** What its backing services are called by. */
  readonly env: Readonly<Record<string, string>>;
}

/** How a verb ended, and what it said, each line as JSON. */
export interface Ended {
  readonly code: number | null;
  readonly lines: readonly Readonly<Record<string, unknown>>[];
}

/** The environment of a service with these backing services; each call makes a database of its own. */
export async function environmentOf(
  backing: Backing,
  { database, cache }: { database: string; cache: string },
): Promise<Record<string, string>> {
  return {
    ...(database === 'postgres' ? { DATABASE_URL: (await (await backing.postgres()).createDatabase()).url } : {}),
    ...(cache === 'redis' ? { REDIS_URL: await backing.redisUrl() } : {}),
  };
}

function start(
  { command: [file, ...args], folder, env }: Program,
  verb: readonly string[],
  more: Record<string, string>,
) {
  return new Child({ file, args: [...args, ...verb], cwd: folder, env: { PATH: '/usr/bin:/bin', ...env, ...more } });
}

/** Runs a verb to its end. */
export async function verb(
  program: Program,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<Ended> {
  const child = start(program, args, env);
  try {
    const { code } = await child.exit;
    return { code, lines: child.lines.map(({ text }) => JSON.parse(text)) };
  } finally {
    await child.dispose();
  }
}

/** The service, ready, with a small limit of bodies and all its lines. */
export async function serve(program: Program, more: Record<string, string> = {}): Promise<Service> {
  const port = await freePort();
  const env = {
    HOST: '127.0.0.1',
    PORT: String(port),
    LOG_LEVEL: 'debug',
    BODY_LIMIT_BYTES: String(LIMIT),
    RATE_LIMIT_PER_MINUTE: '0',
    ...more,
  };
  const child = start(program, ['web'], env);
  const service = new Service(child, port, { live: '/livez', ready: '/readyz' });
  await service.ready(20_000).catch(async (error: Error) => {
    await child.dispose();
    throw error;
  });
  return service;
}
