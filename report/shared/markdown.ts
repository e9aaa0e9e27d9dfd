import { printable } from '../../engine/core/errors.ts';

/** Text from anywhere, as text: it makes no link, no tag, no cell and no emphasis. */
export function escapeMarkdown(text: string): string {
  return printable(text).replace(/[\\`*_{}[\]<>#|~!&@]/g, (char) => `&#${char.charCodeAt(0)};`);
}

/**
 * Text from anywhere as a block of code, in which a code host also sees no name of a person and no number of an issue.
 * @param lines each on a line of its own
 */
export function codeBlock(lines: readonly string[], language = ''): string {
  const shown = lines.map(printable);
  // A fence longer than any run of backticks inside ends where it should.
  const runs = shown.flatMap((line) => line.match(/`+/g) ?? []);
  const fence = '`'.repeat(Math.max(3, ...runs.map(({ length }) => length + 1)));
  return [`${fence}${language}`, ...shown, fence].join('\n');
}

/** The same within a line; not for cells of tables. */
export function codeSpan(text: string): string {
  const shown = printable(text);
  const runs = shown.match(/`+/g) ?? [];
  const fence = '`'.repeat(Math.max(0, ...runs.map(({ length }) => length)) + 1);
  // A space on both sides is taken off again, and keeps backticks of the text apart from the fence.
  return shown === '' ? '` `' : `${fence} ${shown} ${fence}`;
}
