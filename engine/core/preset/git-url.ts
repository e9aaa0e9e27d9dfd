/** A repository and the tag, branch or commit that is wanted of it; an empty ref is HEAD. */
export interface GitSource {
  readonly kind: 'git';
  readonly url: string;
  readonly ref: string;
}

const HOSTS: Readonly<Record<string, string>> = { github: 'github.com', gitlab: 'gitlab.com' };

const USER = String.raw`(?<user>[A-Za-z0-9_][\w.-]*)@`;
const HOST = String.raw`(?<host>[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[\dA-Fa-f:.]+\])`;
/** No segment is `.` or `..`, none starts with a dash, and no escape stands for a dot, a slash or a control. */
const SEGMENT = String.raw`(?!\.{1,2}(?:\/|$))[A-Za-z0-9._~](?:[\w.~+@=-]|%(?!2[efEF]|7[fF])[2-7][\dA-Fa-f])*`;
const GIT_URL = new RegExp(
  String.raw`^git\+(?<scheme>https?|ssh):\/\/(?:${USER})?${HOST}(?<port>:\d{1,5})?(?<path>(?:\/${SEGMENT})+)$`,
);
const LOOPBACK = /^(127\.0\.0\.1|localhost|\[::1\])$/;

/** Reads `git+https://`, `git+ssh://`, `github:` and `gitlab:`. Plain http is for this machine alone. */
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

/** `github:acme/preset` as the URL that it stands for. */
function longForm(place: string): string {
  const short = /^(github|gitlab):([^/]+(?:\/[^/]+)+)$/.exec(place);
  const [, site = '', path = ''] = short ?? [];
  if (!short || (site === 'github' && path.split('/').length !== 2)) return place;
  return `git+https://${HOSTS[site]}/${path.replace(/\.git$/, '')}.git`;
}

/** A tag, a branch, a full `refs/...` name or a commit: what git allows, less everything that has a meaning to a tool. */
function isRef(ref: string): boolean {
  return /^[A-Za-z0-9_][\w./+@-]{0,199}$/.test(ref) && !/\.\.|@\{|\/[/.-]|[./]$|\.lock(\/|$)/.test(ref);
}

/** Why {@link parseGit} did not take a text. */
export function gitProblem(text: string): string {
  if (/^[a-z+]+:\/\/[^/]*:[^/]*@|^(git\+)?https?:\/\/[^/]*@/i.test(text))
    return 'has credentials in it; they belong to git (a credential helper, an ssh key), not into a file or a shell';
  if (/^(git\+)?http:/i.test(text)) return 'is plain http, which anybody on the way can change';
  if (/^(git\+)?git:/i.test(text)) return 'has the protocol git://, which anybody on the way can change';
  if (/^(git\+)?file:/i.test(text)) return 'has the protocol file:, which is written as a folder';
  if (/^(https|ssh):/i.test(text)) return `has to start with git+, for it to be told from a page`;
  if (/^[\w.-]+@[\w.-]+:/.test(text)) return 'has to be written as git+ssh://';
  const [place = '', ref = ''] = text.split('#');
  return ref !== '' && parseGit(place)
    ? 'has no tag, branch or commit after the #'
    : 'is none that can be fetched (a folder starts with ./)';
}
