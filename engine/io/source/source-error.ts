import { printable, UserError } from '../../core/errors.ts';
import { redactSecrets } from '../../core/text/redact.ts';
import { diskErrorSaid } from '../failure.ts';

type FetchCode = 'SOURCE_UNREACHABLE' | 'SOURCE_DENIED' | 'SOURCE_NOT_FOUND';

const REMEDIES: Readonly<Record<FetchCode, string>> = {
  SOURCE_UNREACHABLE: 'Check the network, the proxy and the server, then run the command again.',
  SOURCE_DENIED:
    'Log in as you do for npm install or git clone (npm login, .npmrc, ssh key, credential helper), then run it again.',
  SOURCE_NOT_FOUND:
    'Check the name and the version, tag or branch. A private source gives the same answer while you are not logged in.',
};

/** The error of a fetch that failed. Secrets that the tool may have printed are removed. */
export function sourceError(code: FetchCode, source: string, reason: string): UserError {
  const full = diskErrorSaid(reason, source);
  if (full) return full;
  const shown = printable(redactSecrets(reason)).slice(0, 300);
  return new UserError(code, `${source} could not be fetched: ${shown}`, REMEDIES[code]);
}

/** The error of a source whose content no longer matches its pin. `was` and `is` are commits or integrities. */
export function changedError(source: string, was: string, is: string): UserError {
  return new UserError(
    'SOURCE_CHANGED',
    `${source} has changed: it was ${was}, it is ${is}`,
    'Somebody published other content under the same name. Ask its owner, and use a new version when you trust it.',
  );
}
