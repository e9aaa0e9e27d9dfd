import type { FileMode } from '../tree.ts';
import type { Layer, Owner } from './template.ts';

/** A file of a template folder, as it lies there. */
export interface SourceFile {
  /** Path in the layer, under its real name and without `.hbs`. */
  readonly path: string;
  /** `<layer>/<path in the folder>` */
  readonly source: string;
  readonly mode: FileMode;
  readonly owner: Owner;
  readonly bytes: Uint8Array;
  readonly isTemplate: boolean;
}

export interface SourceLayer {
  readonly path: string;
  readonly when: Layer['when'];
  readonly files: readonly SourceFile[];
}
