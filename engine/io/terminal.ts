/**
 * Whether a person can answer questions: stdin and stderr are a terminal, and neither CI nor a coding agent uses it.
 */
export async function canAsk(): Promise<boolean> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return false;
  const { isAgent, isCI } = await import('std-env');
  return !isAgent && !isCI;
}

/** Whether an error is the one that inquirer throws for Ctrl-C at a prompt. */
export function isPromptAbort(error: unknown): boolean {
  return error instanceof Error && (error.name === 'ExitPromptError' || error.name === 'AbortPromptError');
}

/**
 * Whether to colour the output: https://no-color.org, https://force-color.org.
 * @param isTerminal whether the output stream is a terminal
 */
export function wantsColour(env: Readonly<Record<string, string | undefined>>, isTerminal: boolean): boolean {
  if (env.NO_COLOR) return false;
  if (env.FORCE_COLOR) return env.FORCE_COLOR !== '0' && env.FORCE_COLOR !== 'false';
  return isTerminal && env.TERM !== 'dumb';
}
