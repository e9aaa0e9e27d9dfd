/**
 * In which order broken rules are worth mending. MUST comes before SHOULD; then the first group that has the rule; then
 * the order of the contract.
 */
const GROUPS: readonly (readonly [because: string, ids: readonly string[]])[] = [
  ['what does not start well cannot serve, whatever else it keeps', ['VII-1', 'III-1', 'III-2', 'IX-1']],
  ['what is lost cannot be brought back', ['VI-2', 'XII-1', 'XII-2', 'XII-3', 'IV-1']],
  ['what has leaked stays known', ['XI-3', 'H-2', 'V-2']],
  [
    'every release and every failure of a backing service becomes errors',
    ['IX-2', 'IX-3', 'IX-4', 'H-1', 'IV-2', 'S-1'],
  ],
];

/** Ids that stand in a group. */
export const PREFERRED: readonly string[] = GROUPS.flatMap(([, ids]) => ids);

interface Mendable {
  readonly id: string;
  readonly level: 'MUST' | 'SHOULD';
}

/** Broken rules, the next one to mend first. */
export function inMendingOrder<T extends Mendable>(broken: readonly T[]): T[] {
  const rank = ({ id, level }: T) =>
    (level === 'MUST' ? 0 : 1000) + (PREFERRED.includes(id) ? PREFERRED.indexOf(id) : 500);
  return [...broken].sort((a, b) => rank(a) - rank(b)); // Stable: the rest stays in the order of the contract.
}

/** Why a rule is worth mending before others; nothing where only the order of the contract says so. */
export function reasonToMend(id: string): string | undefined {
  return GROUPS.find(([, ids]) => ids.includes(id))?.[0];
}
