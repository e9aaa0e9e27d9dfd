import type { Harness } from '../../harness/harness.ts';
import type { Service } from '../../harness/service.ts';
import { RUNTIMES } from '../../runtimes/index.ts';

/** An instance that is sent many requests, by one check after the other, and can be told to crash; see {@link Harness.lease}. */
export function leaseBusy(harness: Harness): Promise<Service> {
  const given = harness.subject.target.env ?? {};
  // Each request is by another client for a service that believes the proxy before it.
  const proxied = harness.subject.comfort({ TRUSTED_PROXIES: '1' });
  const env = Object.assign({}, proxied, ...RUNTIMES.map(({ faults }) => faults?.crash(given)));
  return harness.lease('a busy instance', (owner) => owner.start({ env }));
}
