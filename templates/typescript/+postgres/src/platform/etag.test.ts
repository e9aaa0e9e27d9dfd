import assert from "node:assert/strict";
import { test } from "node:test";
import { etag, expectedVersions, isKnown } from "./etag.ts";
import { HttpProblem } from "./http-problem.ts";

const none: number[] = [];

/** What RFC 9110 says of a header: which versions it names as `If-Match`, and whether 2 is known. */
const cases: [header: string, versions: number[] | null, isKnown: boolean][] = [
  [etag(2), [2], true],
  ['"1", "2"', [1, 2], true],
  ['"1","2" ,\t"3"', [1, 2, 3], true],
  ['"1", , "3"', [1, 3], false],
  ["*", null, true],
  [" * ", null, true],
  // Weak tags never match strongly (13.1.1), but they do where a read is compared (13.1.2).
  ['W/"2"', none, true],
  ['W/"1", "3"', [3], false],
  ['"1", W/"2"', [1], true],
  // Of no version.
  ['"7"', [7], false],
  ['"02"', none, false],
  ['"2 "', none, false],
  ['"abc", "2"', [2], true],
  ['"a, W/", "2"', [2], true],
  ['"*"', none, false],
  ['"99999999999"', none, false],
  ["2", none, false],
  // No list of tags.
  ['w/"2"', none, false],
  ['x"2"', none, false],
  ['"2" "3"', none, false],
  ['"2", 3', none, false],
  ["", none, false],
];

for (const [header, versions, known] of cases) {
  test(`${header} as If-Match and as If-None-Match`, () => {
    assert.deepEqual(expectedVersions(header), versions);
    assert.equal(isKnown(2, header), known);
  });
}

test("without If-Match a change is refused, without If-None-Match a read is answered", () => {
  assert.throws(
    () => expectedVersions(undefined),
    (error) => error instanceof HttpProblem && error.status === 428,
  );
  assert.equal(isKnown(2), false);
});
