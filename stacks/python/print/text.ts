/** Longer runs of one letter are written as that letter and a count. */
const RUN = /^(.)\1{60,}$/su;

/** A text as `ruff format` leaves it: in double quotes, unless single ones need fewer escapes. */
export function quoted(text: string): string {
  const doubles = text.split('"').length;
  const quote = doubles > text.split("'").length ? "'" : '"';
  const inner = [...text].map((char) => (char === quote ? `\\${char}` : escaped(char))).join('');
  return `${quote}${inner}${quote}`;
}

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function escaped(char: string): string {
  const known = ESCAPES[char];
  if (known !== undefined) return known;
  if (!/[\p{C}\p{Zl}\p{Zp}]/u.test(char)) return char;
  const code = char.codePointAt(0) ?? 0;
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`;
  return code < 0x10000 ? `\\u${code.toString(16).padStart(4, '0')}` : `\\U${code.toString(16).padStart(8, '0')}`;
}

/** A text as it is best to read: many times the same letter as that letter and a count. */
export function textCode(text: string): string {
  const [first = ''] = text;
  return RUN.test(text) ? `${quoted(first)} * ${[...text].length}` : quoted(text);
}
