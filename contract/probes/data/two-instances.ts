import type { Harness } from '../../harness/harness.ts';
import type { StartOptions } from '../../harness/runner.ts';
import type { Service } from '../../harness/service.ts';

const optionsOf = new WeakMap<Service, StartOptions>();

/**
 * Two instances on backing services that nothing outside of a chain writes to; see {@link Harness.lease}. If all probes share
 * one Redis, what is cached there may be of other probes in any case: the shared service is the second one then.
 */
export function startTwo(harness: Harness): Promise<readonly [Service, Service]> {
  return harness.lease('two instances', async (owner) => {
    const { hasCache, hasDatabase, backing } = owner.subject;
    if (hasCache && backing.sharesRedis) return Promise.all([owner.sibling(), owner.shared()]);
    const database = hasDatabase ? { database: await owner.database() } : {};
    const env = hasCache ? { REDIS_URL: await owner.redisUrl() } : {};
    const options = { ...database, env };
    const pair = await Promise.all([owner.start(options), owner.start(options)]);
    for (const one of pair) optionsOf.set(one, options);
    return pair;
  });
}

/** One more instance, on what an instance of {@link startTwo} is on. It has kept nothing yet. */
export function startAnother(harness: Harness, like: Service): Promise<Service> {
  const options = optionsOf.get(like);
  return options ? harness.start(options) : harness.sibling();
}
