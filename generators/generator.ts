import type { AnswerValue, Question, RawAnswers } from '../engine/core/question.ts';
import type { Addition, Service } from '../engine/core/service/addition.ts';
import type { Template, TemplateVariables } from '../engine/core/template/template.ts';
import type { Stack, StackCode } from '../stacks/stack.ts';
import type { Deployed } from './deploy-manifests.ts';
import type { Outcome, RunOptions } from './outcome.ts';

/** One command that makes files: what it asks, and how answers become an outcome. */
export interface Generator {
  readonly name: string;
  readonly description: string;
  /** The question that the positional argument answers. */
  readonly positional: string;
  /** The question, of several values, that further positional arguments answer. */
  readonly rest?: string;
  /** The positional argument may come as two words. */
  readonly joins?: boolean;
  readonly questions: readonly Question[];
  /** Command lines, without the program's name. The first one is also the remedy of a wrong one. */
  readonly examples: readonly [string, string];
  /** Whether what is given leaves nothing to ask. */
  readonly isComplete?: (given: RawAnswers) => boolean;
  /** What it adds to a service; `create`, which makes one, adds nothing. */
  readonly addition?: AdditionKind;
  readonly run: (raw: RawAnswers, options: RunOptions) => Promise<Outcome>;
}

/** What an addition puts lines into, besides its own files. */
export type GrownFile = 'dependencies' | 'compose' | 'pipeline' | 'deploy';

/** What a generator adds, in any language. */
export interface AdditionKind {
  /** Its folder below the stack's templates, e.g. `endpoint`. */
  readonly template: string;
  /** Files of the standard that it puts lines into, apart from derived ones. */
  readonly grows?: readonly GrownFile[];
  /** Loaded when it is needed. */
  readonly load: () => Promise<AdditionCode>;
}

/** How answers become additions. */
export interface AdditionCode {
  /** For compiling the template of a stack: the names that it may use. */
  readonly variables: (stack: StackCode) => TemplateVariables;
  /**
   * The questions that are left, where an answer makes the others needless.
   * @throws {UserError} INPUT_INVALID where they are answered all the same
   */
  readonly questionsFor?: (raw: RawAnswers) => readonly Question[];
  /** @throws {UserError} for answers that this service cannot grow by */
  readonly make: (request: AdditionRequest) => Promise<Additions>;
  /** What it has in the manifests of Kubernetes, for a service that got them after it. */
  readonly deployed?: (request: DeployRequest) => Promise<Deployed>;
}

/** What is there already, and a service that has manifests of Kubernetes now. */
export type DeployRequest = Pick<AdditionRequest, 'service' | 'answers' | 'template' | 'stack'>;

/** What shall be added to which service. */
export interface AdditionRequest {
  readonly service: Service;
  readonly answers: Readonly<Record<string, AnswerValue>>;
  readonly template: Template;
  /** The service's language. */
  readonly stack: Stack & StackCode;
  /** Absolute path of the working folder. */
  readonly cwd: string;
  /** When the command was run, as `2026-11-21T09:50:24.000Z`. */
  readonly now: string;
}

/** What a generator would add. */
export interface Additions {
  readonly additions: readonly Addition[];
  readonly notes?: readonly string[];
  /** What is left for a person: the run ends with exit code 4. */
  readonly attention?: readonly string[];
}
