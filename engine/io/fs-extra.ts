import { createRequire } from 'node:module';

/** Loads fs-extra when it is first needed: most runs do not remove or copy anything. */
export function fsExtra(): typeof import('fs-extra') {
  return createRequire(import.meta.url)('fs-extra') as typeof import('fs-extra');
}
