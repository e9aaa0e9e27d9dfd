import type { TreeFile } from '../tree.ts';

/** A text file taken apart so that it can grow: lines are added with the line ends that it has. */
export interface TextFile {
  /** With `\n`. */
  readonly text: string;
  readonly isCrlf: boolean;
}

export function readText({ content }: TreeFile): TextFile {
  const text = Buffer.from(content).toString('utf8');
  return { text: text.replaceAll('\r\n', '\n'), isCrlf: text.includes('\r\n') };
}

/** `before` with another text. */
export function writeText(before: TreeFile, { isCrlf }: TextFile, text: string): TreeFile {
  return { content: Buffer.from(isCrlf ? text.replaceAll('\n', '\r\n') : text), mode: before.mode };
}

/** `text` with lines put in before the line that starts at `offset`. */
export function insertAt(text: string, offset: number, lines: string): string {
  const head = text.slice(0, offset);
  const isOpen = head !== '' && !head.endsWith('\n');
  return `${head}${isOpen ? '\n' : ''}${lines}${text.slice(offset)}`;
}
