import { inChains } from './chains.ts';
import type { Backing } from './harness/backing/backing.ts';
import { Harness } from './harness/harness.ts';
import type { Health } from './harness/http/health-routes.ts';
import { Leases } from './harness/leases.ts';
import type { Variable } from './harness/schema/variables.ts';
import { Session } from './harness/session.ts';
import { LATE_MS, type TimerWatch, watchTimers } from './harness/timer-watch.ts';
import { TimedOut, unlessAborted, unlessGivenUp } from './harness/wait.ts';
import { lookAtRule } from './look-at-rule.ts';
import { statementOf } from './profile.ts';
import { isBrokenByTime, needsSecondLook, type Result, withoutVerdict } from './result.ts';
import type { Rule } from './rule.ts';
import { rules as allRules } from './rules/index.ts';
import { Subject } from './subject.ts';
import type { Target } from './target.ts';

export interface Report {
  readonly target: Target;
  /** As the service describes them. */
  readonly variables: readonly Variable[];
  /** In the order of the contract. */
  readonly results: readonly Result[];
  /** Why it was ended early, if it was. Rules that were not looked at by then are skipped for this reason. */
  readonly cut?: string;
  /** Which rules were skipped since the machine was too busy to measure times. */
  readonly busy?: string;
  /** What this machine lacks, if rules were skipped for it. */
  readonly lacks?: string;
  /** Why nothing could be asked of it, if it runs and listens on no port. */
  readonly portless?: string;
  /** What was found of its health routes, if they were looked for. */
  readonly health?: Health;
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
  /** Notices that the machine is too busy for a second look, or for a first one to say that a service listens on no port. */
  readonly watch?: () => TimerWatch;
  /** Called before the second looks with the rules that get one. */
  readonly onSecondLooks?: (rules: readonly Rule[]) => void;
}

/** A second look, and what watches the machine meanwhile. */
type Again = [more?: Pick<Result, 'again'>, timers?: TimerWatch];

/** When the time is over, what was started has so long to end. The report does not wait longer for it, in milliseconds. */
export const END_MS = 2000;

/**
 * Looks whether a service keeps the rules of the contract.
 * @returns a result for every rule that promises something in the target's profile, never an exception about the service itself
 * @throws HarnessFailure when a backing service cannot be started, an error when the target cannot be (no such program)
 */
