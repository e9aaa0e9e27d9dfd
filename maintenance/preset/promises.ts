import { RULE_IDS } from '../../engine/core/audit/rule-ids.ts';
import type { Problem } from '../../engine/core/errors.ts';
import { matchesGlob } from '../../engine/core/glob.ts';
import type { RepoPath } from '../../engine/core/repo-path.ts';
import { readLayer } from '../../engine/core/template/source-template.ts';
import type { LoadedPreset } from '../../generators/load-presets.ts';

/** A registry and path of a Docker image, with `*` and `**` anywhere. Tags and digests are never compared. */
const IMAGE_GLOB = /^([A-Za-z0-9.*-]+(:[0-9*]+)?\/)?[a-z0-9._*-]+(\/[a-z0-9._*-]+)*$/;

/**
 * Finds requirements of a preset that no service can satisfy: unknown files (those that its bases require too), images and
 * rules, or ownership of no file.
 * @param presets bases first
 * @param written every path that at least one option set has
 */
export async function unkeptPromises(
  presets: readonly LoadedPreset[],
  written: ReadonlySet<string>,
): Promise<Problem[]> {
  const own = presets.at(-1);
  if (!own) return [];
  const { layers, ownership, groups, policy, at } = own.preset;
  const paths = layers.flatMap(({ path }) => readLayer(own.files, path, ownership, 'merged').map((file) => file.path));
  return [
    ...ownership.flatMap(([glob], index) =>
      paths.some((path) => matchesGlob(glob, path))
        ? []
        : [{ subject: at(['ownership', index]), reason: `"${glob}" matches no file of the layers` }],
    ),
    ...groups.flatMap((globs, index) =>
      globs
        .filter((glob) => ![...written].some((path) => matchesGlob(glob, path)))
        .map((glob) => ({ subject: at(['groups', index]), reason: `"${glob}" matches no file of a service` })),
    ),
    ...policy.images.flatMap((glob, index) =>
      IMAGE_GLOB.test(glob)
        ? []
        : [
            {
              subject: at(['policy', 'images', index]),
              reason: `"${glob}" matches no image: name them without tag and digest, e.g. node or ghcr.io/acme/**`,
            },
          ],
    ),
    ...presets.flatMap(({ preset }) =>
      preset.policy.requiredFiles.flatMap((path, index) => {
        if (written.has(path)) return [];
        const subject = preset.at(['policy', 'requiredFiles', index]);
        return [{ subject, reason: `no service has ${path}: no layer writes it` }];
      }),
    ),
    ...policy.must.flatMap((id, index) =>
      RULE_IDS.includes(id)
        ? []
        : [
            {
              subject: at(['policy', 'must', index]),
              reason: `the contract has no rule ${id}; it has ${RULE_IDS.join(', ')}`,
            },
          ],
    ),
    ...(await packageProblems(own)),
  ];
}

/**
 * Checks that package.json and preset.yaml have the same name and version: npm publishes one, manifests record the
 * other.
 */
async function packageProblems({ preset, fetched }: LoadedPreset): Promise<Problem[]> {
  const file = fetched.all.get('package.json' as RepoPath);
  if (!file) return [];
  const { isScalar, LineCounter, parseDocument } = await import('yaml');
  const lines = new LineCounter();
  const document = parseDocument(Buffer.from(file.content).toString('utf8'), { lineCounter: lines });
  return (['name', 'version'] as const).flatMap((key) => {
    const node = document.get(key, true);
    if (!isScalar(node) || node.value === preset[key]) return [];
    const subject = `package.json:${lines.linePos(node.range?.[0] ?? 0).line}`;
    return [{ subject, reason: `the ${key} is ${String(node.value)}, and ${preset[key]} in ${preset.at([key])}` }];
  });
}
