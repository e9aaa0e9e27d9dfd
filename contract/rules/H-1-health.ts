import type { Harness } from '../harness/harness.ts';
import { describe } from '../harness/http/ask.ts';
import { isFine } from '../harness/http/endpoint.ts';
import { probeImageHealth } from '../probes/image-health.ts';
import type { Rule } from '../rule.ts';

export const rule: Rule = {
  id: 'H-1',
  level: 'MUST',
  factor: 'HTTP',
  statement:
    "`/health/live` (`/livez`, `/healthz`) depends on nothing else; `/health/ready` (`/readyz`) reflects the required services, at most 1 s old; the image's HEALTHCHECK asks for liveness on 127.0.0.1 and the given `PORT`, with what the image has anyway.",
  why: 'A liveness check that asks the database restarts the whole fleet when the database is slow.',
  mend: 'Answer liveness from memory; let readiness share one bounded question to each required service among all probers of a second.',
  applies: (subject) => subject.answers(),
  async check(harness) {
    const service = await harness.endpoint();
    for (const path of ['/health/live', '/livez', '/health/ready', '/readyz', '/healthz']) {
      const answer = await service.ask(path);
      harness.saw({ sent: `GET ${path}`, expected: '200', got: describe(answer), ok: answer.status === 200 });
    }
    if (harness.subject.hasDatabase) await silentDatabase(harness);
    if (harness.subject.target.kind === 'image') await probeImageHealth(harness, harness.subject.target);
    return harness.evidence;
  },
};

async function silentDatabase(harness: Harness): Promise<void> {
  const { proxy, url } = await harness.proxied(await harness.database());
  const service = await harness.start({ database: { url } });
  proxy.stall();
  const answer = await service.ask(service.paths.live, { timeoutMs: 2000 }).catch((error: Error) => error);
  const got = answer instanceof Error ? answer.message : `${answer.status} after ${Math.round(answer.ms)} ms`;
  const ok = !(answer instanceof Error) && isFine(answer.status) && answer.ms < 500;
  const { live, ready } = service.paths;
  harness.saw({ sent: `a database that does not answer: GET ${live}`, expected: '200 within 500 ms', got, ok });
  await service.reaches(ready, 503, 4000).catch(() => undefined);
  const probes = await Promise.all(Array.from({ length: 10 }, () => service.ask(ready)));
  const slowest = Math.round(Math.max(...probes.map(({ ms }) => ms)));
  const honest = probes.every(({ status }) => status === 503) && slowest < 2000;
  harness.saw({
    sent: `the same: ten GET ${ready} at once`,
    expected: '503 each, within 2000 ms',
    got: `${[...new Set(probes.map(({ status }) => status))].join(', ')} after ${slowest} ms at most`,
    ok: honest,
  });
}
