// No library keeps this without costing more than the rest of an answer: nothing leaves that the schema
// does not name, and what does not match it is an error. zod has the last word where this is not sure.
import type { FastifySerializerCompiler } from "fastify/types/schema.js";
import { serializerCompiler } from "fastify-type-provider-zod";
import { safeEncode } from "zod";
import type { $ZodCheck, $ZodType, $ZodTypes, ParsePayload } from "zod/v4/core";

/** Whether zod would let a value pass, and change nothing of it: then JSON of it is the answer. */
type Passes = (value: unknown) => boolean;

type Check = $ZodCheck<unknown>;

/** A serialiser of one schema, compiled once. */
export const compileSerializer: FastifySerializerCompiler<$ZodType> = (route) => {
  const zod = serializerCompiler(route);
  const passes = passesOf(route.schema);
  return (value) => (passes(value) && JSON.stringify(value)) || zod(value);
};

const leaves: Record<string, Passes> = {
  string: (value) => typeof value === "string",
  number: Number.isFinite,
  boolean: (value) => typeof value === "boolean",
};

function passesOf(schema: $ZodType): Passes {
  const { def } = schema._zod as $ZodTypes["_zod"];
  const checks = checksOf(schema);
  const leaf = leaves[def.type];
  if (leaf && !("coerce" in def && def.coerce)) return checked(checks, leaf);
  if (checks.length === 0) {
    if (def.type === "array") return list(passesOf(def.element));
    if (def.type === "object" && !def.catchall) return members(def.shape);
    if (def.type === "nullable") return unless(null, passesOf(def.innerType));
    if (def.type === "optional") return unless(undefined, passesOf(def.innerType));
  }
  return (value) => isPlain(value) && safeEncode(schema, value).data === value;
}

/** A format, such as `z.guid()`, is a check itself. */
function checksOf(schema: $ZodType): Check[] {
  const own = schema._zod.traits.has("$ZodCheck") ? [schema] : [];
  return [...own, ...(schema._zod.def.checks ?? [])] as Check[];
}

function checked(checks: Check[], passes: Passes): Passes {
  if (checks.length === 0) return passes;
  return (value) => {
    if (!passes(value)) return false;
    const payload: ParsePayload = { value, issues: [] };
    for (const { _zod } of checks) {
      if (_zod.check(payload) !== undefined || payload.issues.length > 0) return false;
    }
    return payload.value === value;
  };
}

function isPlain(value: unknown): boolean {
  return typeof value !== "object" && typeof value !== "function";
}

function unless(empty: unknown, passes: Passes): Passes {
  return (value) => value === empty || passes(value);
}

function list(passes: Passes): Passes {
  return (value) => {
    if (!Array.isArray(value)) return false;
    for (const item of value) if (!passes(item)) return false;
    return true;
  };
}

function members(shape: Record<string, $ZodType>): Passes {
  const all = Object.entries(shape).map(([name, schema]) => [name, passesOf(schema)] as const);
  return (value) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
    let others = 0;
    for (const _ in value) others += 1;
    for (const [name, passes] of all) {
      const member = (value as Record<string, unknown>)[name];
      if (!passes(member)) return false;
      if (member !== undefined || name in value) others -= 1;
    }
    return others === 0 && !("toJSON" in value);
  };
}
