import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type Program, verb } from './running.ts';
import type { Step } from './verbs.ts';

/** Runs a verb as a step says, and holds what it did against it. */
export async function take(program: Program, step: Step): Promise<void> {
  const folder = join(program.folder, 'migrations');
  if (step.files !== undefined) mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(step.files ?? {})) {
    if (text === null) rmSync(join(folder, name));
    else writeFileSync(join(folder, name), text);
  }
  // A program that carries its migrations reads those of the folder instead.
  const { code, lines } = await verb(program, step.args, { TWELVE_MIGRATIONS: folder, ...step.env });
  const last = lines.at(-1);
  expect(code, JSON.stringify(last)).toBe(step.code);
  expect(JSON.stringify(lines)).not.toContain('s3cret');
  if (step.prints !== undefined) expect(lines).toEqual([matching(step.prints)]);
  else if (step.log === undefined) expect(lines).toEqual([]);
  else {
    const { time, 'service.name': name, 'service.version': version, ...rest } = last ?? {};
    expect([typeof time, name, version]).toEqual(['string', 'orders', '0.1.0']);
    // The words of an error, and what a driver adds, are of the language.
    const { err: _, code: __, ...fields } = rest as Record<string, unknown>;
    const { errors } = fields as { errors?: { name: string }[] };
    errors?.sort((one, other) => (one.name < other.name ? -1 : 1));
    expect(fields).toEqual(matching(step.log));
  }
}

/** Patterns stand for the texts that they match. */
function matching(value: unknown): unknown {
  if (value instanceof RegExp) return expect.stringMatching(value);
  if (Array.isArray(value)) return value.map(matching);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, matching(one)]));
}
