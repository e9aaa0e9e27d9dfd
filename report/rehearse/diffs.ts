import { isForPerson } from '../../maintenance/rehearse/result.ts';
import type { Rehearsed } from '../../maintenance/rehearse/run.ts';
import { patchText } from '../patch.ts';

/** Characters of one diff, and of all of them. A page shows less. */
const MAX_PATCH = 20_000;
const MAX_ALL = 8_000_000;

/**
 * Diffs for a page, made while services are rehearsed, because their contents are not kept: of every file that a person
 * has to look at, and of the first file of each path and outcome, as an example.
 */
export class DiffCollector {
  readonly #examples = new Set<string>();
  #left = MAX_ALL;

  /** @returns path -> diff */
  async of(rehearsed: Rehearsed): Promise<Map<string, string>> {
    const patches = new Map<string, string>();
    if (!('files' in rehearsed)) return patches;
    const wanted = rehearsed.files.filter((file) => {
      const key = `${file.outcome} ${file.path}`;
      const isNew = !this.#examples.has(key);
      this.#examples.add(key);
      return isForPerson(file) || isNew;
    });
    if (wanted.length === 0 || this.#left < 0) return patches;
    const changes = rehearsed.changes();
    for (const { path, beside, from } of wanted) {
      const own = changes.filter((change) => [path, beside?.path, from].includes(change.path));
      const patch = cut((await patchText(own)).join(''));
      this.#left -= patch.length;
      if (patch !== '' && this.#left >= 0) patches.set(path, patch);
    }
    return patches;
  }
}

function cut(patch: string): string {
  return patch.length <= MAX_PATCH ? patch : `${patch.slice(0, MAX_PATCH)}\n(the diff is longer)`;
}
