import { runGroup } from '../../engine/io/process-group.ts';

/** What became of a step that follows the files. */
export type Step = 'done' | 'skipped' | 'failed';

/** What a tool did in such a step. */
export type StepEnd =
  | { readonly ok: true; readonly stdout: string; readonly stderr: string }
  | {
      readonly ok: false;
      /** Why, for a person. */
      readonly reason: string;
      /** Whether there is no such tool here. */
      readonly isMissing?: true;
      /** Its exit code, if it ended by itself. */
      readonly code?: number;
      readonly stdout?: string;
      readonly stderr?: string;
    };

/** Time that a tool has to end by itself after a signal. */
const GRACE_MS = 5000;

interface StepRun {
  readonly cwd: string;
  /** Ends the tool; its reason is the name of the signal, or that it took too long. */
  readonly stop: AbortSignal;
  readonly env?: NodeJS.ProcessEnv;
  readonly input?: string;
}

/** Runs a tool of the user's that follows the files of a new service. A signal to this program ends it. */
export async function runStep(
  command: string,
  args: readonly string[],
  { cwd, stop, env = {}, input = '' }: StepRun,
): Promise<StepEnd> {
  const end = await runGroup(command, args, { cwd, stop, input, env: { ...process.env, ...env }, graceMs: GRACE_MS });
  if (end.kind === 'missing') return { ok: false, isMissing: true, reason: `${command} is not installed` };
  if (end.kind === 'stopped') return { ok: false, reason: stoppedBy(command, stop) };
  if (end.kind === 'flooded') return { ok: false, reason: `${command} printed too much` };
  const stdout = end.stdout.toString('utf8');
  const { status, stderr } = end;
  if (status === 0) return { ok: true, stdout, stderr };
  if (status === null) return { ok: false, reason: `${command} was killed`, stdout, stderr };
  const [said] = stderr.trim().split('\n');
  const reason = said || `${command} ended with exit code ${status}`;
  return { ok: false, reason, code: status, stdout, stderr };
}

function stoppedBy(command: string, { reason }: AbortSignal): string {
  return typeof reason === 'string' ? `${command} was stopped by ${reason}` : `${command} did not end in time`;
}
