import { linkOfRemote, originOf } from '../../core/audit/repository-link.ts';
import type { ServiceFolder } from './fingerprint.ts';

/** In bytes: larger than any settings of a repository. */
const MAX_GIT_CONFIG_BYTES = 64 * 1024;

/**
 * The http(s) address of the repository that a checkout was fetched from, as far as the text of its settings says so.
 * Follows no link, runs nothing.
 */
export function remoteLink(folder: ServiceFolder): string | undefined {
  const config = folder.read('.git/config', MAX_GIT_CONFIG_BYTES);
  const origin = typeof config === 'string' ? undefined : originOf(config.toString('utf8'));
  return origin === undefined ? undefined : linkOfRemote(origin);
}
