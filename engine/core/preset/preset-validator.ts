import type { Ajv2020, ValidateFunction } from 'ajv/dist/2020.js';
import { PRESET_SCHEMA } from './preset-schema.ts';

/** Options to compile the schema of a preset, here and when the package is built. */
export const AJV_OPTIONS = { allErrors: true, allowUnionTypes: true, strictTypes: false, strictTuples: false } as const;

let compiled: Promise<ValidateFunction> | undefined;

/**
 * The validator of `preset.yaml`. It is compiled when the package is built, so the published package does not load the
 * compiler.
 */
export function loadValidator(): Promise<ValidateFunction> {
  compiled ??= import('ajv/dist/2020.js').then((module: { Ajv2020: typeof Ajv2020 }) =>
    new module.Ajv2020(AJV_OPTIONS).compile(PRESET_SCHEMA),
  );
  return compiled;
}
