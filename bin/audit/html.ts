import type { AuditResult } from '../../engine/core/audit.ts';
export function auditHtml(result: AuditResult): string {
  return JSON.stringify(result.ok);
}
