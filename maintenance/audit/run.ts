import { resolve } from 'node:path';
import { type AuditResult, openFindings, type ServiceAudit } from '../../engine/core/audit/audit.ts';
import { ClusterCollector } from '../../engine/core/audit/clusters.ts';
import { loadBuiltin } from '../../engine/io/source/builtin.ts';
import { packageVersion } from '../../engine/io/version.ts';
import { createVariables } from '../../generators/create/questions.ts';
import { EditReader } from './edits.ts';
import { type AuditJob, auditService } from './service.ts';
import { Standards } from './standards.ts';

interface AuditOptions {
  /** Absolute path of the working folder. */
  readonly cwd: string;
  /** `YYYY-MM-DD`. Waivers are compared with this day. */
  readonly today: string;
  /** Compare every service with this preset instead of the newest version of its own. */
  readonly preset?: string;
  /** The audited folders. `name` is shown in the report and is relative to `base`. */
  readonly services: readonly ServiceFolderName[];
}

export interface ServiceFolderName {
  readonly name: string;
  readonly base: string;
}

/**
 * Audits services one after the other. It only reads, and runs no code of a service.
 * @throws {UserError} if the preset of the options cannot be loaded; a service's own problems are in its result
 */
export async function auditServices({ cwd, today, preset, services }: AuditOptions): Promise<AuditResult> {
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
