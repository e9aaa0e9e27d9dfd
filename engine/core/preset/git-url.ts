/** A repository, and the tag, branch or commit to fetch. An empty ref means HEAD. */
interface GitSource {
  readonly kind: 'git';
  readonly url: string;
  readonly ref: string;
}

const HOSTS: Readonly<Record<string, string>> = { github: 'github.com', gitlab: 'gitlab.com' };

const USER = String.raw`(?<user>[A-Za-z0-9_][\w.-]*)@`;
const HOST = String.raw`(?<host>[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[\dA-Fa-f:.]+\])`;
/** A path segment: not `.` or `..`, no dash at the start, no escaped dot, slash or control character. */
const SEGMENT = String.raw`(?!\.{1,2}(?:\/|$))[A-Za-z0-9._~](?:[\w.~+@=-]|%(?!2[efEF]|7[fF])[2-7][\dA-Fa-f])*`;
const GIT_URL = new RegExp(
  String.raw`^git\+(?<scheme>https?|ssh):\/\/(?:${USER})?${HOST}(?<port>:\d{1,5})?(?<path>(?:\/${SEGMENT})+)$`,
);
const LOOPBACK = /^(127\.0\.0\.1|localhost|\[::1\])$/;

/** Reads `git+https://`, `git+ssh://`, `github:` and `gitlab:`. Plain http is allowed only for this machine. */
export function parseGit(text: string): GitSource | undefined {
  const [place = '', ref = '', ...rest] = text.split('#');
  const groups = GIT_URL.exec(longForm(place))?.groups;
  if (!groups || rest.length > 0 || !(ref === '' || isRef(ref))) return undefined;
  const { scheme = '', user, host = '', port = '', path = '' } = groups;
  if (user !== undefined && scheme !== 'ssh') return undefined;
  if (scheme === 'http' && !LOOPBACK.test(host)) return undefined;
  const login = user === undefined ? '' : `${user}@`;
  return { kind: 'git', url: `${scheme}://${login}${host.toLowerCase()}${port}${path}`, ref };
}

/** Turns `github:acme/preset` into its full URL. */
function longForm(place: string): string {
  const short = /^(github|gitlab):([^/]+(?:\/[^/]+)+)$/.exec(place);
  const [, site = '', path = ''] = short ?? [];
  if (!short || (site === 'github' && path.split('/').length !== 2)) return place;
  return `git+https://${HOSTS[site]}/${path.replace(/\.git$/, '')}.git`;
}

/**
 * Whether text is a tag, a branch, a full `refs/...` name or a commit. Characters with a meaning to a tool are refused.
 */
function isRef(ref: string): boolean {
  return /^[A-Za-z0-9_][\w./+@-]{0,199}$/.test(ref) && !/\.\.|@\{|\/[/.-]|[./]$|\.lock(\/|$)/.test(ref);
}

/** The reason why {@link parseGit} refuses a text. */
export function gitProblem(text: string): string {
  if (/^[a-z+]+:\/\/[^/]*:[^/]*@|^(git\+)?https?:\/\/[^/]*@/i.test(text))
    return 'contains credentials; give them to git instead (a credential helper, an ssh key)';
  if (/^(git\+)?http:/i.test(text)) return 'is plain http, which anybody on the network can change';
  if (/^(git\+)?git:/i.test(text)) return 'has the protocol git://, which anybody on the network can change';
  if (/^(git\+)?file:/i.test(text)) return 'has the protocol file:; write it as a folder';
  if (/^(https|ssh):/i.test(text)) return `must start with git+, because it could be a web page`;
  if (/^[\w.-]+@[\w.-]+:/.test(text)) return 'must be written as git+ssh://';
  const [place = '', ref = ''] = text.split('#');
  return ref !== '' && parseGit(place)
    ? 'has no tag, branch or commit after the #'
    : 'cannot be fetched (a folder starts with ./)';
}
