/** One instruction of a Dockerfile. */
interface Instruction {
  /** Upper case. */
  readonly name: string;
  readonly text: string;
  /** Lines of its here-documents. */
  readonly documents: readonly string[];
  /** Its first line, from 1. */
  readonly line: number;
}

/** The instructions of a Dockerfile, each with its lines put together and without comments. */
export function* instructions(dockerfile: string): Generator<Instruction> {
  const escaping = /^#\s*escape\s*=\s*`/im.test(dockerfile.slice(0, 200)) ? '`' : '\\';
  const lines = dockerfile.split(/\r?\n/);
  for (let at = 0; at < lines.length; at += 1) {
    const line = at + 1;
    let text = (lines[at] ?? '').trim();
    if (text === '' || text.startsWith('#')) continue;
    while (text.endsWith(escaping) && at + 1 < lines.length) {
      at += 1;
      const next = (lines[at] ?? '').trim();
      if (!next.startsWith('#')) text = `${text.slice(0, -1).trimEnd()} ${next}`;
    }
    const [, name = '', rest = ''] = /^(\w+)\s*(.*)$/s.exec(text) ?? [];
    const documents: string[] = [];
    const starts = /^(RUN|COPY|ADD)$/i.test(name) ? rest.matchAll(/(?:^|\s)\d*<<-?["']?(\w+)["']?(?=\s|$)/g) : [];
    for (const [, end = ''] of starts) {
      const found = lines.findIndex((one, index) => index > at && one.trim() === end);
      // Without its end it is no here-document, and hides nothing.
      if (found === -1) continue;
      documents.push(...lines.slice(at + 1, found));
      at = found;
    }
    yield { name: name.toUpperCase(), text: rest.trim(), documents, line };
  }
}
