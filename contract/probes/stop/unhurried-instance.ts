import type { Harness } from '../../harness/harness.ts';
import type { RunOptions } from '../../harness/runner.ts';
import type { Service } from '../../harness/service.ts';

/** Its own bound must not end it first, in milliseconds. */
const BUDGET_MS = 20_000;

/** One more instance of the shared service, which trusts no proxy, and in the end stops without a delay; see {@link Harness.lease}. */
export function leaseUnhurried(harness: Harness, env: RunOptions['env'] = {}): Promise<Service> {
  const proxies = harness.subject.has('TRUSTED_PROXIES') ? { TRUSTED_PROXIES: '0' } : {};
  return harness.lease('an instance that has time', (owner) =>
    owner.sibling({ env: { ...unhurried(harness), ...proxies, ...env } }),
  );
}

/** The environment of a service that stops at once, and has long to do so. */
export const unhurried = ({ subject }: Harness): Record<string, string> => ({
  ...subject.shutdownDelay(0),
  ...subject.shutdownTimeout(BUDGET_MS),
});
