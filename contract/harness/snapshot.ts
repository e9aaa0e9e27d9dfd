import { lstatSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ProcessTarget } from '../target.ts';
import { type ArtifactOptions, copyArtifact, isLeftOut } from './artifact.ts';
import { forget, reap } from './process/reaper.ts';
import { codeOf } from './wait.ts';

/** More than this is no repository of a service: it may be somebody's home. */
const MOST_BYTES = 200 * 1024 * 1024;
const MOST_FILES = 20_000;

/** The folder of a program as it was before the program ran here for the first time. A run may leave files that change the next. */
export class Snapshot {
  readonly #folder = mkdtempSync(join(tmpdir(), 'twelve-snapshot-'));
  readonly #target: ProcessTarget;

  private constructor(target: ProcessTarget) {
    reap({ kind: 'folder', id: this.#folder });
    this.#target = copyArtifact(target, this.#folder);
  }

  /** @returns `undefined` if the folder is too large to be copied, or cannot be read */
  static of(target: ProcessTarget): Snapshot | undefined {
    try {
      return isCopyable(target.folder) ? new Snapshot(target) : undefined;
    } catch (error) {
      if (codeOf(error) === '') throw error;
      return undefined;
    }
  }

  /** A copy below `temp`, in which nothing has run. */
  copy(temp: string, options?: ArtifactOptions): ProcessTarget {
    return copyArtifact(this.#target, temp, options);
  }

  dispose(): void {
    rmSync(this.#folder, { recursive: true, force: true });
    forget({ kind: 'folder', id: this.#folder });
  }
}

/** Whether what a copy would have, which is not what it links, is of the size of a repository. */
function isCopyable(folder: string): boolean {
  const left = [folder];
  let [bytes, files] = [0, 0];
  for (let at = left.pop(); at !== undefined; at = left.pop()) {
    for (const entry of readdirSync(at, { withFileTypes: true })) {
      const path = join(at, entry.name);
      if (isLeftOut(entry, path)) continue;
      bytes += entry.isFile() ? lstatSync(path).size : 0;
      files += 1;
      if (bytes > MOST_BYTES || files > MOST_FILES) return false;
      if (entry.isDirectory()) left.push(path);
    }
  }
  return true;
}
