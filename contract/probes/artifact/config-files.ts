import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

type Values = Readonly<Record<string, string>>;

const lines = (values: Values, row: (name: string, value: string) => string) =>
  `${Object.entries(values)
    .map(([name, value]) => row(name, value))
    .join('\n')}\n`;
const asEnv = (values: Values) => lines(values, (name, value) => `${name}=${value}`);
const asYaml = (values: Values) => lines(values, (name, value) => `${name}: ${JSON.stringify(value)}`);
const asToml = (values: Values) => lines(values, (name, value) => `${name} = ${JSON.stringify(value)}`);
const asJson = (values: Values) => `${JSON.stringify(values, null, 2)}\n`;

/** Files in which programs look for settings, and how each is written. */
const FILES: readonly (readonly [string, (values: Values) => string])[] = [
  ...['.env', '.env.local', '.env.production', '.env.development', '.flaskenv'].map((name) => [name, asEnv] as const),
  ...['config.json', 'config/default.json', 'config/production.json', 'settings.json', 'appsettings.json'].map(
    (name) => [name, asJson] as const,
  ),
  ...['config.yaml', 'config.yml', 'config/config.yaml', 'application.yml', 'settings.yaml'].map(
    (name) => [name, asYaml] as const,
  ),
  ...['config.toml', 'settings.toml'].map((name) => [name, asToml] as const),
  ...['application.properties', 'config.ini', 'settings.ini'].map((name) => [name, asEnv] as const),
];

/**
 * Files of a folder that set variables, by path. To a file of assignments that is there the variables are added at its end;
 * another that is there is left as it is, since its form is not known.
 */
export function configFiles(folder: string, values: Values): Record<string, string> {
  return Object.fromEntries(
    FILES.flatMap(([name, write]) => {
      const path = join(folder, name);
      if (!existsSync(path)) return [[name, write(values)]];
      return write === asEnv ? [[name, `${readFileSync(path, 'utf8')}\n${asEnv(values)}`]] : [];
    }),
  );
}
