import { basename } from 'node:path';
import type { Database } from '../../harness/backing/postgres.ts';
import type { Harness } from '../../harness/harness.ts';
import type { TcpProxy } from '../../harness/http/tcp-proxy.ts';
import type { Service } from '../../harness/service.ts';
import { ofAll } from '../../runtimes/index.ts';
import type { Faults } from '../../runtimes/runtime.ts';
import type { Subject } from '../../subject.ts';

export const FAULTY = ofAll(({ faults }) => (faults ? [faults] : []));

/** How long the database may take to be used again after another check, in milliseconds. */
const BACK_MS = 6000;

interface Proxied {
  readonly service: Service;
  readonly proxy: TcpProxy;
  /** Of the database, through the proxy. */
  readonly url: string;
  readonly database: Database;
}

/**
 * An instance with a proxy before its database, which is up, with a clock that can go back, and with a log of everything; see
 * {@link Harness.lease}.
 */
export async function leaseProxied(harness: Harness): Promise<Proxied> {
  const leased = await harness.lease('an instance behind a proxy', async (owner) => {
    const database = await owner.database();
    const { proxy, url } = await owner.proxied(database);
    const clock = faultsOf(owner.subject)?.clockBack(owner.subject.target.env ?? {});
    const env = { ...owner.subject.verboseLog, ...clock };
    return { proxy, url, database, service: await owner.start({ env, database: { url } }) };
  });
  await leased.proxy.up();
  // Whether it is ready again is for the checks to report.
  await leased.service.reaches(leased.service.paths.ready, 200, BACK_MS).catch(() => undefined);
  return leased;
}

/** How the clock of one process can be moved, if it can. */
export function faultsOf({ target }: Subject): Faults | undefined {
  const program = target.kind === 'process' ? basename(target.command[0] ?? '') : '';
  return FAULTY.find((faults) => faults.program === program);
}
