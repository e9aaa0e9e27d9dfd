import type { AuditResult } from '../../engine/core/audit.ts';
export function auditMarkdown(result: AuditResult): string {
  return JSON.stringify(result.ok);
}
