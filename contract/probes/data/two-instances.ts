import type { Database } from '../../harness/backing/postgres.ts';
import type { Harness } from '../../harness/harness.ts';
import type { TcpProxy } from '../../harness/http/tcp-proxy.ts';
import type { StartOptions } from '../../harness/runner.ts';
import type { Service } from '../../harness/service.ts';
import { Unseen } from '../../harness/wait.ts';

const optionsOf = new WeakMap<Service, StartOptions>();
const proxies = new WeakMap<Service, TcpProxy>();

/** What is in front of the database of the first of two, if anything is. */
export const proxyOf = (service: Service): TcpProxy | undefined => proxies.get(service);

/**
 * Two instances on backing services that nothing outside of a chain writes to; see {@link Harness.lease}. If all probes share
 * one Redis, what is cached there may be of other probes in any case: the shared service is the second one then.
 */
export function startTwo(harness: Harness): Promise<readonly [Service, Service]> {
  return harness.lease('two instances', async (owner) => {
    const { hasCache, hasDatabase, backing } = owner.subject;
    if (hasCache && backing.sharesRedis) return Promise.all([owner.sibling(), owner.shared()]);
    const database: { database?: Database } = hasDatabase ? { database: await owner.database() } : {};
    const env = hasCache ? { REDIS_URL: await owner.redisUrl() } : {};
    const options = { ...database, env };
    const proxied = database.database && (await owner.proxied(database.database).catch(unlessUnseen));
    const slowed = proxied ? { ...options, database: { url: proxied.url } } : options;
    const pair = await Promise.all([owner.start(slowed), owner.start(options)]);
    optionsOf.set(pair[0], slowed);
    optionsOf.set(pair[1], options);
    if (proxied) proxies.set(pair[0], proxied.proxy);
    return pair;
  });
}

/** One more instance, on what an instance of {@link startTwo} is on. It has kept nothing yet. */
export function startAnother(harness: Harness, like: Service): Promise<Service> {
  const options = optionsOf.get(like);
  return options ? harness.start(options) : harness.sibling();
}

/** For `catch`: some databases can have no proxy. */
function unlessUnseen(error: Error): undefined {
  if (!(error instanceof Unseen)) throw error;
}
