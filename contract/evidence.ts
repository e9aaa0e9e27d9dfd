/** One thing that a rule looked at: what was done to the service, what the contract says, what came back. */
export interface Observation {
  readonly sent: string;
  readonly expected: string;
  readonly got: string;
  readonly ok: boolean;
  /** Set if a busy machine cannot be the cause: a rule that breaks for it is not looked at again. */
  readonly steady?: true;
}

/** An observation and when it was made, in milliseconds since its check began. */
export interface Evidence extends Observation {
  readonly ms: number;
}
