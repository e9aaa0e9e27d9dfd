import type { ConfigSchema, Variable } from "./config-schema.ts";

/** `.env.example`: every variable, with its default or an example of it. A copy changes nothing. */
export function envExample({ properties, required }: ConfigSchema): string {
  const variables = Object.entries(properties).map(([name, variable]) => {
    const note = required.includes(name) ? " Required." : "";
    return `# ${variable.description}${note}\n#${name}=${variable.default ?? variable.examples?.[0] ?? ""}\n`;
  });
  return [
    "# Development reads a copy of this file that is called .env. Remove the # where a value differs.\n",
    ...variables,
  ].join("\n");
}

/** `docs/config.md`: the same as a table. */
export function configTable({ properties, required }: ConfigSchema): string {
  const rows = Object.entries(properties).map(([name, variable]) =>
    [
      `\`${name}\``,
      variable.description,
      type(variable),
      required.includes(name) ? "required" : code(variable.default),
      variable.secret ? "yes" : "",
    ].join(" | "),
  );
  return `# Configuration

Written by \`npm run docs\` from \`src/config\`. The service reads its environment alone. Any variable
may instead be given as \`NAME_FILE\`, the path of a file that holds the value.

| Variable | Meaning | Type | Default | Secret |
| --- | --- | --- | --- | --- |
${rows.map((row) => `| ${row} |`).join("\n")}
`;
}

function type(variable: Variable): string {
  if (variable.enum !== undefined) return variable.enum.map(code).join(", ");
  if (variable.type !== "integer") return variable.type;
  const { minimum, maximum = Number.MAX_SAFE_INTEGER } = variable;
  return maximum === Number.MAX_SAFE_INTEGER
    ? `integer from ${minimum}`
    : `integer, ${minimum} to ${maximum}`;
}

function code(value: unknown): string {
  return value === undefined ? "" : `\`${value}\``;
}
