import { posix } from 'node:path';
import { foldersAbove } from '../../repo-path.ts';

/** What there is at a path of a service. */
interface Links {
  /** What a link points to, as it is written in it. Nothing for anything else. */
  readonly targetOf: (path: string) => string | undefined;
  readonly isFolder: (path: string) => boolean;
}

/** A path without links in it, and the first link on the way, with the folder that it leads to. */
interface Resolved {
  readonly found: string;
  readonly link?: string;
  readonly target?: string;
}

/** More links behind each other are taken for a circle. */
const MAX_LINKS = 10;

/**
 * Gives the path behind the links to folders on a path. It computes with names only. A link that leaves the service, or
 * leads to no folder of it, is not followed.
 */
export function linkResolver({ targetOf, isFolder }: Links): (path: string) => Resolved {
  return (path) => {
    let found = path;
    let first: string | undefined;
    let target = '';
    for (let step = 0; step <= MAX_LINKS; step += 1) {
      const link = foldersAbove(found).find((one) => targetOf(one) !== undefined);
      if (link === undefined)
        return first === undefined || !isFolder(target) ? { found: path } : { found, link: first, target };
      const text = targetOf(link) ?? '';
      if (posix.isAbsolute(text)) break;
      target = posix.join(posix.dirname(link), text).replace(/\/$/, '');
      if (target === '.' || target === '..' || target.startsWith('../')) break;
      first ??= link;
      found = `${target}${found.slice(link.length)}`;
    }
    return { found: path };
  };
}
