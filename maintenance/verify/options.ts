import { printable, UserError } from '../../engine/core/errors.ts';

/** What the command line asks for. */
export interface VerifyRequest {
  /** Absolute path of the working folder. */
  readonly cwd: string;
  /** The folder of the service; `undefined` where none was named. */
  readonly dir?: string;
  readonly image?: string;
  readonly url?: string;
  /** How the service is started, where the folder does not say it. `{verb}` stands for a verb of the contract. */
  readonly cmd?: string;
  /** A file that says what the service calls its things; without it `verify.yaml` in its folder. */
  readonly mapping?: string;
  /** One of PROFILES, as text. */
  readonly profile?: string;
  /** One of FORMS, as text. */
  readonly form?: string;
  readonly live?: string;
  readonly ready?: string;
  readonly portVariable?: string;
  /** `NAME=VALUE`, or `NAME` for one of this process's own. */
  readonly env: readonly string[];
  /** `Name: value`, sent with every request. */
  readonly headers: readonly string[];
  /** Ids; empty for all of them. */
  readonly rules: readonly string[];
  /** Seconds that a start may take, as text; 20 if not given. */
  readonly startTimeout?: string;
  /** Seconds that the verification may take, as text; 900 if not given. */
  readonly timeout?: string;
  /** Whether a folder is installed and built first. */
  readonly build: boolean;
  /** Whether its own tests are run. */
  readonly tests: boolean;
  /** Whether what takes seconds is left out. */
  readonly fast: boolean;
}

/** @throws {UserError} INPUT_INVALID if it is not a whole number of seconds, at least 1 */
export function readSeconds(option: string, text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new UserError(
    'INPUT_INVALID',
    `${option} ${printable(text)} is not a number of seconds`,
    `E.g. ${option} 900.`,
  );
}
