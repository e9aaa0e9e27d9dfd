import { EXIT_BY_CODE, UserError } from '../../engine/core/errors.ts';
import { checkPreset } from '../../maintenance/preset/check.ts';
import { initPreset } from '../../maintenance/preset/init.ts';
import { presetCheckJson, presetCheckText, presetInitJson, presetInitText } from '../../report/preset.ts';
import { given, type Invocation } from '../command-line/command.ts';
import type { PRESET_OPTIONS } from '../command-line/options.ts';
import type { RunContext } from '../run-context.ts';

/** `preset init [DIR]`, `preset check [DIR]` */
export async function runPreset(
  { positionals, flags, format }: Invocation<typeof PRESET_OPTIONS>,
  context: RunContext,
): Promise<number> {
  const [action, dir = '.'] = positionals;
  const isJson = format === 'json';
  if (action === 'init') return init(dir, flags.name, isJson, context);
  if (action === 'check' && flags.name === undefined) return check(dir, flags.trust, isJson, context);
  throw new UserError(
    action === undefined ? 'INPUT_MISSING' : 'INPUT_INVALID',
    action === 'check' ? '--name is for preset init' : 'say what to do with the preset: init or check',
    'E.g. npx create-twelve-service preset init service-preset --name @acme/service-preset.',
  );
}

async function init(dir: string, name: string | undefined, isJson: boolean, context: RunContext): Promise<number> {
  const { cwd, output, beforeCommit, onApplied } = context;
  const made = await initPreset({ dir, ...given({ name }) }, { cwd, beforeCommit });
  onApplied(true);
  if (isJson) output.data(JSON.stringify(presetInitJson(made)));
  else output.chatter(presetInitText(made, cwd));
  return 0;
}

async function check(
  dir: string,
  trusted: readonly string[],
  isJson: boolean,
  { cwd, output }: RunContext,
): Promise<number> {
  const found = await checkPreset(dir, cwd, trusted);
  output.data(isJson ? JSON.stringify(presetCheckJson(found)) : presetCheckText(found));
  return found.problems.length === 0 ? 0 : EXIT_BY_CODE.TEMPLATE_BROKEN;
}
