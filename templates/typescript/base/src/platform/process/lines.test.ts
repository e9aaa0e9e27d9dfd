import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { after, mock, test } from "node:test";
import { pathToFileURL } from "node:url";
import { log, output } from "../log.ts";
import { root } from "./identity.ts";
import { hide, pretty, redact, toSource } from "./lines.ts";

test("credentials in a URL are blanked, the rest of it stays", () => {
  assert.equal(
    redact('{"msg":"cannot reach https://app:s3cret@stock:8443/v1"}'),
    '{"msg":"cannot reach https://***@stock:8443/v1"}',
  );
});

test("fields named like a secret are blanked at any depth", () => {
  const line = JSON.stringify({
    headers: { authorization: "Bearer abc", "set-cookie": ["a=b"], "x-api-key": 'q"uote' },
    body: { password: "hunter2", name: "kept" },
  });
  assert.deepEqual(JSON.parse(redact(line)), {
    headers: { authorization: "***", "set-cookie": "***", "x-api-key": "***" },
    body: { password: "***", name: "kept" },
  });
});

test("a secret of the configuration is blanked wherever it shows", () => {
  hide('p"ssword-of-42');
  assert.equal(redact(JSON.stringify({ msg: 'it was p"ssword-of-42!' })), '{"msg":"it was ***!"}');
  hide("https://app:pa55-in-a-url@stock/v1");
  assert.equal(redact('{"msg":"is it pa55-in-a-url?"}'), '{"msg":"is it ***?"}');
});

test("a secret that is part of another leaves no rest of it", () => {
  hide("inside-1");
  hide("around-inside-1-around");
  assert.equal(redact('{"msg":"around-inside-1-around, inside-1"}'), '{"msg":"***, ***"}');
});

test("the longest lines are done at once", { timeout: 20_000 }, () => {
  for (const part of ["a-", "token", "://", "x://", '\\"token\\":', "file://"]) {
    const line = JSON.stringify({ msg: part.repeat(200_000) });
    assert.equal(redact(toSource(line)), line);
  }
});

test("stack traces name places of the source, in whatever error and folder they are", () => {
  const folder = mkdtempSync(join(tmpdir(), "a (1)-"));
  after(() => rmSync(folder, { recursive: true }));
  const map = { version: 3, sources: ["b.ts"], names: [], mappings: "AAAA" };
  writeFileSync(join(folder, "b.js.map"), JSON.stringify(map));
  const place = `${pathToFileURL(join(folder, "b.js"))}:1:1`;
  const thrown = (error: Error) =>
    Object.assign(error, { stack: `${error.message}\n    at f (${place})\n    at ${place}` });

  const cause = thrown(new Error("cause"));
  const errors = [thrown(new Error("file://no/place%2F:1:1", { cause }))];
  const { level } = log;
  const write = mock.method(output, "write", () => {});
  log.level = "fatal";
  log.fatal({ err: thrown(new AggregateError(errors)), reason: thrown(new Error("reason")).stack });
  log.level = level;
  write.mock.restore();
  const line = String(write.mock.calls[0]?.arguments[0]);
  assert.equal(line.split(`${relative(root, join(folder, "b.ts"))}:1:1`).length - 1, 8);
  assert.ok(!line.includes("b.js"));
});

test("statements and rows that a database adds to an error are not logged, in errors of errors either", () => {
  const error = Object.assign(new Error("failed"), {
    internalQuery: "s3",
    where: "s3",
    detail: "s3",
  });
  const { level } = log;
  const write = mock.method(output, "write", () => {});
  log.level = "fatal";
  log.fatal({ err: Object.assign(new AggregateError([error], "all of them"), { detail: "s3" }) });
  log.level = level;
  write.mock.restore();
  const line = String(write.mock.calls[0]?.arguments[0]);
  assert.match(line, /all of them.*failed/);
  assert.ok(!line.includes('"s3"'));
});

const entry = {
  time: "2026-01-31T12:00:00.000Z",
  msg: "it is away",
  err: { message: "connect ECONNREFUSED", stack: "Error: connect ECONNREFUSED\n    at net" },
  port: 1,
};

test("a warning is one line, an error has its stack", () => {
  assert.equal(
    pretty(JSON.stringify({ ...entry, level: "warn" })),
    "12:00:00.000 WARN  it is away (connect ECONNREFUSED) port=1\n",
  );
  assert.equal(
    pretty(JSON.stringify({ ...entry, level: "error" })),
    "12:00:00.000 ERROR it is away port=1\nError: connect ECONNREFUSED\n    at net\n",
  );
});
