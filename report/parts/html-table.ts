import { answerText } from '../../engine/core/audit/answer-columns.ts';
import { printable } from '../../engine/core/errors.ts';
import { escapeHtml } from './html-parts.ts';

/** A column of {@link tableSection}. */
interface TableColumn {
  /** The attribute of rows by which they are sorted; without one, the cell's text is. */
  readonly key: string;
  /** Plain text. */
  readonly title: string;
  readonly isNumber?: boolean;
}

/** A choice above the table: rows whose attribute `key` has the chosen value are shown. */
interface TableFilter {
  readonly key: string;
  /** Plain text: `team`. */
  readonly label: string;
  readonly options: readonly string[];
}

export interface TableRow {
  /** Attributes for sorting and filtering; one with several values has one per line. Plain text. */
  readonly data: Readonly<Record<string, string>>;
  /** HTML, one for each column. The first is what opens the details, without its button. */
  readonly cells: readonly string[];
  /** HTML beside the button of the first cell. */
  readonly beside?: string;
  /** HTML; '' if there are none. */
  readonly details: string;
  /** Whether its details are printed. */
  readonly isBad: boolean;
}

interface Table {
  readonly title: string;
  readonly placeholder: string;
  readonly columns: readonly TableColumn[];
  readonly filters: readonly TableFilter[];
  /** Attributes by which rows can be grouped, with plain titles. */
  readonly groups: readonly (readonly [key: string, title: string])[];
  readonly rows: readonly TableRow[];
}

/** Rows that are shown before somebody asks for all of them. */
const FIRST_ROWS = 50;

/** A table of services. With the script it can be filtered, sorted, grouped and opened; without it everything is shown. */
export function tableSection({ title, placeholder, columns, filters, groups, rows }: Table): string {
  const heads = columns.map(
    ({ key, title: head, isNumber = false }) =>
      `<th scope="col" data-key="${key}"${isNumber ? ' class="n"' : ''}><button type="button">${escapeHtml(head)}</button></th>`,
  );
  const selects = filters.map(
    ({ key, label, options }) =>
      `<select data-key="${key}" aria-label="${escapeHtml(label)}"><option value="">Any ${escapeHtml(label)}</option>${options.map((text) => `<option value="${escapeHtml(text)}">${escapeHtml(text === '' ? '(none)' : text)}</option>`).join('')}</select>`,
  );
  const by =
    groups.length === 0
      ? ''
      : `<select class="by" aria-label="Group"><option value="">Not grouped</option>${groups.map(([key, text]) => `<option value="${key}">Grouped by ${escapeHtml(text)}</option>`).join('')}</select>`;
  return `<section class="long" id="services"><h2>${escapeHtml(title)}</h2>
<div class="filters"><input type="search" placeholder="${escapeHtml(placeholder)}" aria-label="Filter services">
${selects.join('\n')}${by}
<span id="shown" class="soft" role="status"></span></div>
<table class="rows" data-limit="${FIRST_ROWS}"><thead><tr>${heads.join('')}</tr></thead>
${rows.map((row) => tableRow(row, columns)).join('\n')}
</table><p class="filters"><button type="button" class="all">Show all</button></p></section>`;
}

function tableRow({ data, cells, beside = '', details, isBad }: TableRow, columns: readonly TableColumn[]): string {
  const attributes = Object.entries(data).map(([key, value]) => `data-${key}="${escapeHtml(value)}"`);
  const [name = '', ...others] = cells;
  const classes = [...(details === '' ? [] : ['has']), ...(isBad ? ['bad'] : [])].join(' ');
  const opened = details === '' ? '' : ' aria-expanded="false"';
  const more = details === '' ? '' : `<tr class="more"><td colspan="${columns.length}">${details}</td></tr>`;
  const rest = others.map((html, at) => {
    const { isNumber = false, title = '' } = columns[at + 1] ?? {};
    if (!isNumber) return `<td>${html}</td>`;
    return `<td class="n${html === '0' ? ' zero' : ''}" data-label="${escapeHtml(title.toLowerCase())}">${html}</td>`;
  });
  return `<tbody class="${classes}" ${attributes.join(' ')}><tr><td><button type="button" class="open-row"${opened}>${name}</button>${beside}</td>${rest.join('')}</tr>${more}</tbody>`;
}

/** Characters of an answer in a cell; the tooltip has all of it. */
const MAX_ANSWER = 32;

/** An answer as the content of a cell. */
export function answerCell(text: string): string {
  const isLong = text.length > MAX_ANSWER;
  const shown = escapeHtml(isLong ? `${[...text].slice(0, MAX_ANSWER).join('')}...` : text);
  return `<span class="a"${isLong ? ` title="${escapeHtml(text)}"` : ''}>${shown}</span>`;
}

/** Number of values that a choice has. A text that differs everywhere is found by the search field. */
const MAX_VALUES = 200;

/** Columns, filters and groups for answers. Their attributes are `a0`, `a1`, ...: a name may be anything. */
export function answerColumns(
  names: readonly string[],
  answers: readonly Parameters<typeof answerText>[0][],
): Pick<Table, 'columns' | 'filters' | 'groups'> {
  const values = names.map((name) => [...new Set(answers.map((one) => printable(answerText(one, name))))].sort());
  return {
    columns: names.map((title, at) => ({ key: `a${at}`, title })),
    filters: names.flatMap((label, at) => {
      const options = values[at] ?? [];
      return options.length > MAX_VALUES ? [] : [{ key: `a${at}`, label, options }];
    }),
    groups: names.map((name, at) => [`a${at}`, name] as const),
  };
}
