interface TargetBase {
  /** What reports call it. */
  readonly name: string;
  /** The folder of the service, for the rules that read files. */
  readonly folder?: string;
  /** Variables that the service needs, and that the harness cannot make up. */
  readonly env?: Readonly<Record<string, string>>;
  /** Headers by name, such as credentials, that are sent with every well-formed request. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Its health paths, if they are not those of the contract. */
  readonly paths?: HealthPaths;
  /** The variable from which it reads its port, if that is not `PORT`. */
  readonly portVariable?: string;
  /** How long a start, or a verb, may take before it counts as failed, in milliseconds; 20 s if not given. */
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
  /** Set when the image takes no verb: what is run in place of its command, or nothing to let it start by itself. */
  readonly serve?: readonly string[];
}

/** A service that somebody else runs. Only what a client sees can be looked at. */
interface UrlTarget extends TargetBase {
  readonly kind: 'url';
  /** Without a path. */
  readonly url: string;
}

/** A target that the harness starts and stops. */
export type StartedTarget = ProcessTarget | ImageTarget;

export type Target = StartedTarget | UrlTarget;
