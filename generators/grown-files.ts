import { parseServiceName } from '../engine/core/names.ts';
import { additionKey } from '../engine/core/record/addition-record.ts';
import type { Manifest } from '../engine/core/service/manifest.ts';
import { findStack } from '../stacks/index.ts';
import type { GrownFile } from './generator.ts';
import { GENERATORS } from './generators.ts';

/**
 * The files of the standard that the additions of a service put lines into. A difference in one of them may be an
 * addition's and not a person's.
 * @returns path -> the first of these additions, e.g. `add-client payments`
 */
export function grownFiles({ answers, additions = [] }: Manifest): ReadonlyMap<string, string> {
  const grown = new Map<string, string>();
  if (additions.length === 0) return grown;
  const { places } = findStack(answers);
  const paths: Readonly<Record<GrownFile, readonly string[]>> = {
    dependencies: [places.manifest],
    compose: [`docker-compose.${parseServiceName(String(answers.name)).name}.yaml`],
    pipeline: ['.github/workflows/verify.yml', '.gitlab-ci.yml'],
    deploy: ['deploy/base/config.env', 'deploy/base/kustomization.yaml'],
  };
  for (const record of additions) {
    for (const path of places.joined ?? []) if (!grown.has(path)) grown.set(path, additionKey(record));
    const kind = GENERATORS.find(({ name }) => name === record.generator)?.addition;
    for (const path of kind?.grows?.flatMap((file) => paths[file]) ?? [])
      if (!grown.has(path)) grown.set(path, additionKey(record));
  }
  return grown;
}
