import { isFine } from '../harness/http/endpoint.ts';
import { describeExit } from '../harness/process/process.ts';
import { sleep, until } from '../harness/wait.ts';
import type { Rule } from '../rule.ts';

export const rule: Rule = {
  id: 'XII-3',
  level: 'MUST',
  factor: 'XII. Admin processes',
  statement: 'Starting `web` leaves the schema alone.',
  why: 'A schema change is a step of a release that somebody decides to take. It must not happen because an instance starts.',
  mend: 'Keep the runner out of `web`: start it by the verb `migrate`, once, before the new release serves.',
  applies: (subject) => subject.stores(),
  async check(harness) {
    const database = await harness.emptyDatabase();
    const before = await database.schema();
    const service = await harness.start({ database, waitMs: 0 });
    const alive = () =>
      service.status(service.paths.live).then((status) => isFine(status) || service.child.exited !== undefined);
    await until('it to serve or to end', 10_000, async () => ((await alive()) ? true : undefined)).catch(
      () => undefined,
    );
    await service.status(service.paths.ready);
    await sleep(1000);
    const same = (await database.schema()) === before;
    harness.saw({
      sent: `web on an empty database (${describeExit(service.child.exited)})`,
      expected: 'the database is still empty',
      got: same ? 'empty' : 'tables were made',
      ok: same,
    });
    const { exit } = await harness.run(['migrate', '--status'], { database });
    harness.saw({ sent: 'migrate --status on it', expected: 'exit 3', got: describeExit(exit), ok: exit.code === 3 });
    return harness.evidence;
  },
};
