import pg from "pg";

// Class 08: connection; 53: resources, such as connections; 57P: the operator stops the server.
const unavailableState = /^(08|53|57P)/;
const networkFailure = /^(ECONN|EHOST|ENET|ENOTFOUND|EAI_|EPIPE|ETIMEDOUT)/;
const driverMessages =
  /^(Connection terminated|timeout e|Query read timeout|Client (was closed|has encountered))/;

/** Whether an error of `pg` says that the server is away, rather than that the query is wrong. */
export function isUnavailable(error: Error & { code?: string; errors?: Error[] }): boolean {
  if (error instanceof pg.DatabaseError) return unavailableState.test(error.code ?? "");
  // A host name with several addresses fails with one error for each.
  if (error instanceof AggregateError) return error.errors.every(isUnavailable);
  return networkFailure.test(error.code ?? "") || driverMessages.test(error.message);
}

/** Whether a row with this unique value is there already. */
export function isUniqueViolation(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code === "23505";
}
