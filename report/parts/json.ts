/** The version of everything printed by `--format json`. A field may be added within a version, none changed. */
export const JSON_SCHEMA_VERSION = 1;

/** Characters that a terminal acts on or does not show. Line breaks are allowed: JSON escapes those inside of texts. */
const INVISIBLE = /(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu;

/** JSON in which untrusted texts are escaped, so that a terminal can show them. Its values do not change. */
export function jsonText(value: unknown): string {
  return JSON.stringify(value, null, 2).replace(INVISIBLE, (char) =>
    Array.from({ length: char.length }, (_, at) => `\\u${char.charCodeAt(at).toString(16).padStart(4, '0')}`).join(''),
  );
}
