import { type AuditResult, RULES } from '../../engine/core/audit/audit.ts';
import { MANIFEST_PATH } from '../../engine/core/service/manifest.ts';
import { sarifLog } from '../parts/sarif.ts';

/** Paths are relative to the working folder. */
export function auditSarif({ services, version }: AuditResult): string {
  const rules = Object.entries(RULES).map(([id, text]) => ({ id, text }));
  const findings = services.flatMap(({ folder, findings }) =>
    findings.map(({ path = MANIFEST_PATH, ...finding }) => ({ ...finding, path: `${folder}/${path}` })),
  );
  return sarifLog({ name: 'create-twelve-service audit', version }, rules, findings);
}
