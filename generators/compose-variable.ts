import { parseServiceName } from '../engine/core/names.ts';
import { parseRepoPath, type RepoPath } from '../engine/core/repo-path.ts';
import type { Service } from '../engine/core/service/addition.ts';
import { readText, writeText } from '../engine/core/service/text-file.ts';
import { addToMap } from '../engine/core/service/yaml-edit.ts';
import type { Tree, TreeFile } from '../engine/core/tree.ts';
import { deployVariable } from './deploy-manifests.ts';

/** A place in a YAML file where a new variable has to be, for every process to start. */
interface Place {
  readonly path: RepoPath;
  readonly map: readonly string[];
  readonly value: string;
}

/**
 * Puts a variable where processes are started: compose, the pipeline's job that migrates, and the manifests of Kubernetes.
 * @param values its value in compose, and in the others if they need it
 * @returns the edited files, and what is left for a person
 */
export async function declareVariable(
  { manifest, tree }: Service,
  name: string,
  values: { compose: string; pipeline?: string; kubernetes?: string },
): Promise<{ edits: Tree; attention: string[] }> {
  const service = parseServiceName(String(manifest.answers.name)).name;
  const places: Place[] = [
    {
      path: parseRepoPath(`docker-compose.${service}.yaml`),
      map: [`x-${service}`, 'environment'],
      value: values.compose,
    },
  ];
  const { pipeline } = values;
  if (pipeline !== undefined && manifest.answers.database === 'postgres') {
    if (manifest.answers.ci === 'github')
      places.push({
        path: parseRepoPath('.github/workflows/verify.yml'),
        map: ['jobs', 'migrations', 'env'],
        value: pipeline,
      });
    if (manifest.answers.ci === 'gitlab')
      places.push({ path: parseRepoPath('.gitlab-ci.yml'), map: ['variables'], value: pipeline });
  }
  const edits = new Map<RepoPath, TreeFile>();
  const attention: string[] = [];
  for (const { path, map, value } of places) {
    const file = tree.get(path);
    if (!file) {
      attention.push(`${path} is not there: set ${name} where the processes are started`);
      continue;
    }
    const text = readText(file);
    const grown = await addToMap(text.text, map, { key: name, entry: `${name}:${value === '' ? '' : ` ${value}`}\n` });
    if (grown === undefined) attention.push(`${path} has no ${map.join('.')} to put ${name} into: do it by hand`);
    else edits.set(path, writeText(file, text, grown));
  }
  const deployed = values.kubernetes === undefined ? [] : deployVariable(tree, name, values.kubernetes).edits;
  return { edits: new Map([...edits, ...deployed]), attention };
}
