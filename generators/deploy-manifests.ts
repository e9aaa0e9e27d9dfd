import { parseRepoPath, type RepoPath } from '../engine/core/repo-path.ts';
import { addToEnvironment } from '../engine/core/service/env-edit.ts';
import { readText, writeText } from '../engine/core/service/text-file.ts';
import { addToList } from '../engine/core/service/yaml-edit.ts';
import type { RenderedTree } from '../engine/core/template/template.ts';
import type { Tree } from '../engine/core/tree.ts';

/** What an addition has in the manifests of Kubernetes. All of it is empty where a service has none. */
export interface Deployed {
  /** New files. */
  readonly files: RenderedTree;
  /** The new contents of files that are there. */
  readonly edits: Tree;
  /** What is left for a person, by the file that it is about. */
  readonly attention: ReadonlyMap<RepoPath, string>;
}

/** What is no secret. */
const CONFIG = parseRepoPath('deploy/base/config.env');
/** The list of what runs. */
const RESOURCES = parseRepoPath('deploy/base/kustomization.yaml');
const POLICY = parseRepoPath('deploy/base/network-policy.yaml');

const NOTHING = { files: new Map(), edits: new Map(), attention: new Map() };

/** A variable that is no secret, in `config.env`. */
export function deployVariable(tree: Tree, name: string, value: string): Deployed {
  const config = tree.get(CONFIG);
  if (!config) return NOTHING;
  const text = readText(config);
  const edits = new Map([[CONFIG, writeText(config, text, addToEnvironment(text.text, name, value))]]);
  return { ...NOTHING, edits };
}

/**
 * What an addition runs, as a file of its own in the list of resources.
 * @param rendered the files of the addition, of which those in `deploy/` are taken
 * @param manifest the file in `deploy/base`
 */
export async function deployResource(tree: Tree, rendered: RenderedTree, manifest: string): Promise<Deployed> {
  const list = tree.get(RESOURCES);
  if (!list) return NOTHING;
  const files = new Map([...rendered].filter(([path]) => path.startsWith('deploy/')));
  const text = readText(list);
  const longer = await addToList(text.text, ['resources'], manifest);
  if (longer !== undefined) return { ...NOTHING, files, edits: new Map([[RESOURCES, writeText(list, text, longer)]]) };
  const left = `${RESOURCES} has no resources to put ${manifest} into: do it by hand`;
  return { ...NOTHING, files, attention: new Map([[RESOURCES, left]]) };
}

/** Whether a service has the policy that lets it call others. */
export const hasPolicy = (tree: Pick<Tree, 'has'>): boolean => tree.has(POLICY);

/** What a person has to do before a client gets through the policy. */
export const letOut = (client: string): string => `let it out to the port of ${client}: egress of ${POLICY}`;
