import { createCommand } from '../engine/core/client.ts';
import { packageVersion } from '../engine/io/version.ts';
import { serviceAround } from '../generators/workspace/find-workspace.ts';
import { type CommandLine, parse, readCommandLine } from './command-line/parse.ts';
import { COMMANDS } from './command-line/table.ts';
import { currentFolder } from './current-folder.ts';
import { afterwards, interrupted, reportError, toUserError } from './failure.ts';
import { type Output, systemOutput } from './output.ts';
import { progress } from './progress.ts';
import { chooseAddition, isBareAdd } from './run/choose-addition.ts';
import type { RunContext } from './run-context.ts';
import { showWaiting } from './waiting.ts';

/**
 * argv ──read──> command line ──parse──> invocation ──run──> exit code. Does not exit.
 */
export async function main(argv: readonly string[], output: Output = systemOutput): Promise<number> {
  let line = readCommandLine(argv);
  progress.line = line;
  if (!line.json) showWaiting();
  try {
    if (isBareAdd(line)) {
      line = readCommandLine(await chooseAddition(line.words, COMMANDS, currentFolder()));
      progress.line = line;
    }
    return await runCommand(line, output);
  } catch (error) {
    const failure = progress.applied ? afterwards(toUserError(error)) : toUserError(error);
    return await reportError(failure, line, output);
  }
}

async function runCommand(line: CommandLine, output: Output): Promise<number> {
  const { command, isNamed } = line;
  const invocation = await parse(line, {
    env: process.env,
    warn: (text) => output.chatter(`warning: ${text}`),
    serviceAround: () => serviceAround(currentFolder()),
  });
  if (invocation.flags.version) return output.data(packageVersion());
  if (!invocation.flags.help) return command.run(invocation, contextOf(output));
  const { helpOf, helpText } = await import('./about.ts');
  // `--help upgrade` is `upgrade --help`; what else stands there is a name.
  const words = isNamed ? [command.name] : invocation.positionals;
  return output.data(helpOf(words, COMMANDS) ?? helpText(COMMANDS, createCommand(process.env)));
}

function contextOf(output: Output): RunContext {
  return {
    cwd: currentFolder(),
    output,
    beforeCommit: stopIfSignalled,
    onApplied: (applied) => {
      progress.applied = applied;
    },
    onInterrupt: (cleanUp) => {
      progress.cleanUp = cleanUp;
    },
    onStop: (stop) => {
      progress.stop = stop;
    },
  };
}

/** Lets a signal in that came while files were staged. */
async function stopIfSignalled(): Promise<void> {
  progress.writing = true;
  await new Promise((resolve) => setImmediate(resolve));
  if (progress.signal) throw interrupted(progress.signal === 'SIGINT' ? 'INTERRUPTED' : 'TERMINATED', true);
}
