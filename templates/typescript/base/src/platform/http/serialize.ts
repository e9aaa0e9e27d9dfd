// No library keeps this without costing more than the rest of an answer: nothing leaves that the schema
// does not name, and what does not match it is an error. zod has the last word where this is not sure.
import type { FastifySerializerCompiler } from "fastify/types/schema.js";
import { serializerCompiler } from "fastify-type-provider-zod";
import { safeEncode } from "zod";
import type { $ZodCheck, $ZodType, $ZodTypes, ParsePayload } from "zod/v4/core";

/** JSON of a value, undefined for what JSON leaves out; throws `unsure`. */
type Write = (value: unknown) => string | undefined;

type Check = $ZodCheck<unknown>;

const unsure = new Error("the value does not match the schema");

/** A serialiser of one schema, compiled once. */
export const compileSerializer: FastifySerializerCompiler<$ZodType> = (route) => {
  const zod = serializerCompiler(route);
  const write = writerOf(route.schema);
  return (value) => {
    try {
      return write(value) ?? zod(value);
    } catch {
      return zod(value);
    }
  };
};

const leaves: Record<string, (value: never) => string> = {
  string: writeString,
  number: writeNumber,
  boolean: String,
};

function writerOf(schema: $ZodType): Write {
  const { def } = schema._zod as $ZodTypes["_zod"];
  const checks = checksOf(schema);
  const writeLeaf = leaves[def.type];
  if (writeLeaf && !("coerce" in def && def.coerce)) return checked(checks, def.type, writeLeaf);
  if (checks.length === 0) {
    if (def.type === "array") return arrayWriter(writerOf(def.element));
    if (def.type === "object" && !def.catchall) return objectWriter(def.shape);
    if (def.type === "nullable") return unlessEmpty(null, "null", writerOf(def.innerType));
    if (def.type === "optional") return unlessEmpty(undefined, undefined, writerOf(def.innerType));
  }
  return (value) => {
    const { success, data } = safeEncode(schema, value);
    if (!success) throw unsure;
    return JSON.stringify(data);
  };
}

/** A format, such as `z.guid()`, is a check itself. */
function checksOf(schema: $ZodType): Check[] {
  const own = schema._zod.traits.has("$ZodCheck") ? [schema] : [];
  return [...own, ...(schema._zod.def.checks ?? [])] as Check[];
}

function checked(checks: Check[], type: string, write: (value: never) => string): Write {
  return (value) => {
    if (typeof value !== type) throw unsure;
    if (checks.length === 0) return write(value as never);
    const payload: ParsePayload = { value, issues: [] };
    for (const { _zod } of checks) {
      if (_zod.check(payload) !== undefined || payload.issues.length > 0) throw unsure;
    }
    return write(payload.value as never);
  };
}

const needsNoEscape = /^[ !#-[\]-\ud7ff]*$/;

function writeString(value: string): string {
  return needsNoEscape.test(value) ? `"${value}"` : JSON.stringify(value);
}

function writeNumber(value: number): string {
  if (!Number.isFinite(value)) throw unsure;
  return String(value);
}

function unlessEmpty(empty: unknown, json: string | undefined, write: Write): Write {
  return (value) => (value === empty ? json : write(value));
}

function arrayWriter(write: Write): Write {
  return (value) => {
    if (!Array.isArray(value)) throw unsure;
    return `[${value.map((item) => write(item) ?? "null").join()}]`;
  };
}

function objectWriter(shape: Record<string, $ZodType>): Write {
  const fields = Object.entries(shape).map(
    ([name, schema]) => [name, `${JSON.stringify(name)}:`, writerOf(schema)] as const,
  );
  return (value) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) throw unsure;
    let text = "";
    for (const [name, head, write] of fields) {
      const json = write((value as Record<string, unknown>)[name]);
      if (json !== undefined) text += text === "" ? head + json : `,${head}${json}`;
    }
    return `{${text}}`;
  };
}
