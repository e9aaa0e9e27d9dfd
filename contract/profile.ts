/**
 * What a service is held against, the most lenient first; each profile has all promises of those before it. `twelve-factor`
 * is how a service behaves, whatever its names are. `kubernetes` adds what an orchestrator asks for. `house` adds the names
 * of this contract: log fields, exit codes, verbs, paths.
 */
export const PROFILES = ['twelve-factor', 'kubernetes', 'house'] as const;

export type Profile = (typeof PROFILES)[number];

/** Promises in words, each under the first profile that asks for it. */
export type Promises = Readonly<Partial<Record<Profile, string>>>;

/** Whether all that `part` asks for is asked for in `profile` too. */
export function hasPart(profile: Profile, part: Profile): boolean {
  return PROFILES.indexOf(part) <= PROFILES.indexOf(profile);
}

/** The first profile that asks for one of the promises. */
export function profileOf(promises: Promises): Profile {
  return PROFILES.find((profile) => promises[profile] !== undefined) ?? 'house';
}

/** What is promised in a profile, in one line; empty if nothing is. */
export function statementOf(promises: Promises, profile: Profile): string {
  return PROFILES.flatMap((part) => (hasPart(profile, part) ? (promises[part] ?? []) : [])).join(' ');
}
