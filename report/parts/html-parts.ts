import { printable } from '../../engine/core/errors.ts';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Escapes untrusted text for a page, also inside a quoted attribute. Line breaks stay. */
export function escapeHtml(text: string): string {
  const visible = text.split('\n').map(printable).join('\n');
  return visible.replace(/[&<>"']/g, (char) => ENTITIES[char] ?? '');
}

interface BarPart {
  readonly value: number;
  /** CSS class of its colour. */
  readonly tone: string;
  /** Text for screen readers, also shown as a tooltip. */
  readonly title: string;
}

/** One row of a bar chart: a label, a bar made of parts, and the number. */
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
