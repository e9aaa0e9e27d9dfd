import { resolve } from 'node:path';
import { type AuditResult, openFindings, type ServiceAudit } from '../../engine/core/audit/audit.ts';
import { ClusterCollector } from '../../engine/core/audit/clusters.ts';
import { loadBuiltin } from '../../engine/io/source/builtin.ts';
import { packageVersion } from '../../engine/io/version.ts';
import { createVariables } from '../../generators/create/questions.ts';
import { EditReader } from './edits.ts';
import { type AuditJob, auditService } from './service.ts';
import { Standards } from './standards.ts';

export interface AuditOptions {
  /** Absolute path of the working folder. */
  readonly cwd: string;
  /** `YYYY-MM-DD`, by which waivers are judged. */
  readonly today: string;
  /** Compare every service with this preset, and not with the newest of its own. */
  readonly preset?: string;
  /** What is audited; what `name` is relative to `base`, and is shown as. */
  readonly services: readonly ServiceFolderName[];
}

export interface ServiceFolderName {
  readonly name: string;
  readonly base: string;
}

/**
 * Audits services one after the other. Reads only; runs nothing of theirs.
 * @throws {UserError} if the preset of the options cannot be had; what is wrong with a service is in its result
 */
export async function runAudit({ cwd, today, preset, services }: AuditOptions): Promise<AuditResult> {
  const clusters = new ClusterCollector();
  const standards = new Standards({
    templateOf: ({ id }) => loadBuiltin(id, createVariables),
    cwd,
    ...(preset === undefined ? {} : { preset }),
  });
  if (preset !== undefined) await standards.preset();
  const job: AuditJob = { standards, today, edits: new EditReader(clusters) };
  const audited: ServiceAudit[] = [];
  for (const { name, base } of services) audited.push(await auditService(name, resolve(base, name), job));
  return {
    schema: 1,
    ok: audited.every((service) => openFindings(service).length === 0),
    date: today,
    version: packageVersion(),
    services: audited,
    clusters: clusters.finish(),
  };
}
