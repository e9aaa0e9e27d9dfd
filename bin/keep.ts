/**
 * What keeps services on their standard: a bundle of its own, which no other command loads.
 */
export { loadPresets } from '../generators/load-presets.ts';
export { makeStandard } from '../generators/standard.ts';
export { addAnswer } from '../maintenance/upgrade/add-answer.ts';
export { runAdopt } from './run/adopt.ts';
export { runAudit } from './run/audit.ts';
export { runExplain } from './run/explain.ts';
export { runPreset } from './run/preset.ts';
export { runRehearsal } from './run/rehearse.ts';
export { runRepair } from './run/repair.ts';
export { runUpgrade } from './run/upgrade.ts';
