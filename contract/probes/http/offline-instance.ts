import type { Harness } from '../../harness/harness.ts';
import type { RunOptions } from '../../harness/runner.ts';
import type { Service } from '../../harness/service.ts';

/** An instance that reaches nothing but itself; it need not be ready. See {@link Harness.lease}. */
export function leaseOffline(harness: Harness, env: RunOptions['env'] = {}): Promise<Service> {
  return harness.lease('an offline instance', (owner) => owner.start({ wrap: { kind: 'offline' }, env, waitMs: 0 }));
}
