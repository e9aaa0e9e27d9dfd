import type { Linked } from '../../engine/core/audit/repository-link.ts';
import type { FileOutcome } from '../../engine/core/merge/merged-file.ts';
import { parseServiceName } from '../../engine/core/names.ts';
import type { Manifest } from '../../engine/core/service/manifest.ts';
import { ServiceFolder } from '../../engine/io/service/fingerprint.ts';
import { remoteLink } from '../../engine/io/service/remote-link.ts';
import type { NotMerged } from './prepare.ts';
import type { Rehearsed } from './run.ts';

/** A file that an upgrade would not leave as it is, or that the team changed. */
interface RehearsedFile {
  readonly path: string;
  readonly outcome: FileOutcome;
  readonly note?: string;
  /** What a person would have to do, although there is no conflict. */
  readonly attention?: string;
  /** A unified diff, where the report asks for one. It may be cut. */
  readonly patch?: string;
}

interface About {
  /** As the user named it. */
  readonly service: string;
  /** The answers of its manifest, not checked. Empty if it could not be read. */
  readonly answers: Manifest['answers'];
  /** The http(s) address of its repository. */
  readonly repository?: string;
}

/** What a report needs of one service: no contents of files. */
export type RehearsedService = About &
  (
    | { readonly result: 'clean' | 'unchanged' | 'conflict'; readonly files: readonly RehearsedFile[] }
    | Omit<NotMerged, 'manifest'>
  );

/** Everything that the reports print. */
export interface Rehearsal {
  /** Names of the answers that reports show as columns. Services are grouped by the first. */
  readonly columns: readonly string[];
  readonly services: readonly RehearsedService[];
}

interface ResultOptions {
  /** Makes the address of a repository. Without it, its remote does. */
  readonly link?: (service: Linked) => string | undefined;
  /** Diffs of some of its files: path -> diff. */
  readonly patches?: ReadonlyMap<string, string>;
}

/** Drops the contents of files, so that a thousand results fit into memory. */
export function resultOf(rehearsed: Rehearsed, { link, patches }: ResultOptions): RehearsedService {
  const { service, root, manifest } = rehearsed;
  const answers = manifest?.answers ?? {};
  const name = manifest ? parseServiceName(String(answers.name)).name : service;
  const repository = link ? link({ folder: service, name, answers }) : remoteLink(new ServiceFolder(root));
  const about: About = { service, answers, ...(repository === undefined ? {} : { repository }) };
  if (!('files' in rehearsed)) {
    const { root: _root, manifest: _manifest, ...why } = rehearsed;
    return { ...why, ...about };
  }
  const { result, files } = rehearsed;
  const shown = files.flatMap(({ path, outcome, note, attention }) => {
    const patch = patches?.get(path);
    const more = {
      ...(note === undefined ? {} : { note }),
      ...(attention === undefined ? {} : { attention }),
      ...(patch === undefined ? {} : { patch }),
    };
    return outcome === 'unchanged' ? [] : [{ path, outcome, ...more }];
  });
  return { ...about, result, files: shown };
}

/** Whether a person would have to look at a file. */
export function isForPerson({ outcome, attention }: Pick<RehearsedFile, 'outcome' | 'attention'>): boolean {
  return outcome === 'conflict' || attention !== undefined;
}
