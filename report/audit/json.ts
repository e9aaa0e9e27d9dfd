import type { AuditResult } from '../../engine/core/audit/audit.ts';
import { stateOfService, summarise } from '../../engine/core/audit/audit-summary.ts';
import { jsonText } from '../parts/json.ts';

/** The whole result, for programs. Within one schema version, fields may be added but not changed. */
export function auditJson({ services, clusters, ...head }: AuditResult): string {
  const summary = summarise({ services, columns: head.columns });
  const listed = services.map((service) => ({ state: stateOfService(service), ...service }));
  return jsonText({ ...head, summary, services: listed, clusters });
}
