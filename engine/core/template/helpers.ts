/**
 * The helpers of the template language: one per output format, so that any text comes out as that text.
 * A value put in with plain `{{name}}` is written as it is; that is for names, which are safe everywhere.
 */
export const HELPERS: Readonly<Record<string, (value: unknown) => string>> = { json, yaml, ts, shell, md, dockerfile };

const text = (value: unknown): string => String(value);

/** A JSON literal, quotes included. */
function json(value: unknown): string {
  return JSON.stringify(value);
}

/** Plain scalars that every YAML version reads as the same string; all else is quoted. */
const PLAIN_YAML = /^[A-Za-z][A-Za-z0-9_/-]*(?:[ .][A-Za-z0-9_/-]+)*$/;

/** Words that YAML 1.1 or 1.2 resolves to something other than a string. */
const YAML_WORD = /^(?:y|n|yes|no|on|off|true|false|null|nan|inf)$/i;

/** A YAML scalar: plain where no YAML version could misread it, double-quoted otherwise. */
function yaml(value: unknown): string {
  if (typeof value === 'number') return String(value);
  const string = text(value);
  if (PLAIN_YAML.test(string) && !YAML_WORD.test(string)) return string;
  // JSON is YAML, except that YAML takes NEL, LS, PS and the BOM for line breaks or nothing, and has no U+FFFE and U+FFFF.
  return JSON.stringify(string).replace(/[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g, unicodeEscape);
}

/** A TypeScript string literal with the quotes that formatters prefer: double ones, unless more would have to be escaped. */
function ts(value: unknown): string {
  const string = text(value);
  const double = JSON.stringify(string).replace(/[\u2028\u2029]/g, unicodeEscape);
  if (string.split('"').length <= string.split("'").length) return double;
  return `'${double.slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}

function unicodeEscape(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** One word of a POSIX shell. */
function shell(value: unknown): string {
  const string = text(value);
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(string) ? string : `'${string.replaceAll("'", `'\\''`)}'`;
}

/** Markdown that renders as exactly this text, at the start of a line and in a table cell too. */
function md(value: unknown): string {
  return text(value)
    .replace(/[\\`*_{}[\]<>#+!|~&]/g, '\\$&')
    .replace(/^(\s*)([-=])/, '$1\\$2')
    .replace(/^(\s*\d+)([.)])/, '$1\\$2')
    .replace(/^\s+|\s+$/g, (space) => [...space].map((char) => `&#${char.codePointAt(0)};`).join(''));
}

/** A double-quoted word of a Dockerfile, in which `$` starts a variable. */
function dockerfile(value: unknown): string {
  return `"${text(value).replace(/[\\"$]/g, '\\$&')}"`;
}
