import type { ReadEntry } from 'tar';
import { UserError } from '../../core/errors.ts';
import { admitFiles, SOURCE_LIMITS, type SourceLimits } from '../../core/preset/source-limits.ts';
import type { RepoPath } from '../../core/repo-path.ts';
import { templateError } from '../../core/template/template.ts';
import type { Tree, TreeFile } from '../../core/tree.ts';
import { fs } from '../disk.ts';

/** Compressed bytes that are read in one step. Small, so that one step unpacks little even at the highest ratio. */
const STEP_BYTES = 16 * 1024;
const REGULAR = new Set(['File', 'OldFile', 'ContiguousFile']);

/**
 * Reads the files of a package into memory. The first segment of each path (`package/`) is removed.
 * It stops at the header of the first entry that is not allowed, before the entry is unpacked.
 * @throws {UserError} TEMPLATE_UNSAFE (links, devices, paths, sizes) or TEMPLATE_BROKEN (not a tarball)
 */
export async function readTarball(file: string, source: string, limits: SourceLimits = SOURCE_LIMITS): Promise<Tree> {
  const { Parser } = await import('tar');
  const admit = admitFiles(limits);
  const files: { path: RepoPath; mode: TreeFile['mode']; chunks: Buffer[] }[] = [];
  await new Promise<void>((resolve, reject) => {
    const parser = new Parser({ strict: true });
    const stream = fs.createReadStream(file, { highWaterMark: STEP_BYTES });
    const fail = (error: unknown): void => {
      reject(error instanceof UserError ? error : brokenTarball(source, error));
      stream.destroy();
      parser.abort(error as Error);
    };
    const take = (entry: ReadEntry): void => {
      if (entry.type === 'Directory') return void entry.resume();
      const path = entry.path.slice(entry.path.indexOf('/') + 1);
      if (!REGULAR.has(entry.type)) throw templateError('TEMPLATE_UNSAFE', path, 'is a link or not a regular file');
      const chunks: Buffer[] = [];
      files.push({ path: admit(path, entry.size), mode: (entry.mode ?? 0) & 0o100 ? 0o755 : 0o644, chunks });
      entry.on('data', (chunk: Buffer) => chunks.push(chunk));
    };
    const guarded = (check: (entry: ReadEntry) => void) => (entry: ReadEntry) => {
      try {
        check(entry);
      } catch (error) {
        fail(error);
      }
    };
    parser.on('entry', guarded(take));
    parser.on(
      'ignoredEntry',
      guarded(({ path }) => {
        throw templateError('TEMPLATE_UNSAFE', path, 'is of a kind that no package has');
      }),
    );
    parser.on('error', fail);
    parser.on('end', resolve);
    stream.on('error', fail);
    stream.pipe(parser as unknown as NodeJS.WritableStream);
  });
  return new Map(files.map(({ path, mode, chunks }) => [path, { mode, content: Buffer.concat(chunks) }]));
}

export function brokenTarball(source: string, cause: unknown): UserError {
  return templateError('TEMPLATE_BROKEN', source, 'is not a package that can be unpacked', cause);
}
