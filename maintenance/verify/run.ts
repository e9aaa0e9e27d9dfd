import { Backing } from '../../contract/harness/backing/backing.ts';
import { RawConnection } from '../../contract/harness/http/raw-connection.ts';
import { findProgram } from '../../contract/harness/process/programs.ts';
import { HarnessFailure, Unseen, within } from '../../contract/harness/wait.ts';
import type { Rule } from '../../contract/rule.ts';
import type { Target } from '../../contract/target.ts';
import { END_MS, type Report, verify } from '../../contract/verify.ts';
import { printable, UserError } from '../../engine/core/errors.ts';
import { chooseRules } from './choose-rules.ts';
import { composeImages } from './compose-images.ts';
import { readMapping } from './mapping.ts';
import { readSeconds, type VerifyRequest } from './options.ts';
import { chooseProfile } from './profile.ts';
import { progressLines, secondLooksLine } from './progress.ts';
import { folderOf, makeTarget } from './target.ts';

interface Watch {
  /** Called with what is run, and with each rule as it is judged. */
  readonly tell: (text: string) => void;
  /** Registers work that has to be done before the program may be ended. */
  readonly onInterrupt: (cleanUp: () => Promise<void>) => void;
}

/** Seconds for a whole run. It is less than jobs of CI servers have, so that there is always a report. */
const TIMEOUT_S = 900;
/** When servers that nothing uses any more are no longer waited for. They end with this process, in milliseconds. */
const STOP_MS = 20_000;

/**
 * Builds, starts, probes and stops a service. All that is wrong with the service is in the report.
 * @throws {UserError} INPUT_* (2) for the request, NOT_POSSIBLE (3) for what this machine lacks
 */
export async function runVerification(request: VerifyRequest, watch: Watch): Promise<Report> {
  const ending = new AbortController();
  const seconds = request.timeout === undefined ? TIMEOUT_S : readSeconds('--timeout', request.timeout);
  const over = () => ending.abort(new Unseen(`the time was over: ${seconds} s (--timeout)`));
  // The time is for all of the run: a part of it is kept for the end of what was started.
  const timer = setTimeout(over, seconds * 1000 - Math.min(END_MS, seconds * 100));
  try {
    return await runWithin(ending.signal, request, watch);
  } finally {
    clearTimeout(timer);
  }
}

async function runWithin(signal: AbortSignal, request: VerifyRequest, { tell, onInterrupt }: Watch): Promise<Report> {
  const folder = folderOf(request);
  const mapping = await readMapping(request.mapping, folder, request.cwd);
  const chosen = chooseProfile(request.profile, folder, mapping?.profile);
  const rules = chooseRules(request.rules, chosen.profile);
  const target = await makeTarget(request, { ...chosen, mapping }, { tell, signal });
  if (target.kind === 'image') await requireImage(target.image);
  if (target.kind === 'url') await requireAnswer(target.url);
  const { [mapping?.database ?? 'DATABASE_URL']: DATABASE_URL, REDIS_URL } = target.env ?? {};
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
    const onSecondLooks = (unsure: readonly Rule[]) => tell(secondLooksLine(unsure));
    return await verify(target, {
      ...{ backing, rules, signal, onSecondLooks },
      onResult: progressLines(rules.length, tell),
    });
  } catch (error) {
    throw asUserError(error, target);
  } finally {
    // Nothing is told of servers that do not end, since the service has no part in it.
    const ms = signal.aborted ? END_MS : STOP_MS;
    await within('the end of the backing services', ms, backing.stop()).catch(() => undefined);
  }
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
