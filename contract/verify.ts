import type { Evidence } from './evidence.ts';
import type { Backing } from './harness/backing/backing.ts';
import { Harness } from './harness/harness.ts';
import type { Variable } from './harness/schema/variables.ts';
import { Session } from './harness/session.ts';
import { HarnessFailure, Unseen, unlessAborted } from './harness/wait.ts';
import type { Rule } from './rule.ts';
import { rules as allRules } from './rules/index.ts';
import { START_MS } from './subject.ts';
import type { Target } from './target.ts';

export interface Result {
  readonly rule: Rule;
  readonly outcome: 'kept' | 'broken' | 'skipped';
  /** Why it was skipped. */
  readonly reason?: string;
  /** Set when the rule broke at first. The report has the second look, when nothing else ran. */
  readonly again?: true;
  readonly evidence: readonly Evidence[];
  /** What could not be looked at, and why. The rule is judged by the rest. */
  readonly leftOut?: readonly string[];
  readonly ms: number;
}

export interface Report {
  readonly target: Target;
  /** As the service describes them. */
  readonly variables: readonly Variable[];
  /** In the order of the contract. */
  readonly results: readonly Result[];
  /** Why it was ended early, if it was. Rules that were not looked at by then are skipped for this reason. */
  readonly cut?: string;
  /** What this machine lacks, if rules were skipped for it. */
  readonly lacks?: string;
  readonly ms: number;
}

interface VerifyOptions {
  readonly backing: Backing;
  readonly rules?: readonly Rule[];
  /** How many rules are probed at a time. */
  readonly parallel?: number;
  /** Ends the verification early; there is a report all the same. The signal's reason is an {@link Unseen}. */
  readonly signal?: AbortSignal;
  /** Called with each rule as it is judged, and with a second look. */
  readonly onResult?: (result: Result) => void;
}

/** How long a rule may take unless it says otherwise. One that takes longer is broken, and the verification goes on. */
const RULE_MS = 120_000;

/**
 * Looks whether a service keeps the rules of the contract.
 * @returns a result for every rule, never an exception about the service itself
 * @throws HarnessFailure when a backing service cannot be started, an error when the target cannot be (no such program)
 */
export async function verify(
  target: Target,
  { backing, rules = allRules, parallel = 4, signal, onResult }: VerifyOptions,
): Promise<Report> {
  const started = performance.now();
  const session = await Session.open(target, backing, signal);
  if (target.kind !== 'url' && !signal?.aborted) session.shared().catch(() => undefined); // The rules that ask for it get the error.
  const results = new Map<Rule, Result>();
  let cut: string | undefined;
  try {
    const queue = rules.filter((rule) => !rule.alone).sort((a, b) => (b.weight ?? 0) - (a.weight ?? 0));
    const worker = async () => {
      for (let rule = queue.shift(); rule; rule = queue.shift()) await look(rule);
    };
    const ended = await Promise.allSettled(Array.from({ length: parallel }, worker));
    for (const one of ended) if (one.status === 'rejected') throw one.reason;
    for (const rule of rules.filter(({ alone }) => alone)) await look(rule);
    // If the service does not start while nothing else runs either, there is no second look.
    if (session.failure && !(await unlessAborted(signal, session.startsAgain()).catch(() => false))) return report();
    // Probes measure times, and others use the machine too: a broken rule is looked at once more, alone.
    for (const rule of rules) {
      const result = results.get(rule);
      if (result && needsSecondLook(result)) await look(rule, { again: true });
    }
  } finally {
    await session.close();
  }
  return report();

  async function look(rule: Rule, more: Pick<Result, 'again'> = {}): Promise<void> {
    const result = { ...(await probe(rule, session, signal)), ...more };
    if (signal?.aborted) cut = (signal.reason as Error).message;
    // A second look that was cut short does not replace the first.
    if (cut !== undefined && more.again) return;
    results.set(rule, result);
    onResult?.(result);
  }

  function report(): Report {
    const inOrder = rules.flatMap((rule) => results.get(rule) ?? []);
    const { lacks } = session.subject;
    const isLacking = lacks !== undefined && inOrder.some(({ reason }) => reason === lacks);
    return {
      target,
      variables: session.subject.variables,
      results: inOrder,
      ...(cut === undefined ? {} : { cut }),
      ...(isLacking ? { lacks } : {}),
      ms: performance.now() - started,
    };
  }
}

/** Whether a busy machine may be why a rule broke. */
export function needsSecondLook({ outcome, evidence }: Result): boolean {
  return outcome === 'broken' && !evidence.some(({ ok, steady }) => !ok && steady);
}

async function probe(rule: Rule, session: Session, signal?: AbortSignal): Promise<Result> {
  const applies = await rule.applies(session.subject);
  if (applies !== true) return { rule, outcome: 'skipped', reason: applies, evidence: [], ms: 0 };
  const harness = new Harness(session);
  // A process that cannot be ended, or a folder that cannot be removed, must not cost the report of the other rules.
  const end = () => harness.dispose().catch((error: Error) => void harness.leftOut.push(`its end: ${error.message}`));
  const result = await check(rule, harness, signal).finally(end);
  const { leftOut } = harness;
  return result.outcome === 'skipped' || leftOut.length === 0 ? result : { ...result, leftOut };
}

async function check(rule: Rule, harness: Harness, signal?: AbortSignal): Promise<Result> {
  const started = performance.now();
  let timer: NodeJS.Timeout | undefined;
  // More time for a service that starts slowly. No rule starts it more than four times in a row.
  const ms = (rule.boundMs ?? RULE_MS) + 4 * (harness.subject.startMs - START_MS);
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
