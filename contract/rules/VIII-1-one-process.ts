import type { Harness } from '../harness/harness.ts';
import { describeExit } from '../harness/process/process.ts';
import { hasProcfs } from '../harness/process/procfs.ts';
import type { Service } from '../harness/service.ts';
import { sleep } from '../harness/wait.ts';
import type { Rule } from '../rule.ts';

/** How often the processes are counted again if there is more than one. */
const LOOKS = 5;

export const rule: Rule = {
  id: 'VIII-1',
  level: 'MUST',
  factor: 'VIII. Concurrency',
  promises: { house: 'A container runs one process, and every kind of process is a verb of the one artifact.' },
  why: 'The platform scales, restarts and limits processes; a supervisor inside the container hides them from it.',
  mend: 'Start the program itself, not a shell, a package manager or a cluster; add process types as verbs.',
  byHand: ['docker run --name probe --detach $IMAGE; docker top probe'],
  applies: (subject) => subject.runs(),
  async check(harness) {
    const database = harness.subject.hasDatabase ? { database: await harness.database() } : {};
    const service = await harness.shared();
    await countProcesses(harness, service);
    if (harness.subject.form === 'worker') {
      harness.leftOut.push('the verbs: they are looked at where it serves HTTP');
      return harness.evidence;
    }
    const verbless = harness.subject.takesVerbs();
    if (verbless !== true) {
      harness.saw({
        sent: 'the verbs of the contract',
        expected: 'web, healthcheck, config, version',
        got: verbless,
        ok: false,
      });
      return harness.evidence;
    }
    if (harness.leavesOut('the verbs')) return harness.evidence;
    const here = harness.port(service.port);
    const nobody = harness.port(1);
    const stored = harness.subject.hasDatabase;
    const verbs = [
      { verb: ['healthcheck'], env: here, code: 0 },
      { verb: ['healthcheck', '--ready'], env: here, code: 0 },
      { verb: ['healthcheck'], env: nobody, code: 1 },
      { verb: ['config', '--check'], env: {}, code: 0 },
      { verb: ['config', '--schema'], env: {}, code: 0 },
      { verb: ['version'], env: {}, code: 0 },
      ...(stored
        ? [
            { verb: ['migrate', '--status'], env: {}, code: 0 },
            { verb: ['migrate'], env: {}, code: 0 },
          ]
        : []),
      { verb: ['no-such-verb'], env: {}, code: 64 },
    ];
    for (const { verb, env, code } of verbs) {
      const isPlain = ['version', 'config'].includes(verb[0] ?? '');
      const { exit } = await (isPlain ? harness.printed(verb) : harness.run(verb, { ...database, env }));
      const at = env === nobody ? ' where nobody listens' : '';
      harness.saw({
        sent: `the verb ${verb.join(' ')}${at}`,
        expected: `exit ${code}`,
        got: describeExit(exit),
        ok: exit.code === code,
      });
    }
    return harness.evidence;
  },
};

async function countProcesses(harness: Harness, service: Service): Promise<void> {
  let got = hasProcfs() ? service.members()?.length : undefined;
  // A health check of the engine is a process of the container for a moment.
  for (let look = 0; look < LOOKS && got !== undefined && got > 1; look += 1) {
    await sleep(200);
    got = service.members()?.length;
  }
  if (got === undefined) harness.leftOut.push('the number of processes: they are not seen here');
  else harness.saw({ sent: 'count the processes of web', expected: '1', got: String(got), ok: got === 1 });
}
