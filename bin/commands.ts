import { runAdopt } from './adopt.ts';
import { audit } from './audit.ts';
import { runExplain } from './explain.ts';
import { runPreset } from './preset.ts';
import { runRehearsal } from './rehearse.ts';
import { runUpgrade } from './upgrade.ts';
import type { Invocation } from './verb-arguments.ts';
import type { VerbContext } from './verb-context.ts';

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
