import type { Finding } from '../../engine/core/audit.ts';
import { baseImages, isAllowedImage } from '../../engine/core/base-images.ts';
import { driftFinding } from '../../engine/core/drift.ts';
import type { Policy } from '../../engine/core/preset.ts';
import { findWaiver, isExpired, parseWaivers, WAIVERS_PATH, type Waivers } from '../../engine/core/waiver.ts';
import type { ServiceFolder } from '../../engine/io/fingerprint.ts';
import type { FilesAudit } from './files.ts';

/** Larger than any list of waivers or Dockerfile that a person reads, in bytes. */
const MAX_TEXT_BYTES = 256 * 1024;

/** @param names of the service's root folder */
export async function readWaivers(folder: ServiceFolder, names: readonly string[]): Promise<Waivers> {
  if (!names.includes(WAIVERS_PATH)) return { waivers: [], problems: [] };
  const bytes = folder.read(WAIVERS_PATH, MAX_TEXT_BYTES);
  return typeof bytes === 'string'
    ? { waivers: [], problems: [{ line: 1, reason: `is ${bytes}` }] }
    : parseWaivers(bytes.toString('utf8'));
}

/** What breaks the policy. Reads the service's Dockerfiles. */
export function policyFindings(
  { images, requiredFiles }: Policy,
  folder: ServiceFolder,
  names: readonly string[],
): Finding[] {
  const findings: Finding[] = [];
  const dockerfiles = images.length > 0 ? names.filter((name) => /^Dockerfile(\..+)?$|\.Dockerfile$/i.test(name)) : [];
  for (const path of dockerfiles) {
    const bytes = folder.read(path, MAX_TEXT_BYTES);
    if (typeof bytes === 'string') {
      findings.push({ rule: 'policy/base-image', path, message: `${path} is ${bytes}, and was not read` });
      continue;
    }
    for (const { image, line } of baseImages(bytes.toString('utf8'))) {
      if (isAllowedImage(image, images)) continue;
      const what = image === '' ? 'an image that it does not name' : image;
      findings.push({
        rule: 'policy/base-image',
        path,
        line,
        message: `${path}:${line} builds on ${what}; allowed are ${images.join(', ')}`,
      });
    }
  }
  for (const path of requiredFiles) {
    if (typeof folder.read(path, Number.MAX_SAFE_INTEGER) !== 'string') continue;
    findings.push({ rule: 'policy/required-file', path, message: `${path} is required, and is not there` });
  }
  return findings;
}

/** Waivers that have expired, cannot be read, or concern what the organisation calls a MUST. */
export function waiverFindings({ waivers, problems }: Waivers, must: readonly string[], today: string): Finding[] {
  const path = WAIVERS_PATH;
  const findings: Finding[] = problems.map(({ line, reason }) => ({
    rule: 'waiver/malformed',
    path,
    line,
    message: `${path}:${line} ${reason}`,
  }));
  for (const waiver of waivers) {
    const { rule, line, reason, owner, expires } = waiver;
    const hasExpired = isExpired(waiver, today);
    if (hasExpired)
      findings.push({
        rule: 'waiver/expired',
        path,
        line,
        message: `the waiver of ${rule} expired on ${expires} (${owner}: ${reason})`,
      });
    if (must.includes(rule))
      findings.push({
        rule: 'policy/contract',
        path,
        line,
        message: `${rule} is a MUST, and is waived${hasExpired ? ` by a waiver that expired on ${expires}` : ''}`,
        ...(hasExpired ? {} : { waived: { reason, owner, expires } }),
      });
  }
  return findings;
}

/** What a person has to do about the files. Conflicts of a pending upgrade are part of that. */
export function driftFindings({ files }: FilesAudit, conflicts: readonly string[]): Finding[] {
  return files.flatMap((file) => {
    const finding = conflicts.includes(file.path) ? undefined : driftFinding(file);
    return finding ? [finding] : [];
  });
}

/** Findings with the waivers that hold for them. */
export function applyWaivers(findings: readonly Finding[], { waivers }: Waivers, today: string): Finding[] {
  return findings.map((finding) => {
    const waiver = finding.waived ? undefined : findWaiver(waivers, finding, today);
    if (!waiver) return finding;
    const { reason, owner, expires } = waiver;
    return { ...finding, waived: { reason, owner, expires } };
  });
}
