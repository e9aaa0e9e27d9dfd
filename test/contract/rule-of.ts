import type { Rule } from '../../contract/rule.ts';

/** A rule that is none of the contract's, and whose texts are its id. */
export const ruleOf = (id: string, check: Rule['check'], more: Partial<Rule> = {}): Rule => ({
  id,
  level: 'MUST',
  factor: 'HTTP',
  promises: { house: id },
  why: id,
  mend: id,
  byHand: [id],
  applies: () => true,
  check,
  ...more,
});
