import { z } from "zod";
import * as fields from "./fields.ts";

// Older features have it from here.
export { problem } from "./http-problem.ts";

/** What a number may be; `more` and `less` leave the bound itself out. */
export interface Bounds {
  min?: number;
  max?: number;
  more?: number;
  less?: number;
}

const words = { min: "at least", max: "at most", more: "more than", less: "less than" };

function within(value: number, { min, max, more, less }: Bounds): boolean {
  return (
    value >= (min ?? -Infinity) &&
    value <= (max ?? Infinity) &&
    value > (more ?? -Infinity) &&
    value < (less ?? Infinity)
  );
}

function describe(bounds: Bounds): string {
  const parts = Object.entries(bounds).map(([name, bound]) => {
    return `${words[name as keyof Bounds]} ${bound}`;
  });
  return `must be ${parts.join(" and ")}`;
}

/** The bounds in the words of JSON Schema. */
function schemaOf({ min, max, more, less }: Bounds) {
  return {
    ...(min === undefined ? {} : { minimum: min }),
    ...(max === undefined ? {} : { maximum: max }),
    ...(more === undefined ? {} : { exclusiveMinimum: more }),
    ...(less === undefined ? {} : { exclusiveMaximum: less }),
  };
}

/** An amount with up to four decimals, as text, so that no digit is lost on the way: `"12.50"`. */
export function decimal(bounds: Bounds = {}) {
  const isSigned = (bounds.min ?? bounds.more ?? -1) < 0;
  return z
    .string()
    .regex(/^-?\d{1,15}(\.\d{1,4})?$/, 'must be a decimal like "12.50"')
    .refine((value) => within(Number(value), bounds), describe(bounds))
    .meta({ format: "decimal", ...(isSigned ? {} : { pattern: "^\\d{1,15}(\\.\\d{1,4})?$" }) });
}

/** The address of a mailbox. */
export function email() {
  return fields.email;
}

/** A link that a browser may follow. */
export function webUrl() {
  return fields.webUrl;
}

/** Any value of JSON, in a member that has to be there. */
export function anything() {
  return z.unknown().refine((value): boolean => value !== undefined, "must be there");
}

/**
 * The type of members that an object does not name. TypeScript cannot say that it is theirs alone,
 * so there it is unknown.
 */
export function others(type: z.ZodType): z.ZodType {
  return type;
}

function listOf<Item extends z.ZodType>(item: Item, { min = 0, max = 1000 }: Bounds) {
  return z.array(item).min(min).max(max);
}

// What fits into a number of 15 digits.
const digits = { min: -(10 ** 15) + 1, max: 10 ** 15 - 1 };

/** Values that arrive as text, in a path, a query, a header or a form. */
export const text = {
  int(bounds: Bounds = {}) {
    return z
      .string()
      .regex(/^(0|-?[1-9]\d{0,14})$/, "must be a whole number")
      .transform(Number)
      .refine((value) => within(value, bounds), describe(bounds))
      .meta({ type: "integer", pattern: undefined, ...schemaOf({ ...digits, ...bounds }) });
  },

  number(bounds: Bounds = {}) {
    return z
      .string()
      .regex(/^-?(0|[1-9]\d*)(\.\d+)?(e[+-]?\d+)?$/i, "must be a number")
      .transform(Number)
      .refine((value) => Number.isFinite(value) && within(value, bounds), describe(bounds))
      .meta({ type: "number", pattern: undefined, ...schemaOf(bounds) });
  },

  boolean() {
    return z
      .string()
      .regex(/^(true|false)$/, "must be true or false")
      .transform((value) => value === "true")
      .meta({ type: "boolean", pattern: undefined });
  },

  /** One of these values. */
  literal<const Value extends string | number | boolean>(values: Value[]) {
    return z
      .enum(values.map(String))
      .transform((given) => values.find((value) => String(value) === given) as Value)
      .meta({ type: undefined, enum: values });
  },

  /** A parameter that may be given several times. */
  list<Item extends z.ZodType>(item: Item, bounds: Bounds = {}) {
    const given = (value: unknown) => (value === undefined ? value : [value].flat());
    return z.preprocess(given, listOf(item, bounds));
  },

  /** A parameter with commas between its values. */
  csv<Item extends z.ZodType>(item: Item, bounds: Bounds = {}) {
    const given = (value: unknown) =>
      typeof value !== "string" ? undefined : value === "" ? [] : value.split(",");
    return z.preprocess(given, listOf(item, bounds)).meta({ explode: false });
  },
};
