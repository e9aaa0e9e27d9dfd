import { UserError } from '../../engine/core/errors.ts';
import type { TeamTree } from '../../engine/core/merge/merged-file.ts';
import type { RepoPath } from '../../engine/core/repo-path.ts';
import { fetchTemplates, type TemplateSet } from '../../engine/io/source/template-version.ts';
import { findStack, STACKS } from '../../stacks/index.ts';
import type { Stack } from '../../stacks/stack.ts';
import { builtinTemplates } from '../upgrade/templates.ts';
import { publishedVersions } from './published-versions.ts';

/**
 * The templates that may have made the service, of this program first. Parts are brought from these alone. A language whose manifest
 * is not there is none of them, unless no language has one.
 */
export async function templateSets(
  answers: Readonly<Record<string, string>>,
  tree: TeamTree,
  target: string,
  isOursOnly: boolean,
): Promise<{ sets: (TemplateSet & { stack: Stack })[]; notes: string[] }> {
  const spoken = STACKS.filter(({ places }) => tree.has(places.manifest as RepoPath));
  const likely = spoken.length > 0 ? spoken : STACKS;
  const stacks = answers.stack === undefined ? likely : [findStack(answers)];
  const sets = stacks.map((stack) => ({ ...builtinTemplates(stack), stack }));
  if (isOursOnly) return { sets, notes: [] };
  const { versions, note } = await publishedVersions(target);
  for (const stack of stacks)
    for (const version of versions) {
      const published = await publishedTemplates(version, stack, target);
      if (published) sets.push({ ...published, stack });
    }
  return { sets, notes: note === undefined ? [] : [note] };
}

/** @returns nothing for a version that did not have the stack yet */
async function publishedTemplates(version: string, stack: Stack, cwd: string): Promise<TemplateSet | undefined> {
  try {
    return await fetchTemplates(version, stack.id, cwd);
  } catch (error) {
    if (error instanceof UserError && error.code === 'SOURCE_NOT_FOUND') return undefined;
    throw error;
  }
}
