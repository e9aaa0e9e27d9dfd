import type { Rule } from './rule.ts';

/**
 * Rules whose checks pass running instances on (see {@link Leases}), in the order in which that works: those that only send
 * requests come before those that end what they use. Rules of one chain are looked at one after the other.
 */
const CHAINS: readonly (readonly string[])[] = [
  // One instance that gets many requests, in the end one that crashes. Memory comes first: what it had to keep of its log would
  // leave room in its heap, in which a leak is not seen.
  ['VI-4', 'XI-4', 'S-2', 'XI-1'],
  // One instance, a proxy before its database, in the end with a wrong clock. IV-2, which takes long, has one of its own.
  ['XI-3', 'H-1', 'IX-7'],
  // Two instances on one database, in the end one of them killed.
  ['VI-5', 'VI-3', 'VI-2'],
  // Two instances with a database each, in the end stopped: on any port, and with a request that never ends.
  ['VII-1', 'IX-2'],
  ['IV-1', 'IX-3'],
  // One instance in another time zone, in the end stopped.
  ['III-4', 'S-3', 'IX-8'],
  // One instance that reaches nothing but itself.
  ['VII-2', 'IX-6'],
];

/** All rules, as chains: a rule that passes nothing on is a chain of its own. Chains with the heaviest rules come first. */
export function inChains(rules: readonly Rule[]): readonly (readonly Rule[])[] {
  const chained = CHAINS.map((ids) => ids.flatMap((id) => rules.filter((rule) => rule.id === id)));
  const alone = rules.filter(({ id }) => !CHAINS.some((ids) => ids.includes(id))).map((rule) => [rule]);
  const weightOf = (chain: readonly Rule[]) => chain.reduce((sum, { weight = 0 }) => sum + weight, 0);
  return [...chained, ...alone].filter((chain) => chain.length > 0).sort((a, b) => weightOf(b) - weightOf(a));
}
