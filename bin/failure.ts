import { UserError } from '../engine/core/errors.ts';
import { diskError } from '../engine/io/failure.ts';
import { isPromptAbort } from '../engine/io/terminal.ts';
import { type Output, systemOutput } from './output.ts';

/** Whatever was thrown, as an error for a person. What nobody foresaw is INTERNAL: a bug of ours. */
export function toUserError(error: unknown): UserError {
  if (error instanceof UserError) return error;
  if (isPromptAbort(error)) return interrupted('INTERRUPTED', true, error);
  const failure = diskError(error, (error as NodeJS.ErrnoException)?.path ?? 'a file');
  if (failure instanceof UserError) return failure;
  const message = error instanceof Error ? error.message : String(error);
  return new UserError(
    'INTERNAL',
    message,
    'This is a bug of create-twelve-service: please report it with the output of --debug (npm bugs create-twelve-service opens the place).',
    { cause: error },
  );
}

/** Once the files are there, nothing takes them back: whatever fails then is for a person to finish. */
export function afterwards(failure: UserError): UserError {
  return new UserError(
    'FOLLOW_UP_FAILED',
    `the files are complete; what came after them failed: ${failure.message}`,
    'Look at the folder; git and the installation of dependencies are yours to run.',
    { cause: failure },
  );
}

/** Ctrl-C or SIGTERM before anything was written. `asks`: the command is one with questions. */
export function interrupted(code: 'INTERRUPTED' | 'TERMINATED', asks: boolean, cause?: unknown): UserError {
  const remedy = asks ? 'Run the command again, or with --yes to be asked nothing.' : 'Run the command again.';
  return new UserError(code, 'interrupted; nothing was written', remedy, { cause });
}

/** Says what went wrong, for people on stderr and with `json` for programs on stdout too. */
export async function reportError(
  error: UserError,
  how: { json: boolean; debug: boolean },
  output: Output = systemOutput,
): Promise<number> {
  const { errorJson, errorText } = await import('../report/error.ts');
  const isMute = [error, error.cause].some((one) => one instanceof UserError && one.code === 'OUTPUT_FAILED');
  if (how.json && !isMute) output.data(JSON.stringify(errorJson(error)));
  output.chatter(errorText(error));
  if (how.debug) output.chatter(String((error.cause as Error | undefined)?.stack ?? error.stack));
  return error.exit;
}
