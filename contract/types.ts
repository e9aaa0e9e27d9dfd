import type { Harness } from './harness/harness.ts';
import type { Subject } from './subject.ts';

/** MUST rules fail a verification; SHOULD rules are advice. */
export type Level = 'MUST' | 'SHOULD';

/** One thing a rule looked at: what was done to the service, what the contract says, what came back. */
export interface Observation {
  readonly sent: string;
  readonly expected: string;
  readonly got: string;
  readonly ok: boolean;
  /** Set where no busy machine can have made it: a rule that broke for it is not looked at again. */
  readonly steady?: true;
}

/** An observation and when it was made, in milliseconds since its check began. */
export interface Evidence extends Observation {
  readonly ms: number;
}

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

interface TargetBase {
  /** What reports call it. */
  readonly name: string;
  /** The folder of the service, for the rules that read files. */
  readonly folder?: string;
  /** Variables that the service needs and the harness cannot work out by itself. */
  readonly env?: Readonly<Record<string, string>>;
  /** Sent with every request that is one, such as credentials, by name. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Where it answers otherwise than the contract says. */
  readonly paths?: HealthPaths;
  /** The variable that it reads its port from, where that is not `PORT`. */
  readonly portVariable?: string;
  /** How long a start, or a verb, may take before it counts as one that failed, in milliseconds; 20 s if not given. */
  readonly startMs?: number;
}

/** Where liveness and readiness are asked for. */
export interface HealthPaths {
  readonly live: string;
  readonly ready: string;
}

/** A built program: `command` is absolute program and arguments, a verb is appended. */
export interface ProcessTarget extends TargetBase {
  readonly kind: 'process';
  readonly command: readonly string[];
  readonly folder: string;
  /** Set when the command serves by itself and takes no verb. */
  readonly verbless?: true;
}

/** A container image, run through the `docker` command. */
export interface ImageTarget extends TargetBase {
  readonly kind: 'image';
  readonly image: string;
  /** Set when the image serves by itself and takes no verb; what is run in place of its command, if anything. */
  readonly serve?: readonly string[];
}

/** A service that somebody else runs: only what a client sees. */
export interface UrlTarget extends TargetBase {
  readonly kind: 'url';
  /** Without a path. */
  readonly url: string;
}

/** A target that the harness starts and stops. */
export type StartedTarget = ProcessTarget | ImageTarget;

export type Target = StartedTarget | UrlTarget;
