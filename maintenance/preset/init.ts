import { basename, resolve } from 'node:path';
import { UserError } from '../../engine/core/errors.ts';
import { parseNewName } from '../../engine/core/names.ts';
import { renderTemplate } from '../../engine/core/template/render.ts';
import { type RenderContext, type TemplateVariables, variablesOf } from '../../engine/core/template/template.ts';
import { applyPlan } from '../../engine/io/apply/apply.ts';
import { recoverTarget } from '../../engine/io/apply/undo.ts';
import { readTarget } from '../../engine/io/disk.ts';
import { loadBuiltin } from '../../engine/io/source/builtin.ts';
import { packageVersion } from '../../engine/io/version.ts';
import { planCreate } from '../../generators/create/plan.ts';

export interface PresetInit {
  readonly target: string;
  readonly name: string;
  readonly files: number;
  readonly notes: readonly string[];
}

/** The variables of the template for a new preset. */
export function presetVariables(): TemplateVariables {
  return variablesOf(contextOf('sample'));
}

function contextOf(packageName: string): RenderContext {
  return { packageName, version: packageVersion(), source: `npm:${packageName}@^1` };
}

/**
 * Writes a new preset with its tests and its pipeline.
 * @param dir its folder; `.` by default
 * @throws {UserError} INPUT_INVALID for the name, TARGET_* for the folder
 */
export async function initPreset(
  { dir = '.', name }: { dir?: string; name?: string },
  { cwd, beforeCommit }: { cwd: string; beforeCommit?: () => Promise<void> },
): Promise<PresetInit> {
  const target = resolve(cwd, dir);
  const packageName = name ?? basename(target);
  try {
    parseNewName(packageName);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UserError(
      'INPUT_INVALID',
      `--name ${error.message}`,
      'Name it like a package: --name @acme/service-preset.',
    );
  }
  const template = loadBuiltin('preset', presetVariables);
  const tree = await renderTemplate(template, {}, contextOf(packageName));
  const notes = recoverTarget(target, false);
  const plan = planCreate(tree, readTarget(target, tree.keys()), { overwrite: false });
  await applyPlan(target, plan, beforeCommit);
  return { target, name: packageName, files: plan.changes.length, notes: [...notes, ...plan.notes] };
}
