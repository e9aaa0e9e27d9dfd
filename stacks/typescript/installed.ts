import { reasonOf } from './lockfile/refresh.ts';

/** npm goes on after a file that it could not write, and ends with 0. */
const NOT_WRITTEN = /^npm warn tar TAR_ENTRY_ERROR (.+)/i;
const WARNING = /^npm warn\b/i;
const UNKNOWN = /^npm (error|ERR!) code ETARGET$/m;

/** What npm said of an installation. */
interface Installed {
  /** Whether npm wrote every file. */
  readonly isWhole: boolean;
  /** The reason of a failure in one line; empty if npm gave none. */
  readonly reason: string;
  /** What a person should read: no warnings of packages that the service does not choose. */
  readonly said: string;
  /** Whether the registry, as npm knows it, lacks a version. */
  readonly isUnknown: boolean;
}

/** @param stderr what npm printed there with `--loglevel=warn` */
export function installed(stderr: string): Installed {
  const lines = stderr.split(/\r?\n/);
  const missing = [...new Set(lines.flatMap((line) => NOT_WRITTEN.exec(line)?.[1] ?? []))];
  const said = lines.filter((line) => !WARNING.test(line)).join('\n');
  return {
    isWhole: missing.length === 0,
    reason: missing[0] ?? reasonOf(stderr),
    said: said.trim(),
    isUnknown: UNKNOWN.test(stderr),
  };
}
