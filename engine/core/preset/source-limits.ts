import { parseRepoPath, type RepoPath } from '../repo-path.ts';
import { templateError } from '../template/template.ts';

/** Limits on a fetched source, in bytes and files. */
export interface SourceLimits {
  readonly fileBytes: number;
  readonly files: number;
  readonly totalBytes: number;
}

/** More than any service needs, and less than an archive bomb has. */
export const SOURCE_LIMITS: SourceLimits = {
  fileBytes: 10 * 1024 * 1024,
  files: 5_000,
  totalBytes: 100 * 1024 * 1024,
};

/**
 * Checks the files of a source. Every file must pass before its bytes are read.
 * @returns a function that takes a path and a size in bytes; it adds up sizes and throws UserError TEMPLATE_UNSAFE
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
