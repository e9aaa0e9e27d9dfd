import { printable } from '../../engine/core/errors.ts';

/**
 * Rows as comma-separated values (RFC 4180, with LF). Texts are not trusted: a spreadsheet reads none as a formula.
 */
export function csvText(rows: readonly (readonly (string | number)[])[]): string {
  return rows.map((row) => row.map(csvCell).join(',')).join('\n');
}

function csvCell(value: string | number): string {
  if (typeof value === 'number') return String(value);
  const shown = printable(value);
  // A quote in front makes it a text. What a spreadsheet does with a cell it decides after leading blanks.
  const text = /^\s*[=+\-@＝＋－＠]/.test(shown) ? `'${shown}` : shown;
  return /[",;]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
