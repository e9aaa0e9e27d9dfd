import { dirname } from 'node:path';
import { programFolders } from '../runtimes/index.ts';
import type { Subject } from '../subject.ts';
import type { Target } from '../target.ts';
import { sample } from './schema/sample.ts';

interface Given {
  /** Wins over every other value; `undefined` removes a variable. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The temporary folder of the service. */
  readonly temp: string;
  /** If absent, DATABASE_URL names a server that is not there. */
  readonly databaseUrl: string | undefined;
  readonly redisUrl: string | undefined;
}

/** An environment with every variable that a service requires. Values that nobody gave are made up. */
export function completeEnvironment(
  subject: Subject,
  { env, temp, databaseUrl, redisUrl }: Given,
): Record<string, string> {
  const required = subject.variables.filter(({ required }) => required);
  const made: Record<string, string | undefined> = {
    PATH: searchPath(subject.target),
    TMPDIR: temp,
    // An engine sets HOME by itself.
    ...(subject.target.kind === 'process' ? { HOME: temp } : {}),
    HOST: '127.0.0.1',
    ...Object.fromEntries(required.map(({ name, schema, document }) => [name, String(sample(schema, document))])),
    ...subject.target.env,
    ...(subject.hasDatabase
      ? { [subject.databaseVariable]: databaseUrl ?? 'postgresql://nobody:none@127.0.0.1:1/none' }
      : {}),
    ...(redisUrl === undefined ? {} : { REDIS_URL: redisUrl }),
    ...env,
  };
  return Object.fromEntries(Object.entries(made).filter((entry): entry is [string, string] => entry[1] !== undefined));
}

/** Where servers are too, and where engines look for them. */
const USUAL = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/** The PATH of a service: its folder's programs, the folder of its command, this process's own program, the usual folders. */
export function searchPath(target: Target): string {
  const own = target.kind === 'process' ? [...programFolders(target.folder), dirname(target.command[0] ?? '/')] : [];
  return [...new Set([...own, dirname(process.execPath), ...USUAL])].join(':');
}
