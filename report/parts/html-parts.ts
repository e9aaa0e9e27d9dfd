import { printable } from '../../engine/core/errors.ts';
import { count } from '../../engine/core/text/count.ts';

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

/**
 * A link to another page, which the reader may follow; the page itself fetches nothing.
 * @param address untrusted; if it is no http(s) address, there is no link
 * @param label plain text
 */
export function linkHtml(address: string | undefined, label: string): string {
  if (address === undefined || !/^https?:\/\//.test(address)) return '';
  return ` <a class="out" href="${escapeHtml(address)}" rel="noopener noreferrer" title="${escapeHtml(label)}" aria-label="${escapeHtml(label)}">&#8599;</a>`;
}

/** Names as a list that is closed at first. Nothing if there are none. Plain texts. */
export function namesHtml(title: string, names: readonly string[], most: number): string {
  if (names.length === 0) return '';
  const items = names.slice(0, most).map((name) => `<li>${escapeHtml(name)}</li>`);
  const more = names.length > most ? `<li class="soft">and ${names.length - most} more</li>` : '';
  return `<details class="names"><summary>${escapeHtml(title)}</summary><ul>${items.join('')}${more}</ul></details>`;
}

/** Lines of a diff on a page, and characters of each. */
const MAX_PATCH_LINES = 120;
const MAX_PATCH_WIDTH = 300;

/** A unified diff with colours. Of a long one the first lines, and how many are left out. */
export function patchHtml(patch: string): string {
  const tag = (line: string, name: string) => `<${name}>${line}</${name}>`;
  const lines = patch.trimEnd().split('\n');
  const shown = lines.slice(0, MAX_PATCH_LINES).map((line) => {
    const text = escapeHtml(line.length > MAX_PATCH_WIDTH ? `${line.slice(0, MAX_PATCH_WIDTH)}...` : line);
    return line.startsWith('+') ? tag(text, 'ins') : line.startsWith('-') ? tag(text, 'del') : text;
  });
  const cut =
    lines.length > MAX_PATCH_LINES
      ? `<p class="soft">The diff is cut: ${count(lines.length - MAX_PATCH_LINES, 'more line')}.</p>`
      : '';
  return `<pre>${shown.join('\n')}</pre>${cut}`;
}
