/** What a run can fail with, and the exit code that tells a supervisor which it was (sysexits.h). */
const exitCodes = {
  failed: 1,
  usage: 64,
  unavailable: 69,
  config: 78,
} as const;

/** Ends the process with one log line and no stack trace: the message says all there is to say. */
export class Failure extends Error {
  readonly exitCode: number;
  readonly event: string;
  readonly details: object;

  /**
   * @param kind decides the exit code
   * @param event `event.name` of the log line, by default the kind
   * @param details further fields of the log line
   */
  constructor(
    kind: keyof typeof exitCodes,
    message: string,
    { event = kind, details = {} }: { event?: string; details?: object } = {},
  ) {
    super(message);
    this.exitCode = exitCodes[kind];
    this.event = event;
    this.details = details;
  }
}
