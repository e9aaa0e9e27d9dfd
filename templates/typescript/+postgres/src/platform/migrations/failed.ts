import { Failure } from "../failure.ts";
import type { Migration } from "./files.ts";

/**
 * The failure of a migration.
 *
 * @param left what stays of it and what to do about that; without it nothing stays
 */
export function failed(migration: Migration, error: unknown, left?: string): Failure {
  const message = `${migration.name} failed: ${(error as Error).message}`;
  return new Failure("failed", left === undefined ? message : `${message}. ${left}`, {
    event: "migrate.failed",
    details: { migration: migration.name, reverted: left === undefined, err: error },
  });
}
