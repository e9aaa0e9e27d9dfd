const HERE_DOCUMENT = /(<<-?\s*["']?(\w+)["']?[^\n]*)\n([\s\S]*?)\n\s*\2(?=\n|$)/g;

/**
 * Whether the text of an answer stands in a shell script outside of a quoted word of its own: there it can end the word, and
 * start a command. A comment is fine, since an answer is one line.
 * @param quoted the word that the helper `shell` makes of the answer
 * @param mark is in the answer
 */
export function isRawInShell(text: string, quoted: string, mark: string): boolean {
  if (!text.includes(mark)) return false;
  // Quotes in a here-document open nothing.
  const script = text.replace(HERE_DOCUMENT, (all, start: string, _word, body: string) =>
    body.includes(mark) ? all : `${start}\n`,
  );
  let quote = '';
  for (let at = 0; at < script.length; at += 1) {
    const letter = script[at] ?? '';
    if (quote === '' && script.startsWith(quoted, at)) at += quoted.length - 1;
    else if (script.startsWith(mark, at)) return true;
    else if (letter === '\\' && quote !== "'") at += 1;
    else if (quote === '' && letter === '#' && !/\S/.test(script[at - 1] ?? '')) {
      const end = script.indexOf('\n', at);
      if (end === -1) return false;
      at = end;
    } else if (quote === '' && (letter === '"' || letter === "'")) quote = letter;
    else if (letter === quote) quote = '';
  }
  // The answer has opened a quote that nothing closes.
  return quote !== '';
}
