import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Harness } from '../harness/harness.ts';
import { Unseen } from '../harness/wait.ts';
import type { ProcessTarget } from '../target.ts';

/** A migration that a probe adds after those of the service. */
interface ProbeMigration {
  readonly name: string;
  readonly up: string;
  readonly down?: string;
}

/** A copy of the service with more migrations. Their names are sorted after all others. */
export function withMigrations(harness: Harness, ...added: readonly ProbeMigration[]): ProcessTarget {
  const files = added.map(({ name, up, down = 'SELECT 1;\n' }, index) => [
    [`migrations/${9900 + index}_${name}.up.sql`, up],
    [`migrations/${9900 + index}_${name}.down.sql`, down],
  ]);
  return harness.artifact(Object.fromEntries(files.flat()));
}

/** @throws Unseen if the service does not notice a migration that is added to its folder */
export async function requireFolder(harness: Harness): Promise<void> {
  const elsewhere = 'its migrations are not read from the folder migrations when they are applied';
  const target = withMigrations(harness, { name: 'probe_seen', up: 'SELECT 1;\n' });
  if (upMigrations(harness.artifact({})).length === 0) throw new Unseen(elsewhere);
  const { exit } = await harness.run(['migrate', '--status'], { database: await harness.database(), target });
  if (exit.code !== 3) throw new Unseen(elsewhere);
}

/** The up migrations of the service, in order; none if it keeps them elsewhere. */
export function upMigrations({ folder }: ProcessTarget): string[] {
  const migrations = join(folder, 'migrations');
  if (!existsSync(migrations)) return [];
  return readdirSync(migrations)
    .filter((name) => name.endsWith('.up.sql'))
    .sort();
}
