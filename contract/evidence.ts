/** One thing that a rule looked at: what was done to the service, what the contract says, what came back. */
export interface Observation {
  readonly sent: string;
  readonly expected: string;
  readonly got: string;
  readonly ok: boolean;
  /** Set if a busy machine cannot be the cause: a rule that breaks for it is not looked at again. */
  readonly steady?: true;
  /** The part of a limit that was left, such as 0.05 for 95 ms of 100. A rule that is kept by so little is looked at again. */
  readonly margin?: number;
}

/** What was left of a limit, of both in the same unit. */
export const marginOf = (got: number, limit: number): number => 1 - got / limit;

/** An observation and when it was made, in milliseconds since its check began. */
export interface Evidence extends Observation {
  readonly ms: number;
}

/** What is expected says a time with its unit. */
const TIME = /\d(\.\d+)? ?m?s\b/;

/** So does what came instead, in these words: it may also quote a log, which has times of its own. */
const TOOK = /\b(after|within) \d+(\.\d+)? ?m?s\b/;

/** What should have ended was waited for in vain. */
const ENDLESS = /^still running$/;

/** Whether a time decided, so that a machine which is too busy may be the cause. */
export const isOfTime = ({ expected, got, steady }: Observation): boolean =>
  !steady && (TIME.test(expected) || TOOK.test(got) || ENDLESS.test(got));

/** Why something was not looked at. */
export const LEFT_OUT = 'left out by --fast';
