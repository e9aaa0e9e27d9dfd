import { z } from "zod";
import { HttpProblem } from "./http-problem.ts";

/** The headers of a change, and of a read. */
export const IfMatch = z.object({
  "if-match": z.string().optional().describe("The ETag that was read, a list, or * for any"),
});
export const IfNoneMatch = z.object({
  "if-none-match": z.string().optional().describe("ETags that the caller has, or * for any"),
});

/** The entity tag of a version of a resource. */
export function etag(version: number): string {
  return `"${version}"`;
}

/**
 * The versions that a change is meant for, by its `If-Match`; `null` for any. Without the header the
 * change could undo another that its author has not seen. A weak tag matches none (RFC 9110, 13.1.1).
 *
 * @throws HttpProblem 428 without the header
 */
export function expectedVersions(ifMatch: string | undefined): number[] | null {
  if (ifMatch === undefined) {
    throw new HttpProblem(428, { detail: "Send the ETag that you read as If-Match." });
  }
  if (ifMatch.trim() === "*") return null;
  return tagsIn(ifMatch).flatMap(({ version, isWeak }) => (isWeak ? [] : version));
}

/** Whether the caller has this version, by its `If-None-Match`, where weak tags match too: it gets 304. */
export function isKnown(version: number, ifNoneMatch = ""): boolean {
  return ifNoneMatch.trim() === "*" || tagsIn(ifNoneMatch).some((tag) => tag.version === version);
}

const tags = /^[ \t,]*(?:(?:W\/)?"[^"]*"[ \t]*(?:,[ \t,]*|$))*$/;

/** The tags of a list that a version of ours may have: others match none, and so does what is no list. */
function tagsIn(list: string): { version: number; isWeak: boolean }[] {
  if (!tags.test(list)) return [];
  return [...list.matchAll(/(W\/)?"([^"]*)"/g)].flatMap(([, weak, tag = ""]) =>
    /^[1-9]\d{0,8}$/.test(tag) ? { version: Number(tag), isWeak: weak !== undefined } : [],
  );
}

/**
 * The one version that `If-Match` names.
 *
 * @deprecated It takes neither `*` nor a list. Stores of older features want it; new ones take
 * `expectedVersions`.
 */
export function expectedVersion(ifMatch: string | undefined): number {
  const [version, ...others] = expectedVersions(ifMatch) ?? [];
  if (version === undefined || others.length > 0) throw new HttpProblem(412);
  return version;
}
