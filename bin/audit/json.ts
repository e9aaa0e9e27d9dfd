import type { AuditResult } from '../../engine/core/audit.ts';
import { stateOfService, summarise } from '../../engine/core/audit-summary.ts';

/** Everything, for programs. A field may be added within a schema, none changed. */
export function auditJson({ services, clusters, ...head }: AuditResult): string {
  const summary = summarise({ services, clusters, ...head });
  const listed = services.map((service) => ({ state: stateOfService(service), ...service }));
  return JSON.stringify({ ...head, summary, services: listed, clusters }, null, 2);
}
