import { printable, UserError } from '../../engine/core/errors.ts';

/** What a verification was asked for, as the command line says it. */
export interface VerifyRequest {
  /** Absolute path of the working folder. */
  readonly cwd: string;
  /** The folder of the service; `undefined` where none was named. */
  readonly dir?: string;
  readonly image?: string;
  readonly url?: string;
  /** How the service is started, where the folder does not say it. `{verb}` stands for a verb of the contract. */
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
  /** Seconds that a start may take, as it was written; 20 if not given. */
  readonly startTimeout?: string;
  /** Seconds for all of it, as it was written; 900 if not given. */
  readonly timeout?: string;
  /** Whether a folder is installed and built first. */
  readonly build: boolean;
}

/** @throws {UserError} INPUT_INVALID for what is no whole number of seconds from 1 on */
export function readSeconds(option: string, text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new UserError('INPUT_INVALID', `${option} ${printable(text)} is no number of seconds`, `E.g. ${option} 900.`);
}
