import type { FileOutcome } from '../../engine/core/merge/merged-file.ts';
import type { NotMerged } from './prepare.ts';
import type { Rehearsed } from './run.ts';

/** A file that an upgrade would not leave as it is, or that the team changed. */
interface RehearsedFile {
  readonly path: string;
  readonly outcome: FileOutcome;
  readonly note?: string;
  /** What a person would have to do, although there is no conflict. */
  readonly attention?: string;
}

/** What a report needs of one service: no contents of files. */
export type RehearsedService = { readonly service: string } & (
  | { readonly result: 'clean' | 'unchanged' | 'conflict'; readonly files: readonly RehearsedFile[] }
  | Omit<NotMerged, 'manifest'>
);

/** Everything that the reports print. */
export interface Rehearsal {
  readonly services: readonly RehearsedService[];
}

/** Drops the contents of files, so that a thousand results fit into memory. */
export function resultOf(rehearsed: Rehearsed): RehearsedService {
  const { service } = rehearsed;
  if (!('files' in rehearsed)) {
    const { root: _root, manifest: _manifest, ...why } = rehearsed;
    return why;
  }
  const { result, files } = rehearsed;
  const shown = files.flatMap(({ path, outcome, note, attention }) => {
    const more = { ...(note === undefined ? {} : { note }), ...(attention === undefined ? {} : { attention }) };
    return outcome === 'unchanged' ? [] : [{ path, outcome, ...more }];
  });
  return { service, result, files: shown };
}

/** Whether a person would have to look at a file. */
export function isForPerson({ outcome, attention }: Pick<RehearsedFile, 'outcome' | 'attention'>): boolean {
  return outcome === 'conflict' || attention !== undefined;
}
