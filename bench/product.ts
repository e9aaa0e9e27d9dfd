import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** The package as users get it. Measured from here, so that a build meanwhile does not change what is measured. */
export interface Product {
  readonly version: string;
  readonly tarball: string;
  /** Program of the unpacked package. */
  readonly bin: string;
  readonly size: { readonly packed: number; readonly unpacked: number; readonly files: number };
}

interface Packed {
  readonly version: string;
  readonly filename: string;
  readonly size: number;
  readonly unpackedSize: number;
  readonly entryCount: number;
}

/** `npm pack` of the project as it is built now, unpacked into `folder`. */
export function packProduct(root: string, folder: string): Product {
  mkdirSync(folder, { recursive: true });
  const output = execFileSync('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', folder], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [packed] = JSON.parse(output) as Packed[];
  if (packed === undefined) throw new Error('npm pack made no package');
  const tarball = join(folder, packed.filename);
  execFileSync('tar', ['-xzf', tarball, '-C', folder]);
  return {
    version: packed.version,
    tarball,
    bin: join(folder, 'package', 'dist', 'bin.cjs'),
    size: { packed: packed.size, unpacked: packed.unpackedSize, files: packed.entryCount },
  };
}

/** Every file below `folder`: path with `/` -> text. A service holds no binary file. */
export function readFiles(folder: string): Map<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  return new Map(files.map((file) => [relative(folder, file), readFileSync(file, 'utf8')]));
}

/** @throws {Error} naming the first file that differs */
export function requireSameFiles(expected: ReadonlyMap<string, string>, actual: ReadonlyMap<string, string>): void {
  for (const [path, text] of expected)
    if (actual.get(path) !== text) throw new Error(`${path} is ${actual.has(path) ? 'different' : 'missing'}`);
  if (actual.size !== expected.size) throw new Error(`${actual.size} files instead of ${expected.size}`);
}
