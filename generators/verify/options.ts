/** What a verification was asked for, as the command line says it. */
export interface VerifyRequest {
  /** Absolute path of the working folder. */
  readonly cwd: string;
  /** The folder of the service; `undefined` where none was named. */
  readonly dir?: string;
  readonly image?: string;
  readonly url?: string;
  /** How the service is started, where package.json does not say it. `{verb}` stands for a verb of the contract. */
  readonly cmd?: string;
  readonly live?: string;
  readonly ready?: string;
  readonly portVariable?: string;
  /** `NAME=VALUE`, or `NAME` for one of this process's own. */
  readonly env: readonly string[];
  /** `Name: value`, sent with every request. */
  readonly headers: readonly string[];
  /** Ids; empty for all of them. */
  readonly rules: readonly string[];
  /** Seconds for all of it, as it was written; 900 if not given. */
  readonly timeout?: string;
  /** Whether a folder is installed and built first. */
  readonly build: boolean;
}
