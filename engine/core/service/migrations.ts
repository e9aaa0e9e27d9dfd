import { UserError } from '../errors.ts';
import type { Service } from './addition.ts';

const FILE = /^migrations\/(\d+)_([a-z0-9_]+)\.up\.sql$/;

/**
 * The number of a new migration. It is the present second in UTC, so that two branches rarely use the same number. It
 * is larger than every existing number, so that the migration runs last.
 * @param now when the command was run, as `2026-11-21T09:50:24.000Z`
 */
export function nextMigration({ tree }: Service, now: string): string {
  const stamp = Number(now.replace(/\D/g, '').slice(0, 14));
  const numbers = [...tree.keys()].map((path) => Number(FILE.exec(path)?.[1] ?? 0));
  return String(Math.max(stamp, ...numbers.map((number) => number + 1)));
}

/** @throws {UserError} NAME_TAKEN */
export function refuseTakenMigration({ tree }: Service, name: string): void {
  const found = [...tree.keys()].find((path) => FILE.exec(path)?.[2] === name);
  if (found === undefined) return;
  throw new UserError(
    'NAME_TAKEN',
    `${found} already has that name`,
    'Choose another name. An applied migration is never edited, so its name must be unique.',
  );
}

/** @throws {UserError} NOT_POSSIBLE for a service without a database */
export function requireDatabase({ manifest }: Service, what: string): void {
  if (manifest.answers.database !== 'postgres')
    throw new UserError(
      'NOT_POSSIBLE',
      `${what} needs a database, and this service has none`,
      'Make a new service with --database postgres, and move the code to it.',
    );
}
