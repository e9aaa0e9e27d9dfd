import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Harness } from '../harness/harness.ts';
import type { ProcessTarget } from '../types.ts';

/** A migration of the probe's own, added behind those of the service. */
export interface ProbeMigration {
  readonly name: string;
  readonly up: string;
  readonly down?: string;
}

/** A copy of the service with more migrations; names are sorted behind every real one. */
export function withMigrations(harness: Harness, ...added: readonly ProbeMigration[]): ProcessTarget {
  const files = added.map(({ name, up, down = 'SELECT 1;\n' }, index) => [
    [`migrations/${9900 + index}_${name}.up.sql`, up],
    [`migrations/${9900 + index}_${name}.down.sql`, down],
  ]);
  return harness.artifact(Object.fromEntries(files.flat()));
}

/** The up migrations of the service, in order. @throws when it has no folder `migrations` */
export function upMigrations({ folder }: ProcessTarget): string[] {
  return readdirSync(join(folder, 'migrations'))
    .filter((name) => name.endsWith('.up.sql'))
    .sort();
}
