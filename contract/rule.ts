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
  /** Set on rules that need the whole machine or measure time: they run alone, after the others. */
  readonly alone?: true;
  /** How long it may take, in milliseconds, if two minutes are not enough. */
  readonly boundMs?: number;
  /** Its place in the queue: rules with a higher weight start earlier, since they take longer. 0 if not given. */
  readonly weight?: number;
  /** `true`, or why the rule cannot be looked at here. The reason is printed. */
  applies(subject: Subject): true | string | Promise<true | string>;
  /**
   * Looks at the service. Every observation is recorded with `harness.saw`; what is returned is that record.
   * Throws when the service cannot be observed at all (it does not start, it hangs): the runner counts that as red.
   */
  check(harness: Harness): Promise<readonly Evidence[]>;
}
