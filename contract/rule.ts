import type { Evidence } from './evidence.ts';
import type { Harness } from './harness/harness.ts';
import type { Subject } from './subject.ts';

/** MUST rules fail a verification; SHOULD rules are advice. */
export type Level = 'MUST' | 'SHOULD';

export interface Rule {
  readonly id: string;
  readonly level: Level;
  /** The factor (or the area) a scorecard groups by, such as `III. Config`. */
  readonly factor: string;
  /** What the service promises, in one line. */
  readonly statement: string;
  /** What goes wrong in production without it. */
  readonly why: string;
  /** Where to start when it is red. */
  readonly mend: string;
  /** Set on rules that use the whole machine or time it: they run alone, after the others. */
  readonly alone?: true;
  /** How long it may take, in milliseconds, where two minutes are not enough. */
  readonly boundMs?: number;
  /** Where it stands in the queue: those that take longest start first. 0 if not given. */
  readonly weight?: number;
  /** `true`, or the reason why this rule cannot be probed here; the reason is printed. */
  applies(subject: Subject): true | string | Promise<true | string>;
  /**
   * Looks at the service. Every observation is recorded with `harness.saw`; what is returned is that record.
   * Throws when the service cannot be observed at all (it does not start, it hangs): the runner counts that as red.
   */
  check(harness: Harness): Promise<readonly Evidence[]>;
}
