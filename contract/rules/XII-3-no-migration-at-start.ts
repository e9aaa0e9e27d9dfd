import type { Harness } from '../harness/harness.ts';
import { describeExit } from '../harness/process/process.ts';
import type { WriteOperation } from '../harness/schema/openapi.ts';
import type { Service } from '../harness/service.ts';
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

/** How often each route of the items is used, one round after the other. */
const ROUNDS = 20;
/** How long a change of the schema may take, in milliseconds. */
const SETTLE_MS = 500;

/** Compares the schema after requests that write with the one that the migrations make. */
async function probeWrites(harness: Harness, write: WriteOperation): Promise<void> {
  const database = await harness.database();
  const before = await database.schema();
  // Its own: others would have to wait where so many requests of one client are too many.
  const service = await harness.start({ database });
  for (let round = 0; round < ROUNDS; round += 1) await useItems(harness, service, write);
  await sleep(SETTLE_MS);
  const after = await database.schema();
  const more = after.split('\n').filter((line) => !before.includes(line.trim().replace(/,$/, '')));
  harness.saw({
    sent: `${ROUNDS} times POST ${write.path} on a migrated database, and reads, changes and a removal of what it made`,
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

/** Makes an item, reads it and the list, changes it and removes it, as far as there are routes for it. What fails is for other rules. */
async function useItems(harness: Harness, service: Service, { path, body }: WriteOperation): Promise<void> {
  const post = { method: 'POST', body: body() };
  const made = await service.ask(path, post).catch(() => undefined);
  const openApi = await harness.openApi().catch(() => undefined);
  const { location } = made?.headers ?? {};
  const item = location === undefined ? undefined : new URL(location, service.url).pathname;
  await service.status(path);
  if (item === undefined) return;
  await service.status(item);
  for (const method of ['PUT', 'PATCH', 'DELETE']) {
    const change = openApi?.changeOf(method, item);
    if (!change) continue;
    const { etag } = (await service.ask(item).catch(() => undefined))?.headers ?? {};
    const headers: Record<string, string> = etag === undefined ? {} : { 'if-match': etag };
    await service.ask(item, { method, headers, body: change.body?.() }).catch(() => undefined);
  }
}
