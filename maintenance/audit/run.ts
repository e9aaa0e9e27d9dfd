import { resolve } from 'node:path';
import { chooseColumns } from '../../engine/core/audit/answer-columns.ts';
import { type AuditResult, openFindings, type ServiceAudit } from '../../engine/core/audit/audit.ts';
import { ClusterCollector } from '../../engine/core/audit/clusters.ts';
import { compareAudits, type EarlierAudit } from '../../engine/core/audit/trend.ts';
import type { NamedFolder } from '../../engine/io/service/service-list.ts';
import { loadBuiltin } from '../../engine/io/source/builtin.ts';
import { packageVersion } from '../../engine/io/version.ts';
import { createVariables } from '../../generators/create/questions.ts';
import { EditReader } from './edits.ts';
import { addEfforts } from './efforts.ts';
import { type AuditJob, auditService } from './service.ts';
import { Standards } from './standards.ts';

interface AuditOptions {
  /** Absolute path of the working folder. */
  readonly cwd: string;
  /** `YYYY-MM-DD`. Waivers are compared with this day. */
  readonly today: string;
  /** Compare every service with this preset instead of the newest version of its own. */
  readonly preset?: string;
  /** The audited folders. */
  readonly services: readonly NamedFolder[];
  /** Names of the answers to show. Without it, {@link chooseColumns} chooses. */
  readonly columns?: readonly string[];
  /** Makes the address of a service's repository. Without it, the remote of its repository does. */
  readonly link?: NonNullable<AuditJob['link']>;
  /** Whether to rehearse the upgrade of every service that is behind. */
  readonly effort?: boolean;
  /** An earlier audit to compare with. */
  readonly earlier?: EarlierAudit;
}

/**
 * Audits services one after the other. It only reads, and runs no code of a service.
 * @throws {UserError} if the preset of the options cannot be loaded, INPUT_INVALID for a column that no service has; a
 *   service's own problems are in its result
 */
export async function auditServices(options: AuditOptions): Promise<AuditResult> {
  const { cwd, today, preset, services: folders, columns, link, effort = false, earlier } = options;
  const clusters = new ClusterCollector();
  const standards = new Standards({
    templateOf: ({ id }) => loadBuiltin(id, createVariables),
    cwd,
    ...(preset === undefined ? {} : { preset }),
  });
  if (preset !== undefined) await standards.preset();
  const asked = new Set<string>();
  const job: AuditJob = { standards, today, edits: new EditReader(clusters), asked, ...(link ? { link } : {}) };
  const audited: ServiceAudit[] = [];
  for (const { name, base } of folders) audited.push(await auditService(name, resolve(base, name), job));
  const readable = audited.filter(({ unreadable }) => !unreadable);
  const shown = chooseColumns(
    readable.map(({ answers }) => answers),
    [...asked],
    columns,
  );
  const services = effort ? await addEfforts(audited, folders, { standards, cwd }) : audited;
  return {
    schema: 1,
    ok: services.every((service) => openFindings(service).length === 0),
    date: today,
    version: packageVersion(),
    columns: shown,
    ...(earlier ? { trend: compareAudits(earlier, services) } : {}),
    services,
    clusters: clusters.finish(),
  };
}
