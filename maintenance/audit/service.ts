import { basename } from 'node:path';
import type { Lag, ServiceAudit } from '../../engine/core/audit/audit.ts';
import type { Linked } from '../../engine/core/audit/repository-link.ts';
import { isExpired } from '../../engine/core/audit/waiver.ts';
import { waiverFindings } from '../../engine/core/audit/waiver-findings.ts';
import { printable, UserError } from '../../engine/core/errors.ts';
import { parseServiceName } from '../../engine/core/names.ts';
import { onlyParts } from '../../engine/core/record/parts.ts';
import { MANIFEST_PATH, type Manifest } from '../../engine/core/service/manifest.ts';
import { count } from '../../engine/core/text/count.ts';
import { ServiceFolder } from '../../engine/io/service/fingerprint.ts';
import { effectiveManifest, readServiceFiles } from '../../engine/io/service/read-service.ts';
import { readWaivers } from '../../engine/io/service/read-waivers.ts';
import { remoteLink } from '../../engine/io/service/remote-link.ts';
import type { CreateAnswers } from '../../generators/create/questions.ts';
import { isMadeFrom, isRecorded } from '../../generators/standard.ts';
import { findStack } from '../../stacks/index.ts';
import { type EditReader, isComparable } from './edits.ts';
import { auditFiles, hasMixedHashes, NO_COUNTS, type Renderings } from './files.ts';
import { applyWaivers, driftFindings, lockfileFindings, policyFindings } from './findings.ts';
import { followFolders } from './moved.ts';
import type { AuditStandard, Standards } from './standards.ts';

/** The options that all services of one audit share. */
export interface AuditJob {
  readonly standards: Standards;
  readonly edits: EditReader;
  /** `YYYY-MM-DD` */
  readonly today: string;
  /** Collects the names of the questions that presets ask. */
  readonly asked: Set<string>;
  /** Makes the address of a repository. Without it, its remote does. */
  readonly link?: (service: Linked) => string | undefined;
}

/**
 * Audits one service. Its problems are in the result; only our own bugs are thrown.
 * @param given the folder as the user named it, for the report
 * @param root its absolute path
 */
export async function auditService(given: string, root: string, job: AuditJob): Promise<ServiceAudit> {
  try {
    return await readService(given, root, job);
  } catch (error) {
    const unreadable = describeFailure(error);
    if (!unreadable) throw error;
    const { code, reason, remedy } = unreadable;
    const message = `${code}: ${reason}${remedy === undefined ? '' : `. ${remedy}`}`;
    return {
      folder: given,
      name: printable(basename(root)),
      unreadable: { code, reason },
      answers: {},
      presets: [],
      counts: NO_COUNTS,
      files: [],
      waivers: [],
      must: [],
      findings: [{ rule: 'service/unreadable', path: MANIFEST_PATH, message }],
      notes: [],
    };
  }
}

async function readService(given: string, root: string, job: AuditJob): Promise<ServiceAudit> {
  const { standards, today } = job;
  const found = readServiceFiles(root);
  const { names, manifest } = found;
  const folder = new ServiceFolder(root);
  const current = await standards.current(manifest, root);
  const effective = effectiveManifest(manifest);
  const { read, notes: moved } = followFolders(effective, found, folder);
  const notes = [...current.notes, ...moved];
  const renderings = await render(effective, current, standards);
  const audited = auditFiles(effective, read, folder, renderings);
  const edited = audited.files.filter(isComparable);
  if (edited.length > 0) {
    const recorded = await standards.recorded(effective);
    if (typeof recorded === 'string') notes.push(recorded);
    else
      await job.edits.add(
        { folder: given, manifest: effective, files: edited },
        folder,
        await recorded.render(effective.answers, new Set(edited.map(({ path }) => path))),
      );
  }
  const waivers = await readWaivers(folder);
  const { policy } = current.standard;
  const conflicts = manifest.pending?.conflicts;
  for (const { preset } of current.standard.presets) for (const { name } of preset.questions) job.asked.add(name);
  const { name } = parseServiceName(String(manifest.answers.name));
  const { answers } = effective;
  const repository = job.link ? job.link({ folder: given, name, answers }) : remoteLink(folder);
  return {
    folder: given,
    name,
    answers,
    ...(repository === undefined ? {} : { repository }),
    ...lags(manifest, current),
    ...audited,
    ...(conflicts ? { pending: { conflicts } } : {}),
    waivers: waivers.waivers.map((waiver) => ({ ...waiver, isExpired: isExpired(waiver, today) })),
    must: policy.must,
    findings: [
      ...applyWaivers(
        [
          ...driftFindings(audited, conflicts ?? []),
          ...policyFindings(policy, folder, names, current.standard.context(effective.answers as CreateAnswers)),
        ],
        waivers,
        today,
      ),
      ...waiverFindings(waivers, policy.must, today),
      ...(conflicts ? [] : await lockfileFindings(folder, findStack(manifest.answers))),
      ...(conflicts
        ? [
            {
              rule: 'upgrade/pending' as const,
              path: MANIFEST_PATH,
              message: `an upgrade has to be finished: ${count(conflicts.length, 'file')} with conflicts`,
            },
          ]
        : []),
    ],
    notes,
  };
}

/** Renders no template if the current standard is the recorded one: the manifest already has the hashes. */
async function render(manifest: Manifest, current: AuditStandard, standards: Standards): Promise<Renderings> {
  const isCurrent = isMadeFrom(manifest, current.standard);
  const rendered = isCurrent ? undefined : onlyParts(await current.render(manifest.answers), manifest.parts);
  const shared = await standards.brought.hashes(manifest, rendered ?? new Map());
  const renderings = { ...(rendered ? { current: rendered } : {}), ...(shared ? { shared } : {}) };
  if (isCurrent || !hasMixedHashes(manifest)) return renderings;
  const recorded = await standards.recorded(manifest);
  return typeof recorded === 'string'
    ? renderings
    : { ...renderings, recorded: await recorded.render(manifest.answers) };
}

function lags({ template, presets = [] }: Manifest, { standard }: AuditStandard): { template: Lag; presets: Lag[] } {
  const recorded = presets.map((pin): Lag => {
    const { name, version } = pin;
    const now = standard.presets.find(({ preset }) => preset.name === name);
    return {
      name,
      recorded: version,
      ...(now ? { current: now.pin.version } : {}),
      isCurrent: now !== undefined && isRecorded(pin, now),
    };
  });
  const added = standard.presets.filter(({ pin }) => !presets.some(({ name }) => name === pin.name));
  return {
    template: {
      name: 'template',
      recorded: template.version,
      current: standard.template.version,
      isCurrent: template.integrity === standard.template.integrity,
    },
    presets: [...recorded, ...added.map(({ pin }) => ({ name: pin.name, current: pin.version, isCurrent: false }))],
  };
}

/** Why a service cannot be audited. Nothing if the error is our own bug. */
function describeFailure(error: unknown): { code: string; reason: string; remedy?: string } | undefined {
  if (error instanceof UserError)
    return { code: error.code, reason: printable(error.message), remedy: printable(error.remedy) };
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (code === undefined || syscall === undefined) return undefined;
  const isNone = (code === 'ENOENT' || code === 'ENOTDIR') && syscall === 'scandir';
  return isNone
    ? { code: 'SERVICE_NOT_FOUND', reason: 'there is no such folder' }
    : { code: 'DISK_FAILED', reason: `the disk failed with ${code}` };
}
