import type { FileOutcome, MergedFile } from '../engine/core/merge/merged-file.ts';
import { count } from '../engine/core/text/count.ts';
import { foldPaths } from './parts/fold-paths.ts';

/** Sorted by importance for the reader. `unchanged` files are not listed. */
const OUTCOMES: readonly FileOutcome[] = [
  'conflict',
  'merged',
  'updated',
  'created',
  'moved',
  'removed',
  'deleted by you',
  'kept',
];

/** What a reader sees of the files with one outcome. */
interface OutcomeGroup {
  readonly outcome: FileOutcome;
  /** How many files have it. */
  readonly files: number;
  /** A file each, or a folder that stands for several files. Those with a note come first. */
  readonly lines: readonly { readonly path: string; readonly note?: string }[];
}

interface ListedFiles {
  /** Outcomes without files are left out. */
  readonly groups: readonly OutcomeGroup[];
  /** How many files the team deleted that the template did not change. They are no news. */
  readonly deletedBefore: number;
}

/** The files of an upgrade by outcome, as its reports list them. */
export function listFiles(files: readonly MergedFile[]): ListedFiles {
  const isNews = ({ outcome, note }: MergedFile) => outcome !== 'deleted by you' || note !== undefined;
  const groups = OUTCOMES.flatMap((outcome): OutcomeGroup[] => {
    const matching = files.filter((file) => file.outcome === outcome && isNews(file));
    if (matching.length === 0) return [];
    const lines = outcome === 'deleted by you' ? foldDeleted(matching, files) : matching;
    const sorted = [...lines.filter(({ note }) => note), ...lines.filter(({ note }) => !note)];
    return [{ outcome, files: matching.length, lines: sorted }];
  });
  return { groups, deletedBefore: files.filter((file) => !isNews(file)).length };
}

function foldDeleted(deleted: readonly MergedFile[], files: readonly MergedFile[]): OutcomeGroup['lines'] {
  const notes = new Map<string, string | undefined>(deleted.map(({ path, note }) => [path, note]));
  const outcomes = new Map<string, FileOutcome>(files.map(({ path, outcome }) => [path, outcome]));
  const isDeleted = (path: string) => outcomes.get(path) === 'deleted by you';
  return foldPaths([...notes.keys()], isDeleted, [...outcomes.keys()]).map(({ path, files }) => {
    const note = notes.get(path);
    if (note !== undefined) return { path, note };
    return { path, note: `${count(files, 'file')}; the template changed ${files === 1 ? 'it' : 'them'}` };
  });
}
