import { join } from 'node:path';
import {
  ADDITIONS_FOLDER,
  type AdditionRecord,
  recordPath,
  serializeRecord,
} from '../../engine/core/record/addition-record.ts';
import { isRecordName, MAX_RECORD_BYTES } from '../../engine/core/record/additions.ts';
import { unsafeRecord } from '../../engine/core/record/parse-record.ts';
import { repairRecord } from '../../engine/core/repair/repair-record.ts';
import { readSides } from '../../engine/core/repair/sides.ts';
import { isSafe, type RepoPath } from '../../engine/core/repo-path.ts';
import { hashContent, type TreeFile } from '../../engine/core/tree.ts';
import { readTreeFile } from '../../engine/io/disk.ts';
import { type ServiceFolder, textNames } from '../../engine/io/service/fingerprint.ts';
import { fromGit } from './from-git.ts';

/** The files of additions, and what could be derived of them. */
interface RecordsRepair {
  /** Every addition that could be read. */
  readonly all: readonly AdditionRecord[];
  /** The files as they are. */
  readonly before: ReadonlyMap<RepoPath, TreeFile>;
  /** The files as they should be. */
  readonly files: ReadonlyMap<RepoPath, TreeFile>;
  /** Files under a wrong name. */
  readonly renamed: readonly (readonly [RepoPath, TreeFile])[];
  readonly notes: readonly string[];
  readonly open: readonly string[];
}

/** @throws {UserError} MANIFEST_UNSAFE for a folder that is none */
export async function repairRecords(root: string, folder: ServiceFolder): Promise<RecordsRepair> {
  const found = { all: new Map<RepoPath, AdditionRecord>(), before: new Map<RepoPath, TreeFile>() };
  const files = new Map<RepoPath, TreeFile>();
  const renamed: [RepoPath, TreeFile][] = [];
  const [notes, open]: [string[], string[]] = [[], []];
  const obstacle = folder.obstacle(ADDITIONS_FOLDER);
  if (obstacle !== undefined && obstacle !== 'missing') throw unsafeRecord(ADDITIONS_FOLDER, `is ${obstacle}`);
  const names = obstacle === 'missing' ? [] : textNames(`${root}/${ADDITIONS_FOLDER}`).filter(isRecordName).sort();
  for (const name of names) {
    const path = `${ADDITIONS_FOLDER}/${name}`;
    const bytes = folder.read(path, MAX_RECORD_BYTES);
    if (typeof bytes === 'string' || !isSafe(path)) {
      open.push(`${path} is ${typeof bytes === 'string' ? bytes : 'no name that every disk can have'}: remove it`);
      continue;
    }
    const file = readTreeFile(join(root, path));
    found.before.set(path, file);
    const read = await readSides(bytes.toString('utf8'));
    const base = read.base === undefined && read.sides.length > 1 ? fromGit(root, ':1', path) : undefined;
    const [before] = base === undefined ? [] : (await readSides(base)).sides;
    const repaired = repairRecord(path, before === undefined ? read : { ...read, base: before }, (shared) => {
      const content = folder.read(shared);
      return typeof content === 'string' ? undefined : hashContent(content);
    });
    open.push(...repaired.open);
    const { record } = repaired;
    const right = record && recordPath(record);
    const isCopy = right !== path && right !== undefined && names.includes(right.slice(ADDITIONS_FOLDER.length + 1));
    if (!isCopy) notes.push(...repaired.notes);
    if (!record || !right) continue;
    const content = Buffer.from(serializeRecord(record));
    if (right === path) {
      found.all.set(path, record);
      if (repaired.notes.length > 0) files.set(path, { content, mode: file.mode });
    } else if (isCopy) {
      open.push(`${path} has the same addition as ${right}: delete one of them`);
    } else {
      found.all.set(right, record);
      files.set(right, { content, mode: file.mode });
      renamed.push([path, file]);
    }
  }
  return { all: [...found.all.values()], before: found.before, files, renamed, notes, open };
}
