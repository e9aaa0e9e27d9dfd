import { LEFT_OUT } from './evidence.ts';
import type { Harness } from './harness/harness.ts';
import { HarnessFailure, Unseen, unlessAborted } from './harness/wait.ts';
import type { Result } from './result.ts';
import type { Rule } from './rule.ts';
import { START_MS } from './subject.ts';

/** How long a rule may take unless it says otherwise. One that takes longer is broken, and the verification goes on. */
const RULE_MS = 120_000;

/**
 * Holds a service against one rule, and ends what was started for it.
 * @param signal ends it early: the rule is skipped, for the reason of the signal
 * @throws HarnessFailure when nothing can be said about the service
 */
export async function lookAtRule(rule: Rule, harness: Harness, signal?: AbortSignal): Promise<Result> {
  const applies = await rule.applies(harness.subject);
  const isSlow = rule.slow !== undefined && harness.subject.target.fast;
  const reason = applies === true && isSlow ? `${LEFT_OUT}: ${rule.slow}` : applies;
  if (reason !== true) return { rule, outcome: 'skipped', reason, evidence: [], ms: 0 };
  // A process that cannot be ended, or a folder that cannot be removed, must not cost the report of the other rules.
  const end = () => harness.dispose().catch((error: Error) => void harness.leftOut.push(`its end: ${error.message}`));
  const judged = await check(rule, harness, signal).finally(end);
  const { leftOut, starts, hasHandedOn } = harness;
  const result: Result = { ...judged, starts, ...(hasHandedOn ? { handedOn: true } : {}) };
  if (result.outcome === 'skipped' || leftOut.length === 0) return result;
  return { ...result, outcome: result.outcome === 'kept' ? 'partly' : result.outcome, leftOut: [...new Set(leftOut)] };
}

async function check(rule: Rule, harness: Harness, signal?: AbortSignal): Promise<Result> {
  const started = performance.now();
  let timer: NodeJS.Timeout | undefined;
  // More time for a service that starts slowly. No rule starts it more than four times in a row.
  const ms = (rule.boundMs ?? RULE_MS) + 4 * Math.max(0, harness.subject.startMs - START_MS);
  try {
    const bound = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`the probe took longer than ${ms} ms`)), ms);
    });
    signal?.throwIfAborted();
    const looked = Promise.race([rule.check(harness), bound]).catch((error) => {
      // The rule is judged by what was seen before.
      if (!(error instanceof Unseen) || harness.evidence.length === 0) throw error;
      harness.leftOut.push(error.message);
      return harness.evidence;
    });
    const evidence = await unlessAborted(signal, looked);
    if (evidence.length === 0) throw new Error('the probe saw nothing');
    sawFloods(harness);
    const outcome = evidence.every(({ ok }) => ok) ? 'kept' : 'broken';
    return { rule, outcome, evidence, ms: performance.now() - started };
  } catch (error) {
    if (error instanceof HarnessFailure) throw error;
    if (error instanceof Unseen) return { rule, outcome: 'skipped', reason: error.message, evidence: [], ms: 0 };
    const got = error instanceof Error ? error.message : String(error);
    harness.saw({ sent: 'the probe', expected: 'to come to its end', got, ok: false });
    sawFloods(harness);
    return { rule, outcome: 'broken', evidence: [...harness.evidence], ms: performance.now() - started };
  } finally {
    clearTimeout(timer);
  }
}

function sawFloods(harness: Harness): void {
  for (const got of harness.floods) harness.saw({ sent: 'the log of a process', expected: 'an end', got, ok: false });
}
