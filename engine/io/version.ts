import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Set by esbuild. Not defined when the program runs from source. */
declare const PACKAGE_VERSION: string | undefined;

/** The version of this package. */
export function packageVersion(): string {
  if (typeof PACKAGE_VERSION === 'string') return PACKAGE_VERSION;
  const manifest = readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}
