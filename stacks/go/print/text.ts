/** Longer runs of one letter are written as that letter and a count. */
const RUN = /((.)\2{60,})/su;

/** A text as Go writes it in quotes. */
export function quoted(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\u009f\u2028\u2029\ufeff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/**
 * A text as it is best to read: JSON between backticks, and runs of one letter as a call of `strings.Repeat`.
 * @param plus what stands between two pieces: among several arguments of a call gofmt has no spaces there
 */
export function textCode(text: string, plus = ' + '): string {
  const pieces = text.split(RUN);
  const codes: string[] = [];
  // Each run is followed by its letter, which the pattern has in a group of its own.
  for (let index = 0; index < pieces.length; index += 3) {
    const [plain = '', run] = [pieces[index], pieces[index + 1]];
    if (plain !== '') codes.push(literal(plain));
    if (run !== undefined) codes.push(`strings.Repeat(${literal([...run][0] ?? '')}, ${[...run].length})`);
  }
  return codes.length === 0 ? '""' : codes.join(plus);
}

function literal(text: string): string {
  return /["\\]/.test(text) && !/[`\p{C}]/u.test(text) ? `\`${text}\`` : quoted(text);
}
