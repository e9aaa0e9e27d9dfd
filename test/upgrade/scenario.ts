import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OddFile } from '../../engine/core/merge/merged-file.ts';
import { parseRepoPath, type RepoPath } from '../../engine/core/repo-path.ts';
import type { FileMode, Tree, TreeFile } from '../../engine/core/tree.ts';
import { readFolderTree } from '../../engine/io/source/read-folder.ts';
import type { Version } from '../support/merging.ts';

/** `scenario.json`: what plain files cannot express. Keys of the maps are `<folder>/<path>`. */
interface ScenarioFile {
  readonly title: string;
  readonly exit: 0 | 4;
  /** The outcome of each file. Files that are not listed are unchanged. */
  readonly outcomes: Readonly<Record<string, string>>;
  /** More keys of `preset.yaml`, before and after. */
  readonly preset?: NonNullable<Version['preset']>;
  readonly presetNext?: NonNullable<Version['preset']>;
  /** `template/run.sh`: executable. */
  readonly executable?: readonly string[];
  /** Its lines end in CRLF. */
  readonly crlf?: readonly string[];
  /** `team/logo.bin`: bytes in hexadecimal. */
  readonly bytes?: Readonly<Record<string, string>>;
  /** `team/a.ts`: what the link points to. */
  readonly links?: Readonly<Record<string, string>>;
  /** Files that cannot be in this repository as they are, e.g. `template/README.md`: their texts. */
  readonly texts?: Readonly<Record<string, string>>;
  /** If set, the built program runs the scenario too, in this kind of repository. */
  readonly git?: 'plain' | 'subfolder' | 'detached' | 'shallow' | 'worktree' | 'submodule';
}

export interface Scenario extends ScenarioFile {
  readonly name: string;
  readonly old: Tree;
  readonly next: Tree;
  /** Not set if the team edited nothing. */
  readonly team?: ReadonlyMap<RepoPath, TreeFile | OddFile>;
  readonly links: Readonly<Record<string, string>>;
  readonly expected: ReadonlyMap<RepoPath, TreeFile | OddFile>;
}

const FOLDER = join(import.meta.dirname, 'scenarios');

export function readScenarios(): Scenario[] {
  return readdirSync(FOLDER)
    .sort()
    .map((name) => readScenario(name));
}

function readScenario(name: string): Scenario {
  const folder = join(FOLDER, name);
  const file = JSON.parse(readFileSync(join(folder, 'scenario.json'), 'utf8')) as ScenarioFile;
  const hasTeam = existsSync(join(folder, 'team')) || namesOf(file).some((path) => path.startsWith('team/'));
  return {
    ...file,
    name,
    links: file.links ?? {},
    old: onlyFiles(readPart(folder, 'template', file)),
    next: onlyFiles(readPart(folder, 'template-next', file)),
    ...(hasTeam ? { team: readPart(folder, 'team', file) } : {}),
    expected: readPart(folder, 'expected', file),
  };
}

function namesOf({ bytes = {}, links = {}, texts = {} }: ScenarioFile): string[] {
  return [bytes, links, texts].flatMap(Object.keys);
}

function readPart(
  folder: string,
  part: string,
  { executable = [], crlf = [], bytes = {}, links = {}, texts = {} }: ScenarioFile,
): Map<RepoPath, TreeFile | OddFile> {
  const below = (map: Readonly<Record<string, string>>) =>
    Object.entries(map).flatMap(([path, text]): [RepoPath, string][] =>
      path.startsWith(`${part}/`) ? [[parseRepoPath(path.slice(part.length + 1)), text]] : [],
    );
  const tree = new Map<RepoPath, TreeFile | OddFile>();
  const put = (path: RepoPath, content: Buffer) => {
    const mode: FileMode = executable.includes(`${part}/${path}`) ? 0o755 : 0o644;
    const isCrlf = crlf.includes(`${part}/${path}`);
    const text = isCrlf ? Buffer.from(content.toString('latin1').replaceAll('\n', '\r\n'), 'latin1') : content;
    tree.set(path, { content: text, mode });
  };
  if (existsSync(join(folder, part)))
    for (const [path, { content }] of readFolderTree(join(folder, part))) put(path, Buffer.from(content));
  for (const [path, text] of below(texts)) put(path, Buffer.from(text));
  for (const [path, hex] of below(bytes)) put(path, Buffer.from(hex, 'hex'));
  for (const [path, target] of below(links)) tree.set(path, { odd: 'a link', target });
  return tree;
}

function onlyFiles(tree: ReadonlyMap<RepoPath, TreeFile | OddFile>): Tree {
  return tree as Tree;
}
