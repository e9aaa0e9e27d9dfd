import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Twelve hexadecimal digits. They change with every byte of code, and with every template, in a folder of built files. */
export function buildIdOf(folder: string): string {
  const hash = createHash('sha256');
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  for (const path of paths.filter((name) => /(\.cjs|index\.json)$/.test(name)).sort())
    hash.update(`${path}\0`).update(readFileSync(join(folder, path)));
  return hash.digest('hex').slice(0, 12);
}
