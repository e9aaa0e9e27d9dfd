import { needsSecondLook, type Result } from '../../contract/result.ts';
import type { Rule } from '../../contract/rule.ts';

/**
 * Prints a line for each rule as it is judged, such as `[3/42] IX-2 kept (1.2 s)`.
 * @param total how many rules there are
 */
export function progressLines(total: number, tell: (text: string) => void): (result: Result) => void {
  let judged = 0;
  return (result) => {
    const { rule, again, ms } = result;
    const outcome = result.outcome === 'partly' ? 'kept in part' : result.outcome;
    const took = outcome === 'skipped' ? '' : ` (${(ms / 1000).toFixed(1)} s)`;
    if (again) return tell(`${rule.id} ${outcome}, looked at again${took}`);
    judged += 1;
    const rest = needsSecondLook(result) ? ', to be looked at again' : '';
    tell(`[${judged}/${total}] ${rule.id} ${outcome}${rest}${took}`);
  };
}

/** What is told before rules are looked at a second time. */
export function secondLooksLine(rules: readonly Pick<Rule, 'id'>[]): string {
  const ids = rules.map(({ id }) => id).join(', ');
  return `once more, one at a time, since chance may have decided: ${ids}`;
}
