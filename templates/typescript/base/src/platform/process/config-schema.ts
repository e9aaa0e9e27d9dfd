import { z } from "zod";
import type { Concern } from "../config.ts";

/** JSON Schema (2020-12) of the environment, the variables in the order of their concerns. */
export function configSchema(concerns: Concern[]) {
  const fields = concerns.flatMap(({ shape }) => Object.entries<z.ZodType>(shape));
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    type: "object",
    properties: Object.fromEntries(
      fields.map(([name, field]) => {
        const { $schema: _, ...variable } = z.toJSONSchema(field);
        return [name, variable];
      }),
    ),
    required: fields
      .filter(([, field]) => !field.safeParse(undefined).success)
      .map(([name]) => name),
  };
}

/** `.env.example`: every variable, with its default or an example of it. A copy changes nothing. */
export function envExample({ properties, required }: ReturnType<typeof configSchema>): string {
  const variables = Object.entries(properties).map(([name, variable]) => {
    const notes = [
      variable.description,
      variable.enum && `One of ${variable.enum.join(", ")}.`,
      required.includes(name) && "Required.",
      variable.secret && "Secret.",
    ];
    const value = variable.default ?? variable.examples?.[0] ?? "";
    return `\n# ${notes.filter(Boolean).join(" ")}\n#${name}=${value}\n`;
  });
  return `# Development reads a copy of this file that is called .env. Remove the # where a value differs.
# NAME_FILE instead of NAME is the path of a file that holds the value.
${variables.join("")}`;
}
