import { parseRepoPath, type RepoPath } from '../repo-path.ts';
import { templateError } from '../template/template.ts';

/** How large a source from elsewhere may be, in bytes and files. */
export interface SourceLimits {
  readonly fileBytes: number;
  readonly files: number;
  readonly totalBytes: number;
}

/** Larger than any service, smaller than an archive bomb. */
export const SOURCE_LIMITS: SourceLimits = {
  fileBytes: 10 * 1024 * 1024,
  files: 5_000,
  totalBytes: 100 * 1024 * 1024,
};

/**
 * The one gate for the files of a source: to be asked for each of them before its bytes are read.
 * @returns a function of a path and a size in bytes; it throws UserError TEMPLATE_UNSAFE, and counts
 */
export function admitFiles(limits: SourceLimits = SOURCE_LIMITS): (path: string, bytes: number) => RepoPath {
  const seen = new Set<string>();
  let total = 0;
  return (text, bytes) => {
    const path = safePath(text);
    total += bytes;
    if (seen.has(path)) throw templateError('TEMPLATE_UNSAFE', path, 'is there twice');
    seen.add(path);
    if (!(bytes <= limits.fileBytes))
      throw templateError('TEMPLATE_UNSAFE', path, `is larger than ${limits.fileBytes} bytes`);
    if (seen.size > limits.files)
      throw templateError('TEMPLATE_UNSAFE', path, `is one of more than ${limits.files} files`);
    if (total > limits.totalBytes)
      throw templateError('TEMPLATE_UNSAFE', path, `makes it more than ${limits.totalBytes} bytes together`);
    return path;
  };
}

function safePath(text: string): RepoPath {
  try {
    return parseRepoPath(text);
  } catch (error) {
    throw templateError('TEMPLATE_UNSAFE', 'from elsewhere', (error as RangeError).message, error);
  }
}
