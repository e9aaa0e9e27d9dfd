import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The licence text of every package that went into the bundle.
 * @param inputs paths of the bundled files, relative to the current folder
 * @throws {Error} if a package names no licence: it may not be shipped
 */
export function bundledLicences(root: string, inputs: readonly string[]): string {
  const packages = new Set(inputs.flatMap((path) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? []));
  const texts = [...packages].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as Record<
      string,
      string
    >;
    if (!license) throw new Error(`${name} has no licence`);
    const file = readdirSync(join(root, folder)).find((entry) => /^licen[cs]e/i.test(entry));
    const text = file ? readFileSync(join(root, folder, file), 'utf8').trim() : `Licence: ${license}`;
    return `${name} ${version} (${license})\n\n${text}\n`;
  });
  return texts.join(`\n${'-'.repeat(80)}\n\n`);
}
