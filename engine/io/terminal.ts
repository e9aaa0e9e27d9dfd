/** Whether somebody is there to answer: a terminal on both ends, and neither CI nor a coding agent behind it. */
export async function canAsk(): Promise<boolean> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return false;
  const { isAgent, isCI } = await import('std-env');
  return !isAgent && !isCI;
}

/** Whether an error is inquirer's word for Ctrl-C at a prompt. */
export function isPromptAbort(error: unknown): boolean {
  return error instanceof Error && (error.name === 'ExitPromptError' || error.name === 'AbortPromptError');
}

/**
 * Whether to colour what goes to a terminal: https://no-color.org, https://force-color.org.
 * @param isTerminal of the stream that it goes to
 */
export function wantsColour(env: Readonly<Record<string, string | undefined>>, isTerminal: boolean): boolean {
  if (env.NO_COLOR) return false;
  if (env.FORCE_COLOR) return env.FORCE_COLOR !== '0' && env.FORCE_COLOR !== 'false';
  return isTerminal && env.TERM !== 'dumb';
}
