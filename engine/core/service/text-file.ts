import { decodeText, encodeText } from '../text/text.ts';
import type { TreeFile } from '../tree.ts';

/** A text file to which lines can be added. It keeps its line ends. */
interface TextFile {
  /** The text with `\n` as line end. */
  readonly text: string;
  readonly isCrlf: boolean;
}

export function readText({ content }: TreeFile): TextFile {
  const text = decodeText(content);
  return { text: text.replaceAll('\r\n', '\n'), isCrlf: text.includes('\r\n') };
}

/** Replaces the text of `before`. Its mode and line ends stay. */
export function writeText(before: TreeFile, { isCrlf }: TextFile, text: string): TreeFile {
  return { content: encodeText(isCrlf ? text.replaceAll('\n', '\r\n') : text), mode: before.mode };
}

/** Inserts lines before the line that starts at `offset`. */
export function insertAt(text: string, offset: number, lines: string): string {
  const head = text.slice(0, offset);
  const isOpen = head !== '' && !head.endsWith('\n');
  return `${head}${isOpen ? '\n' : ''}${lines}${text.slice(offset)}`;
}
