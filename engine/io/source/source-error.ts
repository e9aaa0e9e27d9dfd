import { printable, UserError } from '../../core/errors.ts';
import { redactSecrets } from '../../core/redact.ts';

type FetchCode = 'SOURCE_UNREACHABLE' | 'SOURCE_DENIED' | 'SOURCE_NOT_FOUND';

const REMEDIES: Readonly<Record<FetchCode, string>> = {
  SOURCE_UNREACHABLE: 'Look at the network, the proxy and the server, then run the command again.',
  SOURCE_DENIED:
    'Log in as you do for npm install or git clone (npm login, .npmrc, ssh key, credential helper), then run it again.',
  SOURCE_NOT_FOUND:
    'Look at the name and the version, tag or branch; a private source looks like this too while you are not logged in.',
};

/** Why a tool could not fetch, without the secrets that it may have printed. */
export function sourceError(code: FetchCode, source: string, reason: string): UserError {
  const shown = printable(redactSecrets(reason)).slice(0, 300);
  return new UserError(code, `${source} could not be fetched: ${shown}`, REMEDIES[code]);
}

/** A pin that is not what the source gives any more. `was` and `is` are commits or integrities. */
export function changedError(source: string, was: string, is: string): UserError {
  return new UserError(
    'SOURCE_CHANGED',
    `${source} is not what it was: it was ${was}, it is ${is}`,
    'Somebody published other content under the same name. Ask its owner, and take a new version when you trust it.',
  );
}
