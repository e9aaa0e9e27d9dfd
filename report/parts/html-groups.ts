import { printable } from '../../engine/core/errors.ts';
import { escapeHtml } from './html-parts.ts';

/** Services with the same answer. */
interface Group {
  readonly value: string;
  readonly services: number;
  /** Number of services by state. */
  readonly byState: Readonly<Record<string, number>>;
}

interface Groups {
  /** Plain text: the name of the answer. */
  readonly by: string;
  readonly values: readonly Group[];
  /** States in the order of the bar. Their names are classes too. */
  readonly states: readonly string[];
  /** The state that is counted beside the bar: `12 of 40 current`. */
  readonly goal: string;
}

/** Rows on the first screen. */
const MAX_GROUPS = 8;

/** Progress by an answer: a bar for each group. A click on its name shows its services. */
export function groupsHtml({ by, values, states, goal }: Groups): string {
  const others = values.slice(MAX_GROUPS - 1);
  const shown = others.length > 1 ? [...values.slice(0, MAX_GROUPS - 1), sumOf(others, states)] : values;
  const rows = shown.map(({ value, services, byState }, at) => {
    const isSum = others.length > 1 && at === shown.length - 1;
    const text = escapeHtml(value === '' ? '(none)' : printable(value));
    const label = isSum
      ? text
      : `<button type="button" class="set" data-set="a0" data-value="${escapeHtml(printable(value))}">${text}</button>`;
    const parts = states.flatMap((state) => {
      const count = byState[state] ?? 0;
      const width = ((100 * count) / Math.max(1, services)).toFixed(1);
      return count > 0
        ? [`<i class="${classOf(state)}" style="width:${width}%" title="${escapeHtml(`${state}: ${count}`)}"></i>`]
        : [];
    });
    return `<tr><th scope="row">${label}</th><td class="bar"><span>${parts.join('')}</span></td><td class="figure">${byState[goal] ?? 0} of ${services}</td></tr>`;
  });
  return `<section><h2>${escapeHtml(goal[0]?.toUpperCase() ?? '')}${escapeHtml(goal.slice(1))} by ${escapeHtml(by)}</h2><table class="bars">${rows.join('')}</table></section>`;
}

function sumOf(groups: readonly Group[], states: readonly string[]): Group {
  const sum = (of: (group: Group) => number) => groups.reduce((all, group) => all + of(group), 0);
  const byState = Object.fromEntries(states.map((state) => [state, sum((group) => group.byState[state] ?? 0)]));
  return { value: `${groups.length} others`, services: sum(({ services }) => services), byState };
}

/** A state as a CSS class: `other preset` is `other-preset`. */
export function classOf(state: string): string {
  return state.replaceAll(' ', '-');
}
