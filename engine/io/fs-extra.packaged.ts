declare const require: (id: string) => unknown;

/** Loads fs-extra from its own chunk beside the bundle. */
export function fsExtra(): typeof import('fs-extra') {
  return require('./lazy/fs-extra.cjs') as typeof import('fs-extra');
}
