import { existsSync, readFileSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { isLinked } from '../../harness/artifact.ts';

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
 * Files that set variables, by path below a folder: in the folder itself, and beside its programs. To a file of assignments that is
 * there the variables are added at its end; another that is there is left as it is, since its form is not known.
 * @param programs paths of what is run, of which those below the folder count
 */
export function configFiles(folder: string, values: Values, programs: readonly string[] = []): Record<string, string> {
  const beside = programs
    .map((path) => dirname(relative(folder, resolve(folder, path))))
    .filter((place) => isCopied(folder, place));
  return Object.fromEntries(
    [...new Set(['.', ...beside])].flatMap((place) =>
      FILES.flatMap(([file, write]) => {
        const name = join(place, file);
        const path = join(folder, name);
        // Some module loaders take `config.json` for the folder `config`.
        const isModule = write === asJson && existsSync(path.replace(/\.json$/, ''));
        if (!existsSync(path)) return isModule ? [] : [[name, write(values)]];
        return write === asEnv ? [[name, `${readFileSync(path, 'utf8')}\n${asEnv(values)}`]] : [];
      }),
    ),
  );
}

/** Whether a copy of the service has a folder of its own: not of packages, and not of what a build made. */
function isCopied(folder: string, place: string): boolean {
  const names = place.split(sep);
  if (isAbsolute(place) || names[0] === '..') return false;
  const paths = names.map((_, at) => names.slice(0, at + 1).join(sep));
  return !paths.some((path) => isLinked(path, join(folder, path)));
}
