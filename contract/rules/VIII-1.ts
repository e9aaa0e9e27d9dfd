import { hasProcfs } from '../harness/procfs.ts';
import { describeExit } from '../harness/service.ts';
import type { Rule } from '../types.ts';

export const rule: Rule = {
  id: 'VIII-1',
  level: 'MUST',
  factor: 'VIII. Concurrency',
  statement: 'A container runs one process, and every kind of process is a verb of the one artifact.',
  why: 'The platform scales, restarts and limits processes; a supervisor inside the container hides them from it.',
  mend: 'Start the program itself, not a shell, a package manager or a cluster; add process types as verbs.',
  applies: (subject) => subject.serves(),
  async check(harness) {
    const database = harness.subject.hasDatabase ? { database: await harness.database() } : {};
    const service = await harness.shared();
    if (harness.subject.target.kind === 'process' && hasProcfs()) {
      const members = service.child.members();
      harness.saw({
        sent: 'count the processes of web',
        expected: '1',
        got: String(members.length),
        ok: members.length === 1,
      });
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
