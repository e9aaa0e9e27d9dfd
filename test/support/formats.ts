import type { Node } from 'commonmark';

/** The visible text of each block of a Markdown document. */
export function markdownText(document: Node): string[] {
  const walker = document.walker();
  const blocks: string[] = [];
  let current = '';
  for (let event = walker.next(); event; event = walker.next()) {
    const { node, entering } = event;
    if (node.type === 'text' || node.type === 'code' || node.type === 'html_inline') current += node.literal ?? '';
    else if (node.type === 'softbreak' || node.type === 'linebreak') current += '\n';
    else if (!entering && (node.type === 'paragraph' || node.type === 'heading')) {
      blocks.push(current);
      current = '';
    } else if (node.type !== 'document' && node.type !== 'paragraph' && node.type !== 'heading')
      current += `<${node.type}>`;
  }
  return blocks;
}

/**
 * The labels of a Dockerfile, by the rules of BuildKit's shell word reader: inside double quotes a backslash escapes
 * `"`, `$` and `\`, and is a normal character before anything else. An unescaped `$` starts a variable.
 * @throws {Error} if BuildKit would fail or replace a variable
 */
export function dockerfileWord(dockerfile: string): Record<string, string> {
  const labels: Record<string, string> = {};
  const line = dockerfile.split('\n').find((text) => text.startsWith('LABEL ')) ?? '';
  let at = 'LABEL '.length;
  while (at < line.length) {
    const [, key = ''] = /^([a-z.]+)="/.exec(line.slice(at)) ?? [];
    if (key === '') throw new Error(`no label at ${line.slice(at)}`);
    at += key.length + 2;
    let value = '';
    for (; line[at] !== '"'; at += 1) {
      if (at >= line.length) throw new Error('a quote is not closed');
      if (line[at] === '$') throw new Error('a variable');
      if (line[at] === '\\' && '"$\\'.includes(line[at + 1] ?? '')) at += 1;
      value += line[at];
    }
    labels[key] = value;
    at += 1;
    if (at < line.length && line[at] !== ' ') throw new Error(`something sticks to the word: ${line.slice(at)}`);
    at += 1;
  }
  return labels;
}
