import { printable } from '../../engine/core/errors.ts';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text from anywhere as text of a page, also within a quoted attribute. Line breaks stay. */
export function escapeHtml(text: string): string {
  const visible = text.split('\n').map(printable).join('\n');
  return visible.replace(/[&<>"']/g, (char) => ENTITIES[char] ?? '');
}

export interface BarPart {
  readonly value: number;
  /** Class of its colour. */
  readonly tone: string;
  /** Read out and shown when pointed at. */
  readonly title: string;
}

/** One line of a bar chart: a label, a bar of parts, and the number. All but the bar is text. */
export function barRow(label: string, parts: readonly BarPart[], most: number, figure: string): string {
  const spans = parts
    .filter(({ value }) => value > 0)
    .map(
      ({ value, tone, title }) =>
        `<i class="${tone}" style="width:${((100 * value) / Math.max(1, most)).toFixed(2)}%" title="${escapeHtml(title)}"></i>`,
    );
  return `<tr><th scope="row">${label}</th><td class="bar"><span>${spans.join('')}</span></td><td class="figure">${escapeHtml(figure)}</td></tr>`;
}

export function percent(part: number, whole: number): string {
  return whole === 0 ? '0%' : `${Math.round((100 * part) / whole)}%`;
}
