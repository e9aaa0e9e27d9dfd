import type { Form } from './form.ts';
import type { Mapping } from './mapping.ts';
import type { Profile } from './profile.ts';

interface TargetBase {
  /** What reports call it. */
  readonly name: string;
  /** The folder of the service, for the rules that read files. */
  readonly folder?: string;
  /** Variables that the service needs, and that the harness cannot make up. */
  readonly env?: Readonly<Record<string, string>>;
  /** Headers by name, such as credentials, that are sent with every well-formed request. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Its health paths, where they are known. Others are those of the contract, or are looked for in other profiles than `house`. */
  readonly paths?: Partial<Pick<HealthPaths, 'live' | 'ready'>>;
  /** What it is held against; `house` if not given. */
  readonly profile?: Profile;
  /** What it is; `web` if not given. */
  readonly form?: Form;
  /** The verb and arguments that run it; `web` if not given. */
  readonly verb?: readonly string[];
  /** Why it is held against this profile, for the report. */
  readonly profileReason?: string;
  /** What it calls the things that the contract has names for. */
  readonly mapping?: Mapping;
  /** The variable from which it reads its port, if that is not `PORT`. */
  readonly portVariable?: string;
  /** Set if only what is seen soon is looked at, before a change is committed. */
  readonly fast?: true;
  /** Set if its own tests are run too, which take as long as they take. */
  readonly tests?: true;
  /** How long a start, or a verb, may take before it counts as failed, in milliseconds; see `Subject`. */
  readonly startMs?: number;
}

/** Where liveness and readiness are asked for. */
export interface HealthPaths {
  readonly live: string;
  readonly ready: string;
  /** Set where no health route is known: the status that both paths have while the service is well. */
  readonly usual?: number;
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
