/** A part of a secret that is shorter than this may stand in a log by chance. */
const SHORTEST = 8;

/** Ways in which a secret may stand in a text: as it is, and as programs encode it without hiding it. */
function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const hex = bytes.toString('hex');
  const forms = [
    secret,
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
    JSON.stringify(JSON.stringify(secret).slice(1, -1)).slice(1, -1),
    hex,
    hex.toUpperCase(),
    hex.replace(/../g, '%$&'),
    hex.toUpperCase().replace(/../g, '%$&'),
    [...bytes].join(','),
    ...[0, 1, 2].flatMap((before) => inBase64(bytes, before)),
  ];
  return [...new Set(forms)].filter((form) => form.length >= SHORTEST);
}

/** The first of some secrets that a text shows in any form, and where; `undefined` if it shows none. */
export function findLeak(text: string, secrets: readonly string[]): { at: number; form: string } | undefined {
  for (const form of secrets.flatMap(formsOf)) {
    const at = text.indexOf(form);
    if (at !== -1) return { at, form };
  }
  return undefined;
}

/** The characters that are the same whatever stands before and after it: three bytes are four characters. */
function inBase64(bytes: Buffer, before: number): string[] {
  const text = Buffer.concat([Buffer.alloc(before), bytes])
    .toString('base64')
    .replace(/=+$/, '');
  const whole = text.slice(Math.ceil((before * 4) / 3), Math.floor(((before + bytes.length) * 4) / 3));
  return [whole, whole.replaceAll('+', '-').replaceAll('/', '_')];
}
