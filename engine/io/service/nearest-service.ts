import { dirname, join } from 'node:path';
import { MANIFEST_PATH } from '../../core/service/manifest.ts';
import { kindOf } from '../disk.ts';

/** The folder of the service that `start` is in: the nearest one, upwards, with a manifest. Nothing if there is none. */
export function nearestService(start: string): string | undefined {
  for (let folder = start; ; folder = dirname(folder)) {
    if (kindOf(join(folder, MANIFEST_PATH)) === 'file') return folder;
    if (folder === dirname(folder)) return undefined;
  }
}