export async function verify(
  target: Target,
  { backing, rules: asked = allRules, parallel = 5, signal, watch = watchTimers, ...told }: VerifyOptions,
): Promise<Report> {
  const started = performance.now();
  const { onResult, onSecondLooks } = told;
  const rules = asked.filter(({ promises }) => statementOf(promises, target.profile ?? 'house') !== '');
  const results = new Map<Rule, Result>();
  const unmeasured = new Set<Rule>();
  let subject = new Subject(target, [], backing);
  let cut: string | undefined;
  let isOver = false;
  await unlessGivenUp('the end of what was started', END_MS, signal, lookAtAll()).catch((error) => {
    if (!signal?.aborted || !(error instanceof TimedOut)) throw error;
    cut = `${(signal.reason as Error).message}; what was started has not ended`;
  });
  isOver = true;
  return report();

  async function lookAtAll(): Promise<void> {
    const keepsFolder = rules.some(({ pristine }) => pristine);
    const timers = watch();
    try {
      const session = await Session.open(target, backing, { signal, keepsFolder });
      subject = session.subject;
      if (target.kind !== 'url' && !signal?.aborted) session.shared().catch(() => undefined); // The rules that ask for it get the error.
      try {
        await lookAtEach(session, timers);
      } finally {
        await session.close().catch((error: Error) => {
          cut ??= `what was started has not ended: ${error.message}`;
        });
      }
    } finally {
      await timers.end();
    }
  }

  async function lookAtEach(session: Session, timers: TimerWatch): Promise<void> {
    const queue = [...inChains(rules.filter(({ alone }) => !alone))];
    const worker = async () => {
      for (let chain = queue.shift(); chain && !session.unusable; chain = queue.shift())
        await lookAlong(session, chain);
    };
    const ended = await Promise.allSettled(Array.from({ length: parallel }, worker));
    for (const one of ended) if (one.status === 'rejected') throw one.reason;
    // What is broken may be a command that cannot be run at all.
    const isBroken = [...results.values()].some(({ outcome }) => outcome === 'broken');
    if (isBroken && target.kind !== 'url') await unlessAborted(signal, session.shared()).catch(() => undefined);
    if (session.unusable) throw session.unusable;
    for (const rule of rules.filter(({ alone }) => alone)) await lookAlong(session, [rule]);
    const { portless } = subject;
    // A start that takes long on a busy machine looks like one that listens nowhere. Another one says which it was.
    if (portless !== undefined && timers.worst() <= LATE_MS) return skipPortless(portless);
    const isUp = !session.failure || (await unlessAborted(signal, session.startsAgain()).catch(() => false));
    if (subject.portless !== undefined) return skipPortless(subject.portless);
    // If the service does not start while nothing else runs either, there is no second look.
    if (!isUp && portless === undefined) return;
    // Probes measure times, and others use the machine too: what chance may have decided is looked at once more, alone.
    const unsure = rules.filter((rule) => {
      const result = results.get(rule);
      return (
        result !== undefined && (needsSecondLook(result) || (portless !== undefined && result.reason === portless))
      );
    });
    if (unsure.length === 0) return;
    if (!signal?.aborted) onSecondLooks?.(unsure);
    for (const rule of unsure) {
      timers.worst();
      await lookAlong(session, [rule], { again: true }, timers);
    }
  }

  /** What was waiting for the port when it became known that there is none says nothing more than that. */
  async function skipPortless(reason: string): Promise<void> {
    for (const [rule, { outcome }] of results)
      if (outcome === 'broken' && (await rule.applies(subject)) === reason)
        results.set(rule, { rule, outcome: 'skipped', reason, evidence: [], ms: 0 });
  }

  /** Looks at rules one after the other, which pass on what they have started. */
  async function lookAlong(session: Session, chain: readonly Rule[], ...more: Again): Promise<void> {
    const leases = new Leases(() => new Harness(session));
    try {
      for (const rule of chain) await look(rule, new Harness(session, leases), ...more);
    } finally {
      await leases.close().catch((error: Error) => {
        cut ??= `what was started has not ended: ${error.message}`;
      });
    }
  }

  async function look(rule: Rule, harness: Harness, more: Again[0] = {}, timers?: Again[1]): Promise<void> {
    const seen: Result = { ...(await lookAtRule(rule, harness, signal)), ...more };
    const late = timers?.worst() ?? 0;
    const isUnmeasured = late > LATE_MS && isBrokenByTime(seen);
    const result = isUnmeasured ? withoutVerdict(seen, late) : seen;
    if (signal?.aborted) cut = (signal.reason as Error).message;
    // A second look that was cut short does not replace the first.
    if (isOver || (cut !== undefined && more.again)) return;
    if (isUnmeasured) unmeasured.add(rule);
    results.set(rule, result);
    onResult?.(result);
  }

  function report(): Report {
    const unseen = (rule: Rule): Result[] =>
      cut === undefined ? [] : [{ rule, outcome: 'skipped', reason: cut, evidence: [], ms: 0 }];
    const inOrder = rules.flatMap((rule) => results.get(rule) ?? unseen(rule));
    const { lacks } = subject;
    const isLacking = lacks !== undefined && inOrder.some(({ reason }) => reason === lacks);
    return {
      target,
      variables: subject.variables,
      results: inOrder,
      ...(cut === undefined ? {} : { cut }),
      ...(unmeasured.size === 0 ? {} : { busy: busyWith([...unmeasured]) }),
      ...(isLacking ? { lacks } : {}),
      ...(subject.portless === undefined ? {} : { portless: subject.portless }),
      ...(subject.health ? { health: subject.health } : {}),
      ms: performance.now() - started,
    };
  }
}

const busyWith = (rules: readonly Rule[]): string =>
  `this machine was too busy to measure times, so nothing is known of ${rules.map(({ id }) => id).join(', ')}: verify again while less runs on it`;
