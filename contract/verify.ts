import type { Backing } from './harness/backing.ts';
import { Harness } from './harness/harness.ts';
import { Session } from './harness/session.ts';
import type { Variable } from './harness/variables.ts';
import { HarnessFailure, Unseen } from './harness/wait.ts';
import { rules as allRules } from './rules/index.ts';
import type { Evidence, Rule, Target } from './types.ts';

export interface Result {
  readonly rule: Rule;
  readonly outcome: 'kept' | 'broken' | 'skipped';
  /** Why it was skipped. */
  readonly reason?: string;
  /** Set when it broke beside other probes; what is reported is the second look, on a quiet machine. */
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
  readonly ms: number;
}

export interface VerifyOptions {
  readonly backing: Backing;
  readonly rules?: readonly Rule[];
  /** How many rules are probed at a time. */
  readonly parallel?: number;
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
  { backing, rules = allRules, parallel = 4 }: VerifyOptions,
): Promise<Report> {
  const started = performance.now();
  const session = await Session.open(target, backing);
  if (target.kind !== 'url') session.shared().catch(() => undefined); // Whoever asks for it is told.
  const results = new Map<Rule, Result>();
  try {
    const queue = rules.filter((rule) => !rule.alone).sort((a, b) => (b.weight ?? 0) - (a.weight ?? 0));
    const worker = async () => {
      for (let rule = queue.shift(); rule; rule = queue.shift()) results.set(rule, await probe(rule, session));
    };
    const ended = await Promise.allSettled(Array.from({ length: parallel }, worker));
    for (const one of ended) if (one.status === 'rejected') throw one.reason;
    for (const rule of rules.filter(({ alone }) => alone)) results.set(rule, await probe(rule, session));
    // A service that does not start on a quiet machine either is not looked at any further.
    if (session.failure && !(await session.startsAgain())) return report();
    // Probes measure times, and the first round shared the machine: what broke there is asked once more, alone.
    for (const rule of rules.filter(({ alone, steady }) => !alone && !steady)) {
      if (results.get(rule)?.outcome !== 'broken') continue;
      results.set(rule, { ...(await probe(rule, session)), again: true });
    }
  } finally {
    await session.close();
  }
  return report();

  function report(): Report {
    const inOrder = rules.flatMap((rule) => results.get(rule) ?? []);
    return { target, variables: session.subject.variables, results: inOrder, ms: performance.now() - started };
  }
}

async function probe(rule: Rule, session: Session): Promise<Result> {
  const started = performance.now();
  const applies = await rule.applies(session.subject);
  if (applies !== true) return { rule, outcome: 'skipped', reason: applies, evidence: [], ms: 0 };
  const harness = new Harness(session);
  let timer: NodeJS.Timeout | undefined;
  const ms = rule.boundMs ?? RULE_MS;
  try {
    const bound = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`the probe took longer than ${ms} ms`)), ms);
    });
    const evidence = await Promise.race([rule.check(harness), bound]).catch((error) => {
      // What could be seen before is what it is judged by.
      if (!(error instanceof Unseen) || harness.evidence.length === 0) throw error;
      harness.leftOut.push(error.message);
      return harness.evidence;
    });
    if (evidence.length === 0) throw new Error('the probe saw nothing');
    for (const got of [...harness.floods, ...session.floods])
      harness.saw({ sent: 'the log of a process', expected: 'an end', got, ok: false });
    const outcome = evidence.every(({ ok }) => ok) ? 'kept' : 'broken';
    const { leftOut } = harness;
    return { rule, outcome, evidence, ...(leftOut.length > 0 ? { leftOut } : {}), ms: performance.now() - started };
  } catch (error) {
    if (error instanceof HarnessFailure) throw error;
    if (error instanceof Unseen) return { rule, outcome: 'skipped', reason: error.message, evidence: [], ms: 0 };
    const got = error instanceof Error ? error.message : String(error);
    harness.saw({ sent: 'the probe', expected: 'to come to its end', got, ok: false });
    return { rule, outcome: 'broken', evidence: [...harness.evidence], ms: performance.now() - started };
  } finally {
    clearTimeout(timer);
    await harness.dispose();
  }
}
