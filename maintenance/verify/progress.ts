import { needsSecondLook, type Result } from '../../contract/verify.ts';

/**
 * Prints a line for each rule as it is judged, such as `[3/42] IX-2 kept (1.2 s)`.
 * @param total how many rules there are
 */
export function progressLines(total: number, tell: (text: string) => void): (result: Result) => void {
  let judged = 0;
  return (result) => {
    const { rule, again, leftOut, ms } = result;
    const outcome = leftOut ? `${result.outcome} in part` : result.outcome;
    const took = outcome === 'skipped' ? '' : ` (${(ms / 1000).toFixed(1)} s)`;
    if (again) return tell(`${rule.id} ${outcome}, looked at again${took}`);
    judged += 1;
    const rest = needsSecondLook(result) ? ', to be looked at again' : '';
    tell(`[${judged}/${total}] ${rule.id} ${outcome}${rest}${took}`);
  };
}
