import { chmodSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRole, type Role } from '../harness/backing/role.ts';
import type { Harness } from '../harness/harness.ts';
import { describeExit } from '../harness/process/process.ts';
import type { Service } from '../harness/service.ts';
import { HarnessFailure, sleep, Unseen, until } from '../harness/wait.ts';
import { createItem } from '../probes/data/stored-item.ts';
import type { Rule } from '../rule.ts';
import { all } from '../subject.ts';

/** How soon it works with the new password, in milliseconds. */
const SOON_MS = 10_000;
/** What readiness says may be a second old (H-1), in milliseconds. */
const STALE_MS = 1500;
/** How soon it is not ready with a password that is refused, in milliseconds. */
const REFUSED_MS = 3000;

export const rule: Rule = {
  id: 'III-6',
  level: 'SHOULD',
  factor: 'III. Config',
  slow: 'it starts an instance, and changes a password',
  promises: {
    house:
      'Credentials are read again: when the file of `DATABASE_URL_FILE` has another password, new connections use it, without a restart. With a password that is refused it is not ready.',
  },
  why: 'Passwords are replaced on a schedule, and after each leak. If every process that knows one has to be restarted in the same minute, nobody replaces them.',
  mend: 'Read the file for each new connection, such as in a function that the pool asks for its password, and let connections end after some minutes.',
  thresholds: [
    `readiness is 503 within ${REFUSED_MS / 1000} s, and stays so, while the password is refused`,
    `readiness and a read work ${SOON_MS / 1000} s after the old password was refused`,
  ],
  byHand: [
    'DATABASE_URL_FILE=/tmp/url $SERVICE & sleep 3; psql $(cat /tmp/url) -c "ALTER ROLE CURRENT_USER PASSWORD \'new\'"',
    'sed -i "s,://\\([^:]*\\):[^@]*@,://\\1:new@," /tmp/url; sleep 5; curl -i $URL$READY',
  ],
  applies: (subject) => all(subject.stores(), subject.serves()),
  async check(harness) {
    const { databaseVariable: name } = harness.subject;
    const role = await roleOf(harness);
    const path = join(harness.temp, 'database-url');
    replace(path, role.url);
    const env = { [name]: undefined, [`${name}_FILE`]: path };
    const service = await harness.start({ env }).catch((error: Error) => {
      if (error instanceof HarnessFailure) throw error;
      throw new Unseen(`it does not start with ${name}_FILE: ${error.message}`);
    });
    const item = (await harness.findWrite('a read')) && (await createItem(harness, service)).path;
    const isRefused = await role.renew().catch((error: Error) => {
      throw new Unseen(`the password cannot be changed here: ${error.message}`);
    });
    if (!isRefused) throw new Unseen('the database takes any password');
    if (harness.asks('house')) await seeRefused(harness, service);
    replace(path, role.url);
    await sleep(STALE_MS);
    for (const asked of [service.paths.ready, ...(item ? [item] : [])]) {
      let got: number | string = 'nothing';
      await until('an answer', SOON_MS, async () => {
        got = service.child.exited ? `it ended: ${describeExit(service.child.exited)}` : await service.status(asked);
        return service.isFine(got) || service.child.exited ? true : undefined;
      }).catch(() => undefined);
      harness.saw({
        sent: `another password in the database and in the file of ${name}_FILE, and the end of all connections; GET ${asked}`,
        expected: `200 within ${SOON_MS / 1000} s`,
        got: String(got),
        ok: service.isFine(got),
      });
    }
    return harness.evidence;
  },
};

/** Whoever takes a server that refuses the password for one that is there gets requests that cannot be answered. */
async function seeRefused(harness: Harness, service: Service): Promise<void> {
  const { ready } = service.paths;
  let got: number | string = 'nothing';
  const isRefused = async () => {
    got = await service.status(ready);
    return got === 503 || undefined;
  };
  // The end of a connection is an error of its own: what counts is what it says of the next one.
  await until('503', REFUSED_MS, isRefused).catch(() => undefined);
  await sleep(STALE_MS);
  const ok = (await isRefused()) ?? false;
  harness.saw({
    sent: `another password in the database alone, and the end of all connections; GET ${ready}`,
    expected: `503 within ${REFUSED_MS / 1000} s, and ${STALE_MS / 1000} s later too`,
    got: String(got),
    ok,
  });
}

/** @throws Unseen where no user can be made */
async function roleOf(harness: Harness): Promise<Role> {
  const database = await harness.database();
  const role = await createRole(database).catch((error: Error) => {
    throw new Unseen(`no user for a new password can be made on the server: ${error.message}`);
  });
  return harness.own(role, () => role.drop());
}

/** Writes a file as a cluster replaces a secret: whole. A container reads it as another user. */
function replace(path: string, text: string): void {
  writeFileSync(`${path}.new`, `${text}\n`);
  chmodSync(`${path}.new`, 0o644);
  renameSync(`${path}.new`, path);
}
