import type { Database } from '../../harness/backing/postgres.ts';
import type { Harness } from '../../harness/harness.ts';
import type { Child } from '../../harness/process/child.ts';
import type { RunOptions } from '../../harness/runner.ts';
import type { Service } from '../../harness/service.ts';

/** Instances that one rule asks and the next one stops, each on a database of its own; see {@link Harness.lease}. */

/** How long the probed service keeps serving after the signal, in milliseconds. */
export const DELAY = 800;
/** How long after the delay the rest of a request comes, in milliseconds: servers that close by force often do so after a second. */
export const REST_MS = 1300;
/** SHUTDOWN_TIMEOUT_MS of a stop that is not done in time. */
export const BUDGET = 2100;
/** SHUTDOWN_DELAY_MS of the same, which is a part of it. It is longer than what the end may take besides. */
export const LATE_DELAY = 1400;

/** A process that listens, also where the port became known only later. */
export interface Listening {
  readonly child: Child;
  readonly port: number;
  readonly database: Database | undefined;
}

/** The environment of one that serves for a while after the signal, and then has time to end. */
export const GRACEFUL = { SHUTDOWN_DELAY_MS: String(DELAY), SHUTDOWN_TIMEOUT_MS: '6000' };

/** Starts one that is stopped gracefully. */
export async function startGraceful(owner: Harness, { env, ...options }: RunOptions = {}): Promise<Listening> {
  const database = owner.subject.hasDatabase ? await owner.database() : undefined;
  const own = database ? { database } : {};
  const { child, port } = await owner.start({ ...options, env: { ...env, ...GRACEFUL }, ...own });
  return { child, port, database };
}

/** Starts one that has too little time to stop, and one that has much. */
export function startForced(owner: Harness, options: RunOptions = {}): Promise<readonly [Service, Service]> {
  const start = (ms: number, delay: number) =>
    owner.start({
      ...options,
      env: { ...options.env, SHUTDOWN_TIMEOUT_MS: String(ms), SHUTDOWN_DELAY_MS: String(delay) },
    });
  return Promise.all([start(BUDGET, LATE_DELAY), start(15_000, 0)]);
}

/** Two that are told in the end to stop while a request never ends. Both have the same temporary folder. */
export function leaseApart(harness: Harness): Promise<readonly [Service, Service]> {
  return harness.lease('two on databases of their own', (owner) => {
    const { temp } = owner;
    return owner.asks('house')
      ? startForced(owner, { temp })
      : Promise.all([owner.start({ temp }), owner.start({ temp })]);
  });
}

/** Those that are told in the end to stop gracefully. @param start starts all of them */
export function leaseGraceful(
  harness: Harness,
  start: (owner: Harness) => Promise<readonly Listening[]>,
): Promise<readonly Listening[]> {
  return harness.lease('instances on any port', start);
}
