import { HttpProblem } from "./http-problem.ts";

/** The entity tag of a version of a resource. */
export function etag(version: number): string {
  return `"${version}"`;
}

/**
 * The version that a change is meant for, from its `If-Match`: without one the change could undo
 * another that its author has not seen.
 *
 * @throws HttpProblem 428 without the header, 412 for one that no version has
 */
export function expectedVersion(ifMatch: string | undefined): number {
  if (ifMatch === undefined) {
    throw new HttpProblem(428, { detail: "Send the ETag that you read as If-Match." });
  }
  const [, version] = /^"(\d{1,9})"$/.exec(ifMatch) ?? [];
  if (version === undefined) throw new HttpProblem(412);
  return Number(version);
}
