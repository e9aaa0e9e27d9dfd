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
  /** Set when it broke at first; what is reported is the second look, on a quiet machine. */
  readonly again?: true;
  readonly evidence: readonly Evidence[];
  /** What could not be looked at, and why, of a rule that was judged by the rest. */
  readonly leftOut?: readonly string[];
  readonly ms: number;
}

export interface Report {
  readonly target: Target;
  /** As the service describes them. */
  readonly variables: readonly Variable[];
  /** In the order of the contract. */
  readonly results: readonly Result[];
  /** Set when it was ended before its end: why. What was not looked at by then is skipped for it. */
  readonly cut?: string;
  /** Set when rules were skipped for what this machine lacks: what that is. */
  readonly lacks?: string;
  readonly ms: number;
}

export interface VerifyOptions {
  readonly backing: Backing;
  readonly rules?: readonly Rule[];
  /** How many rules are probed at a time. */
  readonly parallel?: number;
  /** Ends the verification, which has a report then too. Its reason is an {@link Unseen}. */
  readonly signal?: AbortSignal;
  /** Is told of each rule as it is judged, and of a second look. */
  readonly onResult?: (result: Result) => void;
}

/** No rule takes longer than this unless it says so; one that does is broken, and the verification goes on. */
const RULE_MS = 120_000;

/**
 * Holds a service against the rules of the contract.
 * @returns a result for every rule, never an exception about the service itself
 * @throws HarnessFailure when a backing service cannot be started, an error when the target cannot (no such program)
 */
export async function verify(
  target: Target,
  { backing, rules = allRules, parallel = 4, signal, onResult }: VerifyOptions,
): Promise<Report> {
  const started = performance.now();
  const session = await Session.open(target, backing, signal);
  if (target.kind !== 'url' && !signal?.aborted) session.shared().catch(() => undefined); // Whoever asks for it is told.
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
    // A service that does not start on a quiet machine either is not looked at any further.
    if (session.failure && !(await unlessAborted(signal, session.startsAgain()).catch(() => false))) return report();
    // Probes measure times, on a machine that others use too: what broke is asked once more, alone.
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
    // A second look that was cut short takes nothing back.
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

/** Whether it broke for what a busy machine may have made. */
export function needsSecondLook({ outcome, evidence }: Result): boolean {
  return outcome === 'broken' && !evidence.some(({ ok, steady }) => !ok && steady);
}

async function probe(rule: Rule, session: Session, signal?: AbortSignal): Promise<Result> {
  const applies = await rule.applies(session.subject);
  if (applies !== true) return { rule, outcome: 'skipped', reason: applies, evidence: [], ms: 0 };
  const harness = new Harness(session);
  // What withstands its end, a process or a folder, does not take the report of all other rules with it.
  const end = () => harness.dispose().catch((error: Error) => void harness.leftOut.push(`its end: ${error.message}`));
  const result = await check(rule, harness, signal).finally(end);
  const { leftOut } = harness;
  return result.outcome === 'skipped' || leftOut.length === 0 ? result : { ...result, leftOut };
}

async function check(rule: Rule, harness: Harness, signal?: AbortSignal): Promise<Result> {
  const started = performance.now();
  let timer: NodeJS.Timeout | undefined;
  // Time for a service that starts slowly; no rule starts it more than a few times in a row.
  const ms = (rule.boundMs ?? RULE_MS) + 4 * (harness.subject.startMs - START_MS);
  try {
    const bound = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`the probe took longer than ${ms} ms`)), ms);
    });
    signal?.throwIfAborted();
    const looked = Promise.race([rule.check(harness), bound]).catch((error) => {
      // What could be seen before is what it is judged by.
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
