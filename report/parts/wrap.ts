/**
 * Breaks text into lines of at most `width` characters, at spaces if possible.
 * @param text one line
 */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/ +/)) {
    let rest = [...word];
    const room = width - line.length - (line === '' ? 0 : 1);
    if (rest.length > room && line !== '') {
      lines.push(line);
      line = '';
    }
    while (rest.length > width) {
      lines.push(rest.slice(0, width).join(''));
      rest = rest.slice(width);
    }
    if (rest.length > 0) line = line === '' ? rest.join('') : `${line} ${rest.join('')}`;
  }
  return line === '' && lines.length > 0 ? lines : [...lines, line];
}

/** A label with text next to it. Further lines of the text start in the same column. */
export function labelled(label: string, text: string, { indent, width }: { indent: string; width: number }): string[] {
  const margin = ' '.repeat(indent.length + label.length);
  return wrap(text, width - margin.length).map((line, at) => `${at === 0 ? indent + label : margin}${line}`);
}
