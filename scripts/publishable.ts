import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * What a published package.json must have and only its publisher knows: where the code is, and where faults are reported.
 * The messages of this program send people to `npm bugs`, which opens that address.
 * @returns the members that are missing
 */
export function missingAddresses(manifest: { readonly repository?: unknown; readonly bugs?: unknown }): string[] {
  return (['repository', 'bugs'] as const).filter((member) => !manifest[member]);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  const missing = missingAddresses(manifest);
  if (missing.length > 0) {
    process.stderr.write(
      `package.json has no ${missing.join(' and no ')}. Set them first: npm pkg set repository.url=git+https://HOST/PATH.git bugs.url=https://HOST/PATH/issues\n`,
    );
    process.exitCode = 1;
  }
}
