import { UserError } from '../../engine/core/errors.ts';
import { explainFile } from '../../maintenance/explain/run.ts';
import { explanationJson, explanationText } from '../../report/explain.ts';
import { given, type Invocation } from '../command-line/command.ts';
import type { EXPLAIN_OPTIONS } from '../command-line/options.ts';
import type { RunContext } from '../run-context.ts';

/** `explain FILE` */
export async function runExplain(
  { positionals, flags, format }: Invocation<typeof EXPLAIN_OPTIONS>,
  { cwd, output }: RunContext,
): Promise<number> {
  const [file] = positionals;
  if (file === undefined)
    throw new UserError(
      'INPUT_MISSING',
      'say which file to explain',
      'E.g. npx create-twelve-service explain Dockerfile.',
    );
  const explanation = await explainFile(file, { cwd, ...given({ dir: flags.dir }) });
  return output.data(format === 'json' ? JSON.stringify(explanationJson(explanation)) : explanationText(explanation));
}
