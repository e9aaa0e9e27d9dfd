import type { ManifestFile } from '../service/manifest.ts';
import type { FileReport, FileState, Finding } from './audit.ts';

/** What decides the state of a file. */
interface Signals {
  /** Whether there is something at the path. */
  readonly isThere: boolean;
  /** Whether it differs from what was generated. Line ends are ignored. */
  readonly isEdited: boolean;
  /** Whether the current standard would generate other content, or no file. */
  readonly isMoved: boolean;
}

export function stateOf({ isThere, isEdited, isMoved }: Signals): FileState {
  if (!isThere) return 'missing';
  if (isEdited) return isMoved ? 'conflict-ahead' : 'edited';
  return isMoved ? 'behind' : 'unchanged';
}

/**
 * The finding about a file, if it has one. Seeded files belong to the team, derived files are made from other files,
 * and merged files may be edited.
 */
export function driftFinding({ path, owner, state, note }: FileReport): Finding | undefined {
  const because = note === undefined ? '' : ` (${note})`;
  if (owner === 'managed' && (state === 'edited' || state === 'conflict-ahead'))
    return { rule: 'drift/edited', path, message: `${path} is managed, and was edited${because}` };
  if ((owner === 'managed' || owner === 'merged') && state === 'missing')
    return { rule: 'drift/missing', path, message: `${path} is ${owner}, and is missing` };
  return undefined;
}

/** Folders in which every recorded file is managed, so that any other file is extra. The root is never one of them. */
export function managedFolders(files: Readonly<Record<string, ManifestFile>>): Set<string> {
  const folders = new Map<string, boolean>();
  for (const [path, { owner }] of Object.entries(files)) {
    const folder = path.slice(0, Math.max(0, path.lastIndexOf('/')));
    folders.set(folder, owner === 'managed' && folders.get(folder) !== false);
  }
  folders.delete('');
  return new Set([...folders].flatMap(([folder, isManaged]) => (isManaged ? [folder] : [])));
}
