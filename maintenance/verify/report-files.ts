import { basename, dirname, join, resolve } from 'node:path';
import { printable, UserError } from '../../engine/core/errors.ts';
import { fs } from '../../engine/io/disk.ts';
import { diskError } from '../../engine/io/failure.ts';

/** A report that is written to a file, besides the one that is printed. */
interface ReportFile<Format extends string> {
  readonly format: Format;
  /** Absolute. */
  readonly path: string;
}

/**
 * What `--report FORMAT=FILE` asks for. A file that cannot be written is found before the service is built.
 * @throws {UserError} INPUT_INVALID for another format, a folder that is not there, or one file for two reports
 */
export function readReportFiles<Format extends string>(
  texts: readonly string[],
  formats: readonly Format[],
  cwd: string,
): ReportFile<Format>[] {
  const files = texts.map((text) => {
    const [, name = '', file = ''] = /^([^=]*)=(.+)$/s.exec(text) ?? [];
    const format = formats.find((one) => one === name);
    if (format === undefined)
      throw refuse(
        text,
        `is not FORMAT=FILE; the formats are ${formats.join(', ')}`,
        'E.g. --report sarif=verify.sarif.',
      );
    const path = resolve(cwd, file);
    const folder = fs.statSync(dirname(path), { throwIfNoEntry: false });
    if (!folder?.isDirectory()) throw refuse(text, 'is in no folder that is there', 'Make the folder first.');
    if (fs.statSync(path, { throwIfNoEntry: false })?.isDirectory())
      throw refuse(text, 'names a folder', 'Name a file.');
    return { format, path };
  });
  const twice = files.find(({ path }, at) => files.findIndex((other) => other.path === path) !== at);
  if (twice) throw refuse(`${twice.format}=${twice.path}`, 'is written twice', 'Give each report a file of its own.');
  return files;
}

function refuse(text: string, why: string, remedy: string): UserError {
  return new UserError('INPUT_INVALID', `--report ${printable(text)} ${why}`, remedy);
}

/**
 * Writes files, each whole or not at all: nobody reads half a report. What is there already is replaced, at the end of a link
 * too; a device or a pipe is written to.
 * @throws {UserError} DISK_*; then none of the files is changed, unless only the last step failed for one of several
 */
export function writeReports(files: readonly { readonly path: string; readonly text: string }[]): void {
  const staged: { readonly from: string; readonly to: string }[] = [];
  let at = '';
  try {
    for (const { path, text } of files) {
      at = path;
      const stat = fs.statSync(path, { throwIfNoEntry: false });
      if (stat && !stat.isFile()) {
        fs.writeFileSync(path, `${text}\n`);
        continue;
      }
      const to = stat ? fs.realpathSync(path) : path;
      const from = join(dirname(to), `.${basename(to)}.${process.pid}.part`);
      staged.push({ from, to });
      fs.writeFileSync(from, `${text}\n`, { flag: 'wx' });
    }
    for (const { from, to } of staged) {
      at = to;
      fs.renameSync(from, to);
    }
  } catch (error) {
    for (const { from } of staged) fs.rmSync(from, { force: true });
    throw diskError(error, at);
  }
}
