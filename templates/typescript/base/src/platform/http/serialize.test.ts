import assert from "node:assert/strict";
import { test } from "node:test";
import { serializerCompiler } from "fastify-type-provider-zod";
import { z } from "zod";
import { compileSerializer } from "./serialize.ts";

const Item = z.object({
  id: z.guid(),
  name: z.string().trim().max(8),
  count: z.int32().min(0),
  ratio: z.number().nullable(),
  note: z.string().optional(),
  done: z.boolean(),
});
const Page = z.object({
  items: z.array(Item),
  kind: z.enum(["a", "b"]).optional(),
  more: z.record(z.string(), z.unknown()).optional(),
  either: z.union([z.string(), z.number()]).optional(),
});

const item = {
  id: "3f2504e0-4f89-41d3-9a0c-0305e82c3301",
  name: "a",
  count: 1,
  ratio: 0.5,
  done: true,
};
const page = (change: object) => ({ items: [{ ...item, ...change }] });

const values: [string, unknown][] = [
  ["what matches", page({})],
  ["an empty list", { items: [] }],
  ["what has more than the schema names", { ...page({ password: "secret" }), internal: true }],
  ["what is to be changed on its way", page({ name: "  b  " })],
  ["what JSON escapes", page({ name: '"\\\n\u2028\ud800é' })],
  ["null and undefined", page({ ratio: null, note: undefined })],
  ["large and small numbers", page({ count: 2 ** 31 - 1, ratio: 1e-7 })],
  ["what only zod knows", { items: [], kind: "a", more: { any: [1] }, either: 2 }],
  ["no number", page({ ratio: Number.NaN })],
  ["a number that is too large", page({ count: 2 ** 31 })],
  ["a number that is too small", page({ count: -1 })],
  ["a text that is no number", page({ count: "1" })],
  ["a text that is too long", page({ name: "123456789" })],
  ["a text that has not the format", page({ id: "7" })],
  ["a missing member", { items: [{ ...item, done: undefined }] }],
  ["null where none may be", page({ note: null })],
  ["no list", { items: { 0: item } }],
  ["a list with a hole", { items: new Array(1) }],
  ["what has its own idea of its JSON", { ...page({}), toJSON: () => "secret" }],
  ["as many members, one of them another", page({ note: undefined, ratio: undefined, more: 1 })],
  ["a member of a parent", Object.assign(Object.create({ internal: true }), page({}))],
  ["a list instead of an object", { items: [[]] }],
  ["what is not in the enum", { items: [], kind: "c" }],
  ["nothing", undefined],
];

for (const [name, value] of values) {
  test(`${name}: answered or refused as zod does`, () => {
    const route = { schema: Page, method: "GET", url: "/", httpStatus: "200" };
    const outcome = (serialize: (value: unknown) => string) => {
      try {
        return serialize(value);
      } catch (error) {
        return (error as Error).name;
      }
    };
    assert.equal(outcome(compileSerializer(route)), outcome(serializerCompiler(route)));
  });
}
