import type { Harness } from '../harness/harness.ts';
import { freePort } from '../harness/http/ports.ts';
import { hasProcfs, listensOn } from '../harness/process/procfs.ts';
import type { Service } from '../harness/service.ts';
import { Unseen, until } from '../harness/wait.ts';
import { configFiles } from '../probes/artifact/config-files.ts';
import type { Rule } from '../rule.ts';
import { all } from '../subject.ts';

/** How long a line of the log may take, in milliseconds. */
const LINE_MS = 2000;

export const rule: Rule = {
  id: 'III-5',
  level: 'MUST',
  factor: 'III. Config',
  promises: {
    'twelve-factor':
      'No file beats the environment: a `.env` or a file of settings beside the program, which sets a variable that is given, changes nothing.',
  },
  why: 'A file that was left in an image decides about production, and nobody sees it: the platform shows the variables that it gives, and they are not those that count.',
  mend: 'Read settings from the environment. Where a file has defaults for development, take a value from it only if the variable is not set, and keep the file out of the image.',
  thresholds: [`a line of the log at the level that the environment asks for comes within ${LINE_MS / 1000} s`],
  byHand: ["(printf 'PORT=8099\\n' > .env; PORT=8080 $SERVICE) & sleep 3; curl -i http://127.0.0.1:8080/; rm .env"],
  applies: (subject) => all(subject.isProcess(), subject.serves()),
  async check(harness) {
    const { portVariable, startMs } = harness.subject;
    // What does not start without such files says nothing of them.
    await harness.shared();
    const other = await freePort();
    const dead = 'postgresql://nobody:none@127.0.0.1:1/none';
    const given = await harness.environment();
    const level = harness.subject.comfort({ LOG_LEVEL: 'info' });
    const planted: Record<string, string> = {
      [portVariable]: String(other),
      ...(given.DATABASE_URL === undefined ? {} : { DATABASE_URL: dead }),
      ...(given.REDIS_URL === undefined ? {} : { REDIS_URL: 'redis://127.0.0.1:1/0' }),
      ...(Object.keys(level).length > 0 ? { LOG_LEVEL: 'fatal' } : {}),
    };
    const service = await startBeside(harness, planted, level);
    const sent = `files such as .env and config.yaml that set ${Object.keys(planted).join(', ')}; start with others in the environment`;
    const failure = await startFailure(service, other, startMs);
    // Whoever refuses the files, whatever is in them, does not say which value counts.
    if (failure instanceof Error && !(await startsBeside(harness)))
      throw new Unseen(`it does not start beside files of settings that it does not know: ${failure.message}`);
    harness.saw({
      sent,
      expected: `it is ready on port ${service.port}, and takes none of the files`,
      got: failure instanceof Error ? failure.message : (failure ?? 'ready'),
      ok: failure === undefined,
    });
    if (failure === undefined && planted.LOG_LEVEL) await seeLevel(harness, service, sent);
    return harness.evidence;
  },
};

async function startBeside(
  harness: Harness,
  planted: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>>,
): Promise<Service> {
  const { target } = harness.subject;
  const programs = target.kind === 'process' ? target.command : [];
  const files = configFiles(target.folder ?? '', planted, programs);
  return harness.start({ target: harness.artifact(files), env, waitMs: 0 });
}

/**
 * Waits until a service is ready, or until it listens on another port, which is that of the files.
 * @returns what it did instead, or why it is not ready; nothing if it is
 */
async function startFailure(service: Service, other: number, ms: number): Promise<string | Error | undefined> {
  let isOver = false;
  const ready = service
    .ready(ms)
    .then(
      () => undefined,
      (error: Error) => error,
    )
    .finally(() => {
      isOver = true;
    });
  const isElsewhere = () => hasProcfs() && listensOn(service.members() ?? [], other);
  await until('its port', ms, () => isElsewhere() || isOver || undefined, 250).catch(() => undefined);
  return isElsewhere() ? `it listens on port ${other}, of the files` : ready;
}

/** Whether it starts beside the same files if they set nothing that it knows. */
async function startsBeside(harness: Harness): Promise<boolean> {
  const service = await startBeside(harness, { TWELVE_PROBE: '1' }, {});
  return service.ready(harness.subject.startMs).then(
    () => true,
    () => false,
  );
}

/** A service that takes its level from a file writes nothing of a request. */
async function seeLevel(harness: Harness, service: Service, sent: string): Promise<void> {
  const { child } = service;
  await service.status('/no/such/route');
  const found = await until('a line', LINE_MS, () => child.lines.find(({ json }) => json?.level !== 'fatal')).catch(
    () => undefined,
  );
  harness.saw({
    sent: `${sent}: its log with LOG_LEVEL=info`,
    expected: 'a line that is not fatal',
    got: found?.text ?? 'none: the level of the files counts',
    ok: found !== undefined,
  });
}
