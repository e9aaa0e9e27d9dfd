import type { Finding } from './audit.ts';
import { isExpired, WAIVERS_PATH, type Waivers } from './waiver.ts';

/** Findings for waivers that have expired, cannot be read, or waive a rule that is a MUST for the organisation. */
export function waiverFindings({ waivers, problems }: Waivers, must: readonly string[], today: string): Finding[] {
  const path = WAIVERS_PATH;
  const findings: Finding[] = problems.map(({ line, reason }) => ({
    rule: 'waiver/malformed',
    path,
    line,
    message: `${path}:${line} ${reason}`,
  }));
  for (const waiver of waivers) {
    const { rule, line, reason, owner, expires } = waiver;
    const hasExpired = isExpired(waiver, today);
    if (hasExpired)
      findings.push({
        rule: 'waiver/expired',
        path,
        line,
        message: `the waiver of ${rule} expired on ${expires} (${owner}: ${reason})`,
      });
    if (must.includes(rule))
      findings.push({
        rule: 'policy/contract',
        path,
        line,
        message: `${rule} is a MUST, and is waived${hasExpired ? ` by a waiver that expired on ${expires}` : ''}`,
        ...(hasExpired ? {} : { waived: { reason, owner, expires } }),
      });
  }
  return findings;
}
