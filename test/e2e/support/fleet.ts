import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** path -> text of everything that git keeps of a service. */
export function texts(folder: string): Map<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map((entry) => join(entry.parentPath, entry.name));
  return new Map(
    paths
      .filter((path) => !/[\\/]\.git[\\/]|\.twelve/.test(path.slice(folder.length)))
      .map((path) => [path.slice(folder.length + 1), readFileSync(path, 'utf8').replaceAll('\r\n', '\n')]),
  );
}

/**
 * Whether a version of the standard has such a line, or one without a word: it may go.
 * @param folders of templates and presets
 */
export function standardLines(...folders: string[]): (line: string) => boolean {
  const files = folders.flatMap((folder) => [...texts(folder).values()]);
  const lines = new Set(files.flatMap((text) => text.split('\n')).map(bare));
  const literal = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const patterns = [...lines]
    .map((line) => line.split(/\{\{#.+?\{\{\/.+?\}\}|\{\{.+?\}\}/))
    .filter((parts) => parts.length > 1 && parts.some((text) => /\w{3}/.test(text)))
    .map((parts) => new RegExp(`^${parts.map(literal).join('.*')}$`));
  return (line) => !/\w{3}/.test(line) || lines.has(bare(line)) || patterns.some((pattern) => pattern.test(bare(line)));
}

/** In JSON, what follows a member decides on its comma. */
function bare(line: string): string {
  return line.trim().replace(/,$/, '');
}
