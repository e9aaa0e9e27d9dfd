import type { Level } from '../rule.ts';
import { inMendingOrder } from './mend-order.ts';
import type { RuleResult, Verification } from './verification.ts';

/** How a rule ended, for people: `partly` is kept as far as it was seen, `waived` is broken and let be, `known` broken in the baseline too. */
export type State = 'kept' | 'partly' | 'broken' | 'known' | 'waived' | 'skipped';

export type Tally = Readonly<Record<State, number>>;

export interface FactorSummary {
  readonly factor: string;
  readonly must: Tally;
  readonly should: Tally;
  readonly results: readonly RuleResult[];
}

export interface VerificationSummary {
  readonly must: Tally;
  readonly should: Tally;
  /** In the order of the contract. */
  readonly factors: readonly FactorSummary[];
  /** Broken, and neither waived nor known, the next one to mend first: MUST rules, then advice. */
  readonly toMend: readonly RuleResult[];
}

export function stateOf({ outcome, waived, known }: RuleResult): State {
  if (outcome !== 'broken') return outcome;
  return waived ? 'waived' : known ? 'known' : 'broken';
}

export function summarise({ results }: Pick<Verification, 'results'>): VerificationSummary {
  const factors = [...new Set(results.map(({ factor }) => factor))];
  return {
    ...tallies(results),
    factors: factors.map((factor) => {
      const own = results.filter((result) => result.factor === factor);
      return { factor, ...tallies(own), results: own };
    }),
    toMend: inMendingOrder(results.filter((result) => stateOf(result) === 'broken')),
  };
}

function tallies(results: readonly RuleResult[]): { must: Tally; should: Tally } {
  const tally = (level: Level): Tally => {
    const counts = { kept: 0, partly: 0, broken: 0, known: 0, waived: 0, skipped: 0 };
    for (const result of results) if (result.level === level) counts[stateOf(result)] += 1;
    return counts;
  };
  return { must: tally('MUST'), should: tally('SHOULD') };
}
