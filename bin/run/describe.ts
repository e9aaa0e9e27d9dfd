import type { Command, Invocation } from '../command-line/command.ts';
import { describeJson, describeText } from '../command-line/describe.ts';
import type { DESCRIBE_OPTIONS } from '../command-line/options.ts';
import type { RunContext } from '../run-context.ts';

/**
 * `describe`, with the questions of a preset if one is named.
 * @throws {UserError} for a preset that cannot be fetched or is broken (5, 6)
 */
export async function runDescribe(
  { flags: { preset }, format }: Invocation<typeof DESCRIBE_OPTIONS>,
  { output }: RunContext,
  commands: readonly Command[],
): Promise<number> {
  const described =
    preset === undefined ? commands : await Promise.all(commands.map((command) => withQuestions(command, preset)));
  return output.data(format === 'json' ? JSON.stringify(describeJson(described), null, 2) : describeText(described));
}

async function withQuestions(command: Command, preset: string): Promise<Command> {
  const { generator, loadStandard } = command;
  if (!generator || !loadStandard) return command;
  const { questions } = await loadStandard(preset);
  return { ...command, generator: { ...generator, questions } };
}
