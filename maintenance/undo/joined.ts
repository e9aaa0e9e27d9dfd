import { join } from 'node:path';
import { printable, UserError } from '../../engine/core/errors.ts';
import { quote } from '../../engine/core/text/shell-word.ts';
import { shortList } from '../../engine/core/text/short-list.ts';
import { hasRecord, type MadeFolder, madeFolders } from '../../engine/io/apply/undo-record.ts';
import { fs, kindOf } from '../../engine/io/disk.ts';
import { gitIgnored } from '../../engine/io/git/ignored.ts';

/** Enough to name. */
const MAX_STRANGERS = 100;

/**
 * A service that joined a workspace went on since: without what the run made, the rest is half a service, and its `.gitignore` no
 * longer hides what it hid.
 * @returns a line about what git ignores there, and what therefore stays
 * @throws {UserError} EDITED_SINCE, with files that the run did not make, or with the folder that has a newer run
 */
export function refuseGrown(root: string): string[] {
  const made = madeFolders(root).filter(({ path }) => kindOf(join(root, path)) === 'folder');
  if (made.length === 0) return [];
  const grown = made.find(({ path }) => hasRecord(join(root, path)));
  if (grown)
    throw new UserError(
      'EDITED_SINCE',
      `${printable(grown.path)} has a run of its own after that run`,
      `Nothing was changed. Undo that one first: npx create-twelve-service undo --dir ${quote(join(root, grown.path))}`,
    );
  const ignored = gitIgnored(root);
  const found = made.map((folder) => strangersIn(root, folder, ignored));
  const strangers = found.flatMap((one) => one.strangers);
  if (strangers.length > 0)
    throw new UserError(
      'EDITED_SINCE',
      `files were made after that run: ${shortList(strangers.map(printable))}`,
      'Nothing was changed. Move them out of the folder, or undo that run by hand, or with git.',
    );
  const left = found.flatMap((one) => one.left);
  return left.length === 0
    ? []
    : [`what git ignored there stays, and git ignores it no longer: ${shortList(left.map(printable))}`];
}

/** What the run did not write in a folder that it made, and of that what git ignores. */
function strangersIn(
  root: string,
  { path: top, isNew, written, since }: MadeFolder,
  ignored: ReadonlySet<string>,
): { readonly strangers: string[]; readonly left: string[] } {
  const strangers: string[] = [];
  const left: string[] = [];
  const list = (folder: string): void => {
    for (const entry of fs.readdirSync(join(root, folder), { withFileTypes: true })) {
      if (strangers.length >= MAX_STRANGERS) return;
      const path = `${folder}/${entry.name}`;
      if (ignored.has(path)) left.push(path);
      else if (entry.isDirectory() && entry.name !== '.git') list(path);
      else if (!written.has(path) && (isNew || fs.lstatSync(join(root, path)).ctimeMs > since)) strangers.push(path);
    }
  };
  if (!ignored.has(top)) list(top);
  return { strangers, left };
}
