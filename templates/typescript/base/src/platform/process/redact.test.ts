import assert from "node:assert/strict";
import { test } from "node:test";
import { hide, redact } from "./redact.ts";

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
