import type { Harness } from '../harness/harness.ts';
import { describeExit } from '../harness/process/process.ts';
import type { WriteOperation } from '../harness/schema/openapi.ts';
import { sleep, until } from '../harness/wait.ts';
import type { Rule } from '../rule.ts';
import { all } from '../subject.ts';

export const rule: Rule = {
  id: 'XII-3',
  level: 'MUST',
  factor: 'XII. Admin processes',
  slow: 'it waits whether a schema changes',
  promises: {
    'twelve-factor': '`web` leaves the schema alone, when it starts and when it is used.',
    house: '`migrate --status` is exit 3 then.',
  },
  why: 'A schema change is a step of a release that somebody decides to take. It must not happen because an instance starts.',
  mend: 'Keep the runner out of `web`: start it by the verb `migrate`, once, before the new release serves.',
  byHand: ["createdb probe; DATABASE_URL=$EMPTY $SERVICE & sleep 5; psql probe -c '\\dt'"],
  applies: (subject) => all(subject.stores(), subject.serves()),
  async check(harness) {
    const database = await harness.emptyDatabase();
    const before = await database.schema();
    const service = await harness.start({ database, waitMs: 0 });
    const alive = () =>
      service.status(service.paths.live).then((status) => service.isFine(status) || service.child.exited !== undefined);
    await until('it to serve or to end', 10_000, async () => ((await alive()) ? true : undefined)).catch(
      () => undefined,
    );
    await service.status(service.paths.ready);
    const write = await harness.findWrite('a write');
    // What is not there may be an error. It must not be made by the way.
    if (write && !service.child.exited)
      for (const method of ['GET', 'POST'])
        await service
          .ask(write.path, { method, body: method === 'POST' ? write.body() : undefined })
          .catch(() => undefined);
    await sleep(1000);
    const same = (await database.schema()) === before;
    harness.saw({
      sent: `web on an empty database, and a request that writes (${describeExit(service.child.exited)})`,
      expected: 'the database is still empty',
      got: same ? 'empty' : 'tables were made',
      ok: same,
    });
    if (write) await probeWrites(harness, write);
    if (!harness.asks('house')) return harness.evidence;
    const { exit } = await harness.run(['migrate', '--status'], { database });
    harness.saw({ sent: 'migrate --status on it', expected: 'exit 3', got: describeExit(exit), ok: exit.code === 3 });
    return harness.evidence;
  },
};

/** Compares the schema after requests that write with the one that the migrations make. */
async function probeWrites(harness: Harness, { path, body }: WriteOperation): Promise<void> {
  const service = await harness.shared();
  await service.ask(path, { method: 'POST', body: body() });
  const [migrated, used] = await Promise.all([harness.database(), harness.sharedDatabase()]);
  const [before, after] = await Promise.all([migrated.schema(), used.schema()]);
  const more = after.split('\n').filter((line) => !before.includes(line.trim().replace(/,$/, '')));
  harness.saw({
    sent: `POST ${path} on a migrated database`,
    expected: 'the schema that migrate made',
    got:
      before === after
        ? 'the same'
        : more
            .map((line) => line.trim())
            .join(' ')
            .slice(0, 400) || 'less than that',
    ok: before === after,
  });
}
