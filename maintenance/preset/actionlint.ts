import type { Problem } from '../../engine/core/errors.ts';
import { runCommand } from '../../engine/io/command.ts';

/** More workflows than a preset has, or all variants of one. */
const MAX_RUNS = 20;

/**
 * Holds workflows against actionlint, where that is installed.
 * @param workflows path and text
 * @returns nothing where it is not installed, or says what nobody understands
 */
export function lintWorkflows(
  workflows: readonly { readonly path: string; readonly text: string; readonly source: string }[],
): Problem[] | undefined {
  const problems: Problem[] = [];
  for (const { path, text, source } of workflows.slice(0, MAX_RUNS)) {
    const args = ['-no-color', '-format', '{{json .}}', '-stdin-filename', path, '-'];
    const result = runCommand('actionlint', args, process.cwd(), { input: Buffer.from(text) });
    // 0: nothing found, 1: something found. Anything else is not about the workflow.
    if (!result.ok && result.code !== 1) return undefined;
    const found = readFindings(result.stdout ?? '');
    if (!found) return undefined;
    for (const { message, line } of found)
      problems.push({ subject: `${path}:${line}`, reason: `${message} (from ${source}, says actionlint)` });
  }
  return problems;
}

function readFindings(text: string): { message: string; line: number }[] | undefined {
  try {
    const found: unknown = JSON.parse(text);
    if (!Array.isArray(found)) return undefined;
    return found.map((one: unknown) => {
      const { message, line } = Object(one) as { message?: unknown; line?: unknown };
      return { message: String(message), line: Number(line) };
    });
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
