import { stateOf } from '../../contract/judge/summarise.ts';
import type { RuleResult } from '../../contract/judge/verification.ts';
import { escapeHtml } from '../parts/html-parts.ts';
import { describeLevel, describeWaiver, failures, seconds } from './wording.ts';

/** The outcome of a rule on the page. `advice` is a broken SHOULD rule. */
export type Look = 'broken' | 'advice' | 'known' | 'waived' | 'partly' | 'kept' | 'skipped';

/** Sorted with the worst first. Every outcome has a sign, so that nobody has to see the colour. */
export const LOOKS: readonly { look: Look; sign: string; title: string; note: string }[] = [
  { look: 'broken', sign: '✕', title: 'broken', note: 'MUST rules, to be mended' },
  { look: 'advice', sign: '!', title: 'advice', note: 'SHOULD rules that are broken' },
  { look: 'known', sign: '=', title: 'known', note: 'broken in the baseline too' },
  { look: 'waived', sign: '~', title: 'waived', note: 'allowed until a day' },
  { look: 'partly', sign: '◐', title: 'kept in part', note: 'the rest was not seen' },
  { look: 'kept', sign: '✓', title: 'kept', note: 'seen from outside' },
  { look: 'skipped', sign: '–', title: 'not looked at', note: 'with the reason' },
];

export function lookOf(result: RuleResult): Look {
  const state = stateOf(result);
  return state === 'broken' && result.level === 'SHOULD' ? 'advice' : state;
}

const COLUMNS: readonly (readonly [key: string, title: string, kind: string])[] = [
  ['order', 'Rule', ''],
  ['rank', 'State', ''],
  ['level', 'Level', ''],
  ['factor', 'Factor', ''],
  ['statement', 'What the service promises', ''],
  ['ms', 'Seconds', 'n'],
];

/** The table of all rules, with filters that need the script. */
export function rulesSection(results: readonly RuleResult[]): string {
  const heads = COLUMNS.map(
    ([key, title, kind]) =>
      `<th scope="col" data-key="${key}"${kind === '' ? '' : ` class="${kind}"`}><button type="button">${title}</button></th>`,
  );
  const select = (key: string, label: string, options: readonly (readonly [value: string, title: string])[]) =>
    `<select data-key="${key}" aria-label="${label}"><option value="">Any ${label.toLowerCase()}</option>${options.map(([value, title]) => `<option value="${escapeHtml(value)}">${escapeHtml(title)}</option>`).join('')}</select>`;
  const factors = [...new Set(results.map(({ factor }) => factor))];
  return `<section class="long"><h2>Rules</h2>
<div class="filters"><input type="search" placeholder="Rule, text, evidence ..." aria-label="Filter rules">
${select(
  'look',
  'State',
  LOOKS.map(({ look, title }) => [look, title]),
)}
${select('level', 'Level', [
  ['MUST', 'MUST'],
  ['SHOULD', 'SHOULD'],
])}
${select(
  'factor',
  'Factor',
  factors.map((factor) => [factor, factor]),
)}
<span id="shown" class="soft" role="status"></span></div>
<table class="rows"><thead><tr>${heads.join('')}</tr></thead>
${results.map(ruleRows).join('\n')}
</table></section>`;
}

function ruleRows(result: RuleResult, order: number): string {
  const { id, level, raised, factor, statement, ms, again } = result;
  const look = lookOf(result);
  const rank = LOOKS.findIndex((one) => one.look === look);
  const data = { order, look, rank, level, factor, statement, ms };
  const attributes = Object.entries(data).map(([key, value]) => `data-${key}="${escapeHtml(String(value))}"`);
  const isOpen = look === 'broken';
  const title = LOOKS[rank]?.title ?? look;
  const twice = again ? ' title="looked at twice"' : '';
  return `<tbody class="has${isOpen ? ' open bad' : ''}" id="${escapeHtml(id)}" ${attributes.join(' ')}><tr><td><button type="button" class="open-row" aria-expanded="${isOpen}">${escapeHtml(id)}</button></td><td${twice}><span class="state ${look}">${title}</span></td><td>${level}${raised ? ' <span class="soft">raised</span>' : ''}</td><td>${escapeHtml(factor)}</td><td>${wordsOf(statement)}</td><td class="n" data-label="seconds">${(ms / 1000).toFixed(1)}</td></tr><tr class="more"><td colspan="${COLUMNS.length}">${ruleDetails(result)}</td></tr></tbody>`;
}

/** The details of a rule: why, how to mend it, and observations. A broken rule shows only unexpected observations. */
export function ruleDetails(result: RuleResult): string {
  const { outcome, evidence, reason, leftOut = [], waived, why, mend, raised } = result;
  const { shown, more } = outcome === 'broken' ? failures(result) : { shown: evidence, more: 0 };
  const rows = shown.map(
    ({ sent, expected, got, ms }) =>
      `<tr><td data-label="sent">${escapeHtml(sent)}</td><td data-label="expected">${escapeHtml(expected)}</td><td data-label="got"><code>${escapeHtml(got)}</code></td><td class="n" data-label="after">${seconds(ms)}</td></tr>`,
  );
  const about = [
    ...(reason === undefined ? [] : [['Not looked at', escapeHtml(reason)]]),
    ...leftOut.map((what) => ['Not looked at', escapeHtml(what)]),
    ...(waived ? [['Waived', escapeHtml(describeWaiver(waived))]] : []),
    ...(raised ? [['Level', escapeHtml(describeLevel(result))]] : []),
    ['Why', wordsOf(why)],
    [outcome === 'broken' ? 'How to mend it' : 'How to keep it', wordsOf(mend)],
  ];
  const table =
    rows.length === 0
      ? ''
      : `<table class="evidence"><thead><tr><th scope="col">Sent</th><th scope="col">Expected</th><th scope="col">Got</th><th scope="col" class="n">After</th></tr></thead><tbody>${rows.join('')}</tbody></table>${more > 0 ? `<p class="soft">and ${more} more</p>` : ''}`;
  return `${table}<dl>${about.map(([term, text]) => `<dt>${term}</dt><dd>${text}</dd>`).join('')}</dl>`;
}

/** Our own text as HTML. Text in backticks becomes code. */
export function wordsOf(text: string): string {
  return escapeHtml(text).replace(/`([^`]+)`/g, '<code>$1</code>');
}
