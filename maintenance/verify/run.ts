import { Backing } from '../../contract/harness/backing/backing.ts';
import { RawConnection } from '../../contract/harness/http/raw-connection.ts';
import { findProgram } from '../../contract/harness/process/programs.ts';
import { HarnessFailure, Unseen } from '../../contract/harness/wait.ts';
import type { Rule } from '../../contract/rule.ts';
import { rules as allRules } from '../../contract/rules/index.ts';
import type { Target } from '../../contract/target.ts';
import { type Report, verify } from '../../contract/verify.ts';
import { printable, UserError } from '../../engine/core/errors.ts';
import { nearest } from '../../engine/core/nearest.ts';
import { composeImages } from './compose-images.ts';
import { readSeconds, type VerifyRequest } from './options.ts';
import { progressLines } from './progress.ts';
import { makeTarget } from './target.ts';

interface Watch {
  /** Called with what is run, and with each rule as it is judged. */
  readonly tell: (text: string) => void;
  /** Registers work that has to be done before the program may be ended. */
  readonly onInterrupt: (cleanUp: () => Promise<void>) => void;
}

/** Seconds for a whole run. It is less than jobs of CI servers have, so that there is always a report. */
const TIMEOUT_S = 900;

/**
 * Builds, starts, probes and stops a service. All that is wrong with the service is in the report.
 * @throws {UserError} INPUT_* (2) for the request, NOT_POSSIBLE (3) for what this machine lacks
 */
export async function runVerification(request: VerifyRequest, watch: Watch): Promise<Report> {
  const ending = new AbortController();
  const seconds = request.timeout === undefined ? TIMEOUT_S : readSeconds('--timeout', request.timeout);
  const over = () => ending.abort(new Unseen(`the time was over: ${seconds} s (--timeout)`));
  const timer = setTimeout(over, seconds * 1000);
  try {
    return await runWithin(ending.signal, request, watch);
  } finally {
    clearTimeout(timer);
  }
}

async function runWithin(signal: AbortSignal, request: VerifyRequest, { tell, onInterrupt }: Watch): Promise<Report> {
  const rules = chooseRules(request.rules);
  const target = await makeTarget(request, { tell, signal });
  if (target.kind === 'image') await requireImage(target.image);
  if (target.kind === 'url') await requireAnswer(target.url);
  const { DATABASE_URL, REDIS_URL } = target.env ?? {};
  const backing = new Backing({
    ...(DATABASE_URL === undefined ? {} : { databaseUrl: DATABASE_URL }),
    ...(REDIS_URL === undefined ? {} : { redisUrl: REDIS_URL }),
    ...(target.folder === undefined ? {} : { images: composeImages(target.folder) }),
  });
  // What is started here ends with this process, but databases on somebody else's server do not.
  if (DATABASE_URL !== undefined) onInterrupt(() => backing.stop());
  if (DATABASE_URL !== undefined && 'verbless' in target)
    tell('it has no verb to migrate, so probes write into the database of DATABASE_URL itself');
  try {
    return await verify(target, { backing, rules, signal, onResult: progressLines(rules.length, tell) });
  } catch (error) {
    throw asUserError(error, target);
  } finally {
    await backing.stop();
  }
}

function chooseRules(ids: readonly string[]): readonly Rule[] {
  const wanted = ids
    .flatMap((text) => text.split(','))
    .map((id) => id.trim().toUpperCase())
    .filter(Boolean);
  const known = allRules.map(({ id }) => id);
  if (ids.length > 0 && wanted.length === 0)
    throw new UserError('INPUT_INVALID', '--rule names no rule', `There are ${known.join(', ')}.`);
  const unknown = wanted.filter((id) => !known.includes(id));
  if (unknown.length > 0) {
    const problems = unknown.map((id) => ({
      subject: `--rule ${printable(id)}`,
      reason: `is not a rule of the contract; did you mean ${nearest(id, known)?.word}?`,
    }));
    const text = problems.map(({ subject, reason }) => `${subject} ${reason}`).join('; ');
    throw new UserError('INPUT_INVALID', text, `There are ${known.join(', ')}.`, { problems });
  }
  return wanted.length === 0 ? allRules : allRules.filter(({ id }) => wanted.includes(id));
}

/** @throws {UserError} NOT_POSSIBLE where nothing listens */
async function requireAnswer(url: string): Promise<void> {
  const connection = await RawConnection.open(new URL(url), { ms: 10_000 }).catch((cause: Error) => {
    const remedy = 'Start the service, or look at the address.';
    throw new UserError('NOT_POSSIBLE', `${url} cannot be reached: ${cause.message}`, remedy, { cause });
  });
  connection.destroy();
}

/** @throws {UserError} NOT_POSSIBLE without Docker, an engine or the image */
async function requireImage(image: string): Promise<void> {
  const { execFile } = process.getBuiltinModule('node:child_process');
  const docker = findProgram('docker');
  if (docker === undefined)
    throw new UserError('NOT_POSSIBLE', 'docker is not installed', 'Install the Docker CLI, or verify the folder.');
  const said = await new Promise<string | undefined>((resolve) => {
    execFile(docker, ['image', 'inspect', '--format', '{{.Id}}', image], { timeout: 30_000 }, (error, _out, stderr) =>
      resolve(error ? stderr.trim() || error.message : undefined),
    );
  });
  if (said === undefined) return;
  const isMissing = /no such image/i.test(said);
  throw new UserError(
    'NOT_POSSIBLE',
    `${isMissing ? 'there is no such image here' : 'docker does not answer'}: ${printable(said.split('\n')[0] ?? '')}`,
    isMissing
      ? `Build it, or fetch it with docker pull ${printable(image)}.`
      : 'Start the engine: docker info says more.',
  );
}

function asUserError(error: unknown, target: Target): unknown {
  if (!(error instanceof HarnessFailure)) return error;
  const remedy = 'This machine lacks something; the service is not at fault.';
  return new UserError('NOT_POSSIBLE', `${printable(target.name)} cannot be verified here: ${error.message}`, remedy, {
    cause: error,
  });
}
