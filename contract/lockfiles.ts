import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { instructions } from '../engine/core/audit/dockerfile.ts';
import { read } from './runtimes/files.ts';
import type { DockerCommands, FoundLock, Runtime } from './runtimes/runtime.ts';

/** The lock of a folder: its own, or that of the workspace that it belongs to in the same repository. */
export function findLock(runtime: Runtime, folder: string): FoundLock | undefined {
  const { packageManagers, isWorkspace = () => false } = runtime;
  const managerOf = (at: string) =>
    packageManagers.find(({ lock, isLock = () => true }) => {
      const text = read(at, lock);
      return text !== undefined && isLock(text);
    });
  const own = managerOf(folder);
  if (own) return { folder, manager: own };
  const root = foldersAbove(folder).find((above) => isWorkspace(above) && managerOf(above));
  const manager = root === undefined ? undefined : managerOf(root);
  return root === undefined || manager === undefined ? undefined : { folder: root, manager };
}

/** Up to the root of the repository; none where there is no repository. */
function foldersAbove(folder: string): string[] {
  const above: string[] = [];
  for (let at = folder; !existsSync(join(at, '.git')); above.push(at)) {
    if (dirname(at) === at) return [];
    at = dirname(at);
  }
  return above;
}

/** What may stand before a command: options of the instruction, variables, a shell. */
const BEFORE = /^(--\w+=\S+|\w+=\S*|then|do|else|exec|sudo|\(|(\/bin\/)?(ba|da)?sh -\w+)\s+/;

/** What a Dockerfile runs, in here-documents too. */
export function commandsOf(dockerfile: string): DockerCommands {
  const found = [...instructions(dockerfile)];
  const runs = found.filter(({ name }) => ['RUN', 'CMD', 'ENTRYPOINT'].includes(name));
  const parts = runs.flatMap(({ text, documents }) => [text, ...documents].join('\n').split(/\n|&&|[|;]/));
  const commands = parts.map((part) => {
    let text = part
      .replace(/["',[\]]/g, ' ')
      .replace(/\s+/g, ' ')
      .trim();
    while (BEFORE.test(text)) text = text.replace(BEFORE, '');
    return text.split(' ');
  });
  return { commands, isCi: found.some(({ text }) => /\bCI[ =]["']?(true|1)\b/.test(text)) };
}
