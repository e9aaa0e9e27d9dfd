import { z } from "zod";
import type { Concern } from "../config.ts";

export interface Variable {
  type: string;
  description: string;
  default?: unknown;
  examples?: string[];
  secret?: boolean;
  enum?: string[];
  minimum?: number;
  maximum?: number;
}

export interface ConfigSchema {
  $schema: string;
  type: "object";
  properties: Record<string, Variable>;
  required: string[];
}

/** JSON Schema (2020-12) of the environment, the variables in the order of their concerns. */
export function configSchema(concerns: Concern[]): ConfigSchema {
  const fields = concerns.flatMap((concern) => Object.entries(concern.shape));
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    type: "object",
    properties: Object.fromEntries(
      fields.map(([name, field]) => {
        const { $schema: _, ...variable } = z.toJSONSchema(field as z.ZodType);
        return [name, variable as unknown as Variable];
      }),
    ),
    required: fields
      .filter(([, field]) => !(field as z.ZodType).safeParse(undefined).success)
      .map(([name]) => name),
  };
}
