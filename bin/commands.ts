import { runAdopt } from './adopt.ts';
import { audit } from './audit.ts';
import { runExplain } from './explain.ts';
import type { Output } from './output.ts';
import { runPreset } from './preset.ts';
import { runRehearsal } from './rehearse.ts';
import { runUpgrade } from './upgrade.ts';
import type { Invocation } from './verb-arguments.ts';

/** What a verb needs from the command line. */
export interface VerbContext {
  /** Absolute path of the working folder. */
  readonly cwd: string;
  readonly output: Output;
  /** Called when all is staged and nothing has changed: lets a signal in. */
  readonly beforeCommit: () => Promise<void>;
  /** To be told once files are changed: whatever fails then, they stay. */
  readonly onApplied: (applied: boolean) => void;
}

type RunVerb = (invocation: Invocation, context: VerbContext) => Promise<number>;

/**
 * What keeps services on their standard: a bundle of its own, which no other command loads. Each gives an exit code.
 */
export const COMMANDS: Readonly<Record<string, RunVerb>> = {
  adopt: runAdopt,
  audit,
  explain: runExplain,
  preset: runPreset,
  rehearse: runRehearsal,
  upgrade: runUpgrade,
  // The verifier is the largest part of the program, and only its own verb needs it.
  verify: async (invocation, context) => (await import('./verify.ts')).runVerify(invocation, context),
};

export { loadPresets, makeStandard } from '../generators/standard.ts';
