import type { Finding } from '../../engine/core/audit/audit.ts';
import { baseImages, isAllowedImage } from '../../engine/core/audit/base-images.ts';
import { driftFinding } from '../../engine/core/audit/drift.ts';
import { findWaiver, type Waivers } from '../../engine/core/audit/waiver.ts';
import type { JoinedPolicy } from '../../engine/core/preset/preset.ts';
import { fillTokens } from '../../engine/core/template/render.ts';
import type { RenderContext } from '../../engine/core/template/template.ts';
import type { ServiceFolder } from '../../engine/io/service/fingerprint.ts';
import { followLockfile } from '../../generators/lockfile.ts';
import type { Stack } from '../../stacks/stack.ts';
import type { FilesAudit } from './files.ts';

/** In bytes: larger than any real Dockerfile. */
const MAX_TEXT_BYTES = 256 * 1024;

/**
 * Finds what breaks the policy. It reads the service's Dockerfiles.
 * @param context what the tokens of required paths stand for
 */
export function policyFindings(
  { images, requiredFiles }: JoinedPolicy,
  folder: ServiceFolder,
  names: readonly string[],
  context: RenderContext,
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
        message: `${path}:${line} builds on ${what}; allowed are ${images.map((list) => list.join(', ')).join('; and of these only ')}`,
      });
    }
  }
  for (const required of requiredFiles) {
    const path = fillTokens(required, context);
    if (typeof folder.read(path, Number.MAX_SAFE_INTEGER) !== 'string') continue;
    findings.push({ rule: 'policy/required-file', path, message: `${path} is required, and is missing` });
  }
  return findings;
}

/** Finds a lockfile that does not fit the manifest: an exact install refuses it. A workspace around the service may have the lockfile. */
export async function lockfileFindings(folder: ServiceFolder, stack: Stack): Promise<Finding[]> {
  const read = (path: string) => {
    const bytes = folder.read(path);
    return typeof bytes === 'string' ? undefined : bytes.toString('utf8');
  };
  const followed = await followLockfile(stack, read, read, 'leave', folder.root);
  if (followed.kind !== 'left') return [];
  return [{ rule: 'lockfile/misfit', path: followed.path, message: followed.text }];
}

/** Findings about files. Conflicts of a pending upgrade are left out. */
export function driftFindings({ files }: FilesAudit, conflicts: readonly string[]): Finding[] {
  return files.flatMap((file) => {
    const finding = conflicts.includes(file.path) ? undefined : driftFinding(file);
    return finding ? [finding] : [];
  });
}

/** Adds the valid waivers to findings. */
export function applyWaivers(findings: readonly Finding[], { waivers }: Waivers, today: string): Finding[] {
  return findings.map((finding) => {
    const waiver = finding.waived ? undefined : findWaiver(waivers, finding, today);
    if (!waiver) return finding;
    const { reason, owner, expires } = waiver;
    return { ...finding, waived: { reason, owner, expires } };
  });
}
