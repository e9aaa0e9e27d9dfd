import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** Where teams keep the manifests of Kubernetes. */
const FOLDERS = ['deploy', 'k8s', 'kubernetes', 'manifests'];
/** More than a service has, in files and in bytes of one. */
const MAX_FILES = 500;
const MAX_BYTES = 1_000_000;

/** A part of a manifest. It is not trusted: every key may be missing, or be of another type. */
export interface Part {
  readonly [key: string]: Part | undefined;
}

/** What the manifests say of the process that serves. */
export interface Deployed {
  /** The file with its Deployment, relative to the folder of the service. */
  readonly file: string;
  readonly pod: Part;
  readonly container: Part;
  /** Variables with a value. */
  readonly env: Readonly<Record<string, string>>;
  /** Whether all of its variables are known: those of a Secret are not in a file. */
  readonly isWhole: boolean;
}

export const textOf = (part: unknown): string | undefined =>
  typeof part === 'string' || typeof part === 'number' ? String(part) : undefined;

export const listOf = (part: unknown): readonly Part[] => (Array.isArray(part) ? part.map((one) => Object(one)) : []);

/** The Deployment in the folder of a service whose container is asked whether it is ready; nothing if there is none. */
export async function findDeployed(folder: string): Promise<Deployed | undefined> {
  const files = FOLDERS.flatMap((name) => yamlFiles(folder, name)).slice(0, MAX_FILES);
  const objects: { file: string; object: Part }[] = [];
  for (const file of files) for (const object of await parse(join(folder, file))) objects.push({ file, object });
  for (const { file, object } of objects) {
    const pod = object.spec?.template?.spec;
    const container = listOf(pod?.containers).find((one) => one.readinessProbe?.httpGet);
    const isWorker = listOf(container?.args).some((one) => String(one) === 'worker');
    if (textOf(object.kind) !== 'Deployment' || !pod || !container || isWorker) continue;
    return { file, pod, container, ...environmentOf(folder, file, container, objects) };
  }
  return undefined;
}

/** Variables of the container, of ConfigMaps, and of what kustomize makes ConfigMaps of in the same folder. */
function environmentOf(
  folder: string,
  file: string,
  container: Part,
  objects: readonly { file: string; object: Part }[],
): Pick<Deployed, 'env' | 'isWhole'> {
  const env: Record<string, string> = {};
  let isWhole = true;
  for (const source of listOf(container.envFrom)) {
    const name = textOf(source.configMapRef?.name);
    if (name === undefined) isWhole = false;
    for (const { object } of objects)
      if (textOf(object.kind) === 'ConfigMap' && textOf(object.metadata?.name) === name)
        Object.assign(env, texts(Object.entries(Object(object.data))));
    const beside = objects.filter((one) => dirname(one.file) === dirname(file));
    for (const generator of beside.flatMap(({ object }) => listOf(object.configMapGenerator))) {
      if (textOf(generator.name) !== name) continue;
      const literals = Array.isArray(generator.literals) ? generator.literals.map(String) : [];
      const read = (Array.isArray(generator.envs) ? generator.envs.map(String) : []).flatMap((path) => {
        const from = join(folder, dirname(file), path);
        return basename(path) === path && existsSync(from) ? readFileSync(from, 'utf8').split(/\r?\n/) : [];
      });
      const lines = [...read, ...literals].filter((line) => /^[A-Za-z_]\w*=/.test(line));
      Object.assign(
        env,
        texts(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)])),
      );
    }
  }
  for (const one of listOf(container.env)) {
    const [name, value] = [textOf(one.name), textOf(one.value)];
    if (name !== undefined && value !== undefined) env[name] = value;
    else isWhole = false;
  }
  return { env, isWhole };
}

function texts(entries: readonly (readonly [string, unknown])[]): Record<string, string> {
  return Object.fromEntries(entries.map(([name, value]) => [name, String(value)]));
}

function yamlFiles(folder: string, below: string): string[] {
  const path = join(folder, below);
  if (!existsSync(path) || !statSync(path).isDirectory()) return [];
  return readdirSync(path, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.ya?ml$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .filter((file) => statSync(join(folder, file)).size <= MAX_BYTES)
    .sort();
}

/** Its documents; none of a file that is a template of YAML. */
async function parse(path: string): Promise<Part[]> {
  const yaml = await import('yaml');
  const documents = yaml.parseAllDocuments(readFileSync(path, 'utf8'), { merge: true, logLevel: 'silent' });
  if (!Array.isArray(documents)) return [];
  return documents.flatMap((one) => {
    if (one.errors.length > 0) return [];
    try {
      const value: unknown = one.toJS({ maxAliasCount: 100 });
      return typeof value === 'object' && value !== null ? [value as Part] : [];
    } catch (error) {
      // An alias without its anchor, or too many of them.
      if (error instanceof ReferenceError) return [];
      throw error;
    }
  });
}
