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
