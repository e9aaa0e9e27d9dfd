import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { execute, PROGRAM, plainEnvironment } from './program.ts';

/** A step of a person: wait until a text is on the screen, then type or send a signal. */
type Step = { readonly see: string; readonly type: string } | { readonly see: string; readonly signal: number };

export interface Session {
  readonly code: number | null;
  /** Number of the signal that ended it. */
  readonly signal: number | null;
  readonly timedOut: boolean;
  /** Steps whose text did not appear. */
  readonly unseen: readonly string[];
  readonly screen: string;
  readonly stdout: string;
}

export const ENTER = '\r';
export const DOWN = '\u001b[B';
export const CTRL_C = '\u0003';

/** Why a terminal is not possible here. Nothing if it is. */
export function terminalProblem(): string | undefined {
  const { status } = spawnSync('python3', ['-c', 'import pty; pty.openpty()'], { stdio: 'ignore' });
  return status === 0 ? undefined : 'no python3 with pty on this machine: prompts cannot be tried';
}

interface TerminalRun {
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly steps: readonly Step[];
}

/** Runs the program on a pseudo-terminal. */
export function onTerminal(args: readonly string[], how: TerminalRun): Promise<Session> {
  return commandOnTerminal([process.execPath, PROGRAM, ...args], how);
}

/** Runs any command on a pseudo-terminal. */
export async function commandOnTerminal(
  command: readonly string[],
  { cwd, env = {}, steps }: TerminalRun,
): Promise<Session> {
  const task = { command, cwd, env: plainEnvironment(env), steps };
  const result = await execute('python3', [join(import.meta.dirname, 'terminal.py'), JSON.stringify(task)], { cwd });
  if (result.code !== 0) throw new Error(`the terminal failed: ${result.stderr}`);
  return JSON.parse(result.stdout) as Session;
}
