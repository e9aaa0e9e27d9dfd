import { createRole } from '../harness/backing/role.ts';
import type { Harness } from '../harness/harness.ts';
import { describe } from '../harness/http/ask.ts';
import { HarnessFailure, Unseen } from '../harness/wait.ts';
import { createItem, holds } from '../probes/data/stored-item.ts';
import { leaseApart } from '../probes/stop/instances-to-stop.ts';
import type { Rule } from '../rule.ts';
import { all } from '../subject.ts';

/** What generators of passwords like, and what a URL has to encode. */
const PASSWORD = 'p@ss:w/rd?a#b%41&c+d';

export const rule: Rule = {
  id: 'IV-1',
  level: 'MUST',
  factor: 'IV. Backing services',
  promises: {
    'twelve-factor':
      'A different database URL is all it takes to run on a different database, also with a password that a URL has to encode.',
  },
  why: 'Moving a database, restoring one or having one for each stage must be a matter of configuration.',
  mend: 'Take the connection from DATABASE_URL and from nowhere else: no host, schema or name in the code.',
  byHand: [
    'DATABASE_URL=$ONE $SERVICE',
    'DATABASE_URL=$OTHER PORT=8081 $SERVICE; curl -i $URL$ITEM; curl -i http://127.0.0.1:8081$ITEM',
  ],
  applies: (subject) => all(subject.stores(), subject.serves()),
  async check(harness) {
    if (harness.subject.hasCache && harness.subject.backing.sharesRedis)
      throw new Unseen('one Redis database is given, and services on different databases would share it');
    // Started for this, with one temporary folder: what the first has left there is for the second to find.
    const [one, other] = await leaseApart(harness);
    const { path, body } = await createItem(harness, one);
    const [here, there] = await Promise.all([one.ask(path), other.ask(path)]);
    const stored = here.status === 200 && holds(here.json, body);
    harness.saw({
      sent: `GET ${path} on the first database`,
      expected: '200 and what was sent',
      got: describe(here),
      ok: stored,
    });
    harness.saw({
      sent: `GET ${path} on the second database`,
      expected: '404',
      got: describe(there),
      ok: there.status === 404,
    });
    const second = await createItem(harness, other);
    const found = await other.ask(second.path);
    const works = found.status === 200 && holds(found.json, second.body);
    harness.saw({
      sent: `GET ${second.path} on the second database`,
      expected: '200 and what was sent',
      got: describe(found),
      ok: works,
    });
    if (!harness.leavesOut('a password that a URL has to encode')) await seeEncoded(harness);
    return harness.evidence;
  },
};

/** Who takes a URL apart by hand forgets that its parts are encoded. */
async function seeEncoded(harness: Harness): Promise<void> {
  const database = await harness.database();
  const role = await createRole(database, PASSWORD).catch((error: Error) => {
    harness.leftOut.push(`a password that a URL has to encode: no user can be made on the server (${error.message})`);
  });
  if (!role) return;
  await harness.own(role, () => role.drop());
  const service = await harness.start({ database: { url: role.url }, waitMs: 0 });
  const reached = await service.ready(harness.subject.verbMs).catch((error: Error) => error);
  if (reached instanceof HarnessFailure) throw reached;
  const isReady = typeof reached === 'number';
  const status = isReady ? 200 : await service.status(service.paths.ready);
  harness.saw({
    sent: `DATABASE_URL of a user with the password ${PASSWORD}, each character encoded that has to be`,
    expected: 'it is ready, as with other passwords',
    got: isReady ? 'ready' : reached.message,
    ok: isReady,
    // It runs, and says itself that it does not reach the database.
    ...(status === 503 ? { steady: true } : {}),
  });
}
