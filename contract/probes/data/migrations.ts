import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Harness } from '../../harness/harness.ts';
import { describeExit } from '../../harness/process/process.ts';
import { Unseen } from '../../harness/wait.ts';
import type { Subject } from '../../subject.ts';
import type { ProcessTarget, Target } from '../../target.ts';

/** A migration that a probe adds after those of the service. */
interface ProbeMigration {
  readonly name: string;
  readonly up: string;
  readonly down?: string;
}

/** Longer than a slow one takes: that it has not ended says nothing about where migrations are. */
const STATUS_MS = 60_000;

/** A copy of the service with more migrations. Their names are sorted after all others. */
export function withMigrations(harness: Harness, ...added: readonly ProbeMigration[]): ProcessTarget {
  return harness.artifact(filesOf(...added));
}

/** The files of migrations that a probe adds, by path. */
export function filesOf(...added: readonly ProbeMigration[]): Record<string, string> {
  const files = added.map(({ name, up, down = 'SELECT 1;\n' }, index) => [
    [`migrations/${9900 + index}_${name}.up.sql`, up],
    [`migrations/${9900 + index}_${name}.down.sql`, down],
  ]);
  return Object.fromEntries(files.flat());
}

/** Whether a service reads its folder, which is asked once for all rules. */
const asked = new WeakMap<Subject, Promise<void>>();

/** @throws Unseen if the service does not notice a migration that is added to its folder; an error if it does not end */
export function requireFolder(harness: Harness): Promise<void> {
  const { subject } = harness;
  const answer = asked.get(subject) ?? lookForFolder(harness);
  asked.set(subject, answer);
  // What a busy machine may have caused is asked again.
  answer.catch((error) => error instanceof Unseen || asked.delete(subject));
  return answer;
}

async function lookForFolder(harness: Harness): Promise<void> {
  const elsewhere = 'its migrations are not read from the folder migrations when they are applied';
  if (upMigrations(harness.subject.target).length === 0) throw new Unseen(elsewhere);
  const target = withMigrations(harness, { name: 'probe_seen', up: 'SELECT 1;\n' });
  const options = { database: await harness.database(), target, timeoutMs: STATUS_MS };
  const { exit } = await harness.run(['migrate', '--status'], options);
  if (exit.code === null)
    throw new Error(`migrate --status: ${describeExit(exit)} after ${STATUS_MS / 1000} s at most`);
  if (exit.code !== 3) throw new Unseen(elsewhere);
}

/** The up migrations of the service, in order; none if it keeps them elsewhere. */
export function upMigrations({ folder = '' }: Pick<Target, 'folder'>): string[] {
  const migrations = join(folder, 'migrations');
  if (!existsSync(migrations)) return [];
  return readdirSync(migrations)
    .filter((name) => name.endsWith('.up.sql'))
    .sort();
}
