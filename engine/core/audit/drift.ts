import type { ManifestFile } from '../service/manifest.ts';
import type { FileReport, FileState, Finding } from './audit.ts';

/** The two signals of one file. */
export interface Signals {
  /** Whether something stands at the path. */
  readonly isThere: boolean;
  /** Whether that is other than what was generated, line ends aside. */
  readonly isEdited: boolean;
  /** Whether the current standard would generate something else, or nothing. */
  readonly isMoved: boolean;
}

export function stateOf({ isThere, isEdited, isMoved }: Signals): FileState {
  if (!isThere) return 'missing';
  if (isEdited) return isMoved ? 'conflict-ahead' : 'edited';
  return isMoved ? 'behind' : 'unchanged';
}

/**
 * What a person has to do about a file. What was seeded is the team's, what is derived is made from other files, and an
 * edit of what is merged is what merging is for.
 */
export function driftFinding({ path, owner, state, note }: FileReport): Finding | undefined {
  const because = note === undefined ? '' : ` (${note})`;
  if (owner === 'managed' && (state === 'edited' || state === 'conflict-ahead'))
    return { rule: 'drift/edited', path, message: `${path} is managed, and was edited${because}` };
  if ((owner === 'managed' || owner === 'merged') && state === 'missing')
    return { rule: 'drift/missing', path, message: `${path} is ${owner}, and is not there` };
  return undefined;
}

/** Folders in which every recorded file is managed: nobody else has any business there. The root is never one. */
export function managedFolders(files: Readonly<Record<string, ManifestFile>>): Set<string> {
  const folders = new Map<string, boolean>();
  for (const [path, { owner }] of Object.entries(files)) {
    const folder = path.slice(0, Math.max(0, path.lastIndexOf('/')));
    folders.set(folder, owner === 'managed' && folders.get(folder) !== false);
  }
  folders.delete('');
  return new Set([...folders].flatMap(([folder, isManaged]) => (isManaged ? [folder] : [])));
}
