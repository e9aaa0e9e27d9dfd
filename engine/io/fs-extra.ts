import { createRequire } from 'node:module';

/** fs-extra, loaded when it is first needed: most runs remove and copy nothing. */
export function fsExtra(): typeof import('fs-extra') {
  return createRequire(import.meta.url)('fs-extra') as typeof import('fs-extra');
}
