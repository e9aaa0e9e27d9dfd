import { isLoud } from '../harness/process/line.ts';
import { sleep } from '../harness/wait.ts';
import { leaseUnhurried } from '../probes/stop/unhurried-instance.ts';
import type { Rule } from '../rule.ts';
import { all } from '../subject.ts';

/** Of a large service this many routes are asked. */
const MOST = 20;

export const rule: Rule = {
  id: 'S-3',
  level: 'SHOULD',
  factor: 'Security',
  promises: { house: 'Where `TRUSTED_PROXIES` is 0 and X-Forwarded-For arrives, one line of the log warns of it.' },
  why: 'Behind a proxy that nobody told it of, a service takes all clients for one: they share one limit, and logs name the proxy.',
  mend: 'Look for the header while no proxy is trusted, and warn at the first request that has it, once in a process.',
  byHand: ["curl -s -H 'X-Forwarded-For: 203.0.113.7' $URL/version; grep -ci forwarded $LOG"],
  applies: (subject) => all(subject.serves(), subject.has('TRUSTED_PROXIES') || 'the service has no TRUSTED_PROXIES'),
  async check(harness) {
    const service = await leaseUnhurried(harness);
    const headers = { 'x-forwarded-for': '203.0.113.7' };
    const openApi = await harness.openApi().catch(() => undefined);
    const reads = openApi?.operations.filter(({ method }) => method === 'GET').slice(-MOST) ?? [];
    const paths = ['/version', ...reads.map((operation) => openApi?.fill(operation) ?? '/')];
    for (const path of paths) await service.ask(path, { headers, timeoutMs: 2000 }).catch(() => undefined);
    const write = await harness.findWrite();
    if (write) await service.ask(write.path, { method: 'POST', headers, body: write.invalidBody() });
    await sleep(500);
    const warnings = service.child.lines.filter(
      (line) => isLoud(line, 'warn') && /forwarded|prox(y|ies)/i.test(line.text),
    );
    harness.saw({
      sent: `requests of ${paths.length} paths with X-Forwarded-For, TRUSTED_PROXIES=0`,
      expected: 'one warning that names the header or the proxy',
      got: `${warnings.length}${warnings[0] ? `: ${warnings[0].text.slice(0, 160)}` : ''}`,
      ok: warnings.length === 1,
    });
    return harness.evidence;
  },
};
