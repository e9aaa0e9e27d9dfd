import { relative, sep } from 'node:path';
import { printable } from '../../engine/core/errors.ts';
import type { AnswerValue } from '../../engine/core/question.ts';
import { findRepository } from '../../engine/io/surroundings.ts';

/**
 * GitHub reads pipelines in the root of a repository alone, and their paths begin there. A workspace whose repository begins further up
 * has neither.
 * @param root of the workspace, which need not be there yet
 * @returns one line for a person, or none
 */
export function placeNotes(root: string, { ci }: Readonly<Record<string, AnswerValue>>): string[] {
  const repository = ci === 'github' ? findRepository(root) : undefined;
  if (repository === undefined || repository === root) return [];
  const inside = printable(relative(repository, root).split(sep).join('/'));
  return [
    `its pipelines do not run: GitHub looks for .github in ${printable(repository)} alone, and this is ${inside} in it. Move them there, with ${inside}/ before their paths, or make the workspace a repository of its own`,
  ];
}
