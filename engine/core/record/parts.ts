import { matchesGlob } from '../glob.ts';

/** Files of a standard that make sense together in a service that was written by hand. */
export interface Part {
  readonly globs: readonly string[];
  /** Whether it is the same for every language. */
  readonly isNeutral: boolean;
}

/** What a service can take of a standard without the rest, by the names that `adopt --part` takes. */
export const PARTS: Readonly<Record<string, Part>> = {
  pipeline: { globs: ['.github/workflows/**', '.gitlab-ci.yml', '.gitlab/**'], isNeutral: false },
  dockerfile: { globs: ['Dockerfile', '.dockerignore'], isNeutral: false },
  compose: { globs: ['docker-compose.*', 'compose.*'], isNeutral: true },
  codeowners: { globs: ['CODEOWNERS', '.github/CODEOWNERS', '.gitlab/CODEOWNERS', 'docs/CODEOWNERS'], isNeutral: true },
  updates: { globs: ['renovate.json', '.github/dependabot.yml'], isNeutral: true },
};

/** The globs of a part. A part that has no name of its own is a path or a glob itself. */
function partGlobs(part: string): readonly string[] {
  return Object.hasOwn(PARTS, part) ? (PARTS[part]?.globs ?? []) : [part];
}

/**
 * The files that belong to a service that took only parts of a standard.
 * @param parts names, paths or globs; if not set, the service has the whole standard
 */
export function onlyParts<Path extends string, File>(
  tree: ReadonlyMap<Path, File>,
  parts: readonly string[] | undefined,
): ReadonlyMap<Path, File> {
  if (parts === undefined) return tree;
  const globs = parts.flatMap(partGlobs);
  return new Map([...tree].filter(([path]) => globs.some((glob) => matchesGlob(glob, path))));
}
