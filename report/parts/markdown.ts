import { printable } from '../../engine/core/errors.ts';

/** Escapes untrusted text: it cannot make a link, a tag, a table cell or emphasis. */
export function escapeMarkdown(text: string): string {
  return printable(text).replace(/[\\`*_{}[\]<>#|~!&@]/g, (char) => `&#${char.charCodeAt(0)};`);
}

/**
 * Untrusted text as a code block. A code host finds no mention of a person and no issue number in it.
 * @param lines one per line of the block
 */
export function codeBlock(lines: readonly string[], language = ''): string {
  const shown = lines.map(printable);
  // The fence is longer than any run of backticks inside, so that none of them ends the block.
  const runs = shown.flatMap((line) => line.match(/`+/g) ?? []);
  const fence = '`'.repeat(Math.max(3, ...runs.map(({ length }) => length + 1)));
  return [`${fence}${language}`, ...shown, fence].join('\n');
}

/** Untrusted text as code inside a line. Not for table cells. */
export function codeSpan(text: string): string {
  const shown = printable(text);
  const runs = shown.match(/`+/g) ?? [];
  const fence = '`'.repeat(Math.max(0, ...runs.map(({ length }) => length)) + 1);
  // Markdown removes one space on each side. The spaces separate backticks of the text from the fence.
  return shown === '' ? '` `' : `${fence} ${shown} ${fence}`;
}
