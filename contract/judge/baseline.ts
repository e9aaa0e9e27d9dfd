import type { Profile } from '../profile.ts';
import type { Result } from '../result.ts';

/** What an earlier report said of each rule that it had. */
export interface Baseline {
  /** `YYYY-MM-DD` */
  readonly date: string;
  readonly profile: Profile;
  /** By id. */
  readonly rules: ReadonlyMap<string, { readonly outcome: Result['outcome']; readonly isWaived: boolean }>;
}

/** Whether a rule that is broken now was broken then. One that was waived was to be mended, so it is not let be. */
export function isKnown(id: string, { rules }: Baseline): boolean {
  const then = rules.get(id);
  return then?.outcome === 'broken' && !then.isWaived;
}

/** What is different from a baseline, and fails nothing. */
export function changesSince(
  { date, rules }: Baseline,
  results: readonly { readonly id: string; readonly outcome: Result['outcome'] }[],
): string[] {
  const now = (outcomes: readonly Result['outcome'][], then: readonly Result['outcome'][]) =>
    results
      .filter(({ id, outcome }) => outcomes.includes(outcome) && then.some((one) => one === rules.get(id)?.outcome))
      .map(({ id }) => id);
  const mended = now(['kept', 'partly'], ['broken']);
  const unseen = now(['skipped'], ['kept', 'partly', 'broken']);
  return [
    ...(mended.length === 0 ? [] : [`mended since the baseline of ${date}: ${mended.join(', ')}`]),
    ...(unseen.length === 0 ? [] : [`looked at in the baseline of ${date}, and not now: ${unseen.join(', ')}`]),
  ];
}
