import type { Rule } from '../rule.ts';
import { rule as h1 } from './H-1-health.ts';
import { rule as h2 } from './H-2-problem-details.ts';
import { rule as h3 } from './H-3-trace-context.ts';
import { rule as h4 } from './H-4-openapi.ts';
import { rule as h5 } from './H-5-metrics.ts';
import { rule as h6 } from './H-6-conditional-requests.ts';
import { rule as i1 } from './I-1-clean-repository.ts';
import { rule as ii1 } from './II-1-frozen-install.ts';
import { rule as ii2 } from './II-2-no-extra-tools.ts';
import { rule as iii1 } from './III-1-invalid-config.ts';
import { rule as iii2 } from './III-2-secret-files.ts';
import { rule as iii3 } from './III-3-env-example.ts';
import { rule as iii4 } from './III-4-time-zone.ts';
import { rule as iii5 } from './III-5-no-file-wins.ts';
import { rule as iii6 } from './III-6-fresh-credentials.ts';
import { rule as iv1 } from './IV-1-database-url.ts';
import { rule as iv2 } from './IV-2-database-outage.ts';
import { rule as ix1 } from './IX-1-start-time.ts';
import { rule as ix2 } from './IX-2-drain.ts';
import { rule as ix3 } from './IX-3-forced-stop.ts';
import { rule as ix4 } from './IX-4-pid-1.ts';
import { rule as ix5 } from './IX-5-rolling-update.ts';
import { rule as ix6 } from './IX-6-offline-start.ts';
import { rule as ix7 } from './IX-7-clock-step.ts';
import { rule as ix8 } from './IX-8-mute-connection.ts';
import { rule as ix9 } from './IX-9-stop-signal.ts';
import { rule as ix10 } from './IX-10-returned-jobs.ts';
import { rule as s1 } from './S-1-bounded-requests.ts';
import { rule as s2 } from './S-2-broken-requests.ts';
import { rule as s3 } from './S-3-untrusted-proxy.ts';
import { rule as v1 } from './V-1-revision.ts';
import { rule as v2 } from './V-2-unprivileged.ts';
import { rule as v3 } from './V-3-no-build-tools.ts';
import { rule as vi1 } from './VI-1-temporary-files.ts';
import { rule as vi2 } from './VI-2-durable-writes.ts';
import { rule as vi3 } from './VI-3-stateless.ts';
import { rule as vi4 } from './VI-4-steady-memory.ts';
import { rule as vi5 } from './VI-5-sessions.ts';
import { rule as vii1 } from './VII-1-port.ts';
import { rule as vii2 } from './VII-2-listeners.ts';
import { rule as viii1 } from './VIII-1-one-process.ts';
import { rule as x1 } from './X-1-same-versions.ts';
import { rule as x2 } from './X-2-manifests.ts';
import { rule as xi1 } from './XI-1-json-lines.ts';
import { rule as xi2 } from './XI-2-log-fields.ts';
import { rule as xi3 } from './XI-3-no-credentials.ts';
import { rule as xi4 } from './XI-4-unread-log.ts';
import { rule as xii1 } from './XII-1-concurrent-migrations.ts';
import { rule as xii2 } from './XII-2-migration-integrity.ts';
import { rule as xii3 } from './XII-3-no-migration-at-start.ts';

/** Every rule that has a probe, in the order of the contract. */
export const rules: readonly Rule[] = [
  i1,
  ii1,
  ii2,
  iii1,
  iii2,
  iii3,
  iii4,
  iii5,
  iii6,
  iv1,
  iv2,
  v1,
  v2,
  v3,
  vi1,
  vi2,
  vi3,
  vi4,
  vi5,
  vii1,
  vii2,
  viii1,
  ix1,
  ix2,
  ix3,
  ix4,
  ix5,
  ix6,
  ix7,
  ix8,
  ix9,
  ix10,
  x1,
  x2,
  xi1,
  xi2,
  xi3,
  xi4,
  xii1,
  xii2,
  xii3,
  h1,
  h2,
  h3,
  h4,
  h5,
  h6,
  s1,
  s2,
  s3,
];
