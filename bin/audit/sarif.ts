import type { AuditResult } from '../../engine/core/audit.ts';
export function auditSarif(result: AuditResult): string {
  return JSON.stringify(result.ok);
}
