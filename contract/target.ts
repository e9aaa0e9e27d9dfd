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
