import type { Plan } from '../engine/core/plan.ts';
import type { AnswerValue } from '../engine/core/question.ts';
import type { RepoPath } from '../engine/core/repo-path.ts';
import type { Template } from '../engine/core/template/template.ts';
import type { Standard } from './standard.ts';

/** What a run was asked to do beyond its answers. */
export interface RunOptions {
  /** Absolute path; relative targets are below it. */
  readonly cwd: string;
  /** `--dir`: the target, if it is not named after the service. */
  readonly dir?: string;
  readonly overwrite: boolean;
  /** `--plan`: report the plan instead of applying it. */
  readonly planOnly: boolean;
  /** Another template than the built-in one of the stack. */
  readonly template?: Template;
  /** The organisation's: the built-in template under presets. */
  readonly standard?: Standard;
  /** `--trust`: names of presets that may bring what tools run unasked. */
  readonly trusted?: readonly string[];
  /** Shows the plan to whoever answered the questions; what it throws calls the run off. */
  readonly confirm?: (plan: Plan) => Promise<void>;
  /** Called when everything is staged and nothing has changed; what it throws calls the run off. */
  readonly beforeCommit?: () => Promise<void>;
  /** For generators that add by an answer. It is the merge of an upgrade, which only whoever starts the program knows. */
  readonly addAnswer?: AddAnswer;
}

/**
 * Adds what an answer brings to a service that is there: what `create` makes with it, merged, with the versions that the service has.
 * @param generator for the outcome, and for what is told
 * @throws {UserError} NAME_TAKEN, NOT_POSSIBLE where the merge would need a person; SOURCE_*; the service has then not changed
 */
export type AddAnswer = (
  answer: { readonly name: string; readonly value: string },
  generator: string,
  options: RunOptions,
) => Promise<Omit<Outcome, 'answers'>>;

/** What a run did, or with `--plan` would do. */
export interface Outcome {
  readonly generator: string;
  /** Absolute path of the folder whose files change. */
  readonly target: string;
  /** The folder of a new service in it, where that is a part of the target only: it has joined a workspace. */
  readonly folder?: string;
  readonly answers: Readonly<Record<string, AnswerValue>>;
  readonly plan: Plan;
  /** The files of a new service, relative to its folder, whether or not the plan had to change them. */
  readonly made?: readonly RepoPath[];
  readonly applied: boolean;
  /** What is left for a person to do or decide: exit code 4. */
  readonly attention?: readonly string[];
  /** What was cleaned up after killed runs. */
  readonly recovered: readonly string[];
}
