import { UserError } from '../core/errors.ts';
import { templateError } from '../core/template/template.ts';
import { runGroup } from './process-group.ts';
import { waitingFor } from './waiting.ts';

/** The options that all tools of one fetch share. */
export interface ToolRun {
  readonly cwd: string;
  /** The user's environment. */
  readonly env: NodeJS.ProcessEnv;
  /** Ends the tool and everything that it started. */
  readonly deadline: AbortSignal;
  /** The source as a person wrote it, for messages. */
  readonly source: string;
  /** What a person reads while it runs; without it, that the source is fetched. */
  readonly doing?: string;
}

/** The result of a tool that was not stopped. */
export interface ToolEnd {
  readonly status: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/**
 * Runs one of the user's own tools in its own process group. It has no terminal to ask questions on, and its time and
 * its output are limited.
 * @param maxBytes of stdout
 * @throws {UserError} NOT_POSSIBLE (not installed), SOURCE_UNREACHABLE (too late), TEMPLATE_UNSAFE (too much output)
 */
export async function runTool(
  command: string,
  args: readonly string[],
  { cwd, env, deadline, source, doing = `fetching ${source} with ${command}` }: ToolRun,
  { input = '', maxBytes }: { input?: string; maxBytes?: number } = {},
): Promise<ToolEnd> {
  const run = { cwd, env, stop: deadline, input, ...(maxBytes === undefined ? {} : { maxBytes }) };
  const ended = await waitingFor(doing, runGroup(command, args, run));
  switch (ended.kind) {
    case 'stopped':
      throw tooLate(source);
    case 'flooded':
      throw templateError('TEMPLATE_UNSAFE', source, 'is too large');
    case 'missing':
      throw notInstalled(command, source);
    default:
      return ended;
  }
}

function tooLate(source: string): UserError {
  return new UserError(
    'SOURCE_UNREACHABLE',
    `${source} could not be fetched: the server did not answer in time`,
    'Check the network, the proxy and the server, then run the command again.',
  );
}

function notInstalled(command: string, source: string): UserError {
  return new UserError(
    'NOT_POSSIBLE',
    `${source} cannot be fetched: ${command} is not installed`,
    `Install ${command}, or give the source as a folder.`,
  );
}
