import { UserError } from '../errors.ts';
import { answerText } from './answer-columns.ts';
import type { ServiceAudit } from './audit.ts';

/** What a link is made of. */
export interface Linked {
  /** As the user named it. */
  readonly folder: string;
  readonly name: string;
  readonly answers: ServiceAudit['answers'];
}

/** `{service}`, `{folder}` or the name of an answer. */
const PLACEHOLDER = /\{([A-Za-z][A-Za-z0-9-]*)\}/g;

/** The answers that a `--link` has in braces. */
export function answersInLink(template: string): string[] {
  const words = [...template.matchAll(PLACEHOLDER)].map(([, word = '']) => word);
  return words.filter((word) => word !== 'service' && word !== 'folder');
}

/**
 * Reads `--link`, such as `https://git.example/{team}/{service}`.
 * @returns the address of a service's repository, or nothing if the service lacks one of the answers
 * @throws {UserError} INPUT_INVALID if it is no http(s) address
 */
export function parseLink(template: string): (service: Linked) => string | undefined {
  if (webAddress(template.replace(PLACEHOLDER, 'x')) === undefined)
    throw new UserError(
      'INPUT_INVALID',
      `--link ${JSON.stringify(template)} is not a web address`,
      'Write it like https://git.example/{service}; the name of an answer may stand in braces too, such as {team}.',
    );
  return ({ folder, name, answers }) => {
    let isWhole = true;
    const text = template.replace(PLACEHOLDER, (_, word: string) => {
      const value = word === 'service' ? name : word === 'folder' ? folder : answerText(answers, word);
      // A folder keeps its slashes. No value can leave the path that the template has for it.
      const segments = word === 'folder' ? value.split('/').filter((part) => part !== '' && part !== '.') : [value];
      if (segments.length === 0 || segments.some((part) => part === '' || part === '..')) isWhole = false;
      return segments.map(encodeURIComponent).join('/');
    });
    return isWhole ? webAddress(text) : undefined;
  };
}

/**
 * The page of a repository, from the remote that git fetches from.
 * @param remote e.g. `git@git.example:acme/orders.git`
 * @returns an http(s) address without a user and a password, or nothing if there is none
 */
export function linkOfRemote(remote: string): string | undefined {
  const text = remote.trim();
  // `[user@]host:path`, as ssh has it. Without a dot it is a drive, a scheme or a name of one's own for a host.
  const short = /^(?:[\w.-]+@)?([\w-]+(?:\.[\w-]+)+):(?!\/\/)(.+)$/.exec(text);
  const ssh = /^(?:git\+)?ssh:\/\/(?:[^@/]*@)?([\w.-]+)(?::\d+)?\/(.+)$/.exec(text);
  const [, host, path] = ssh ?? (/^[a-z][a-z0-9+]*:\/\//i.test(text) ? [] : short) ?? [];
  const address = webAddress(host === undefined ? text : `https://${host}/${path?.replace(/^\/+/, '')}`);
  return address?.replace(/(\.git)?\/*$/, '');
}

/**
 * The address of the remote `origin` in the text of `.git/config`. Nothing is included or run.
 */
export function originOf(config: string): string | undefined {
  let isOrigin = false;
  for (const line of config.split(/\r?\n/)) {
    const section = /^\s*\[(.*)\]\s*$/.exec(line)?.[1];
    if (section !== undefined) isOrigin = /^remote\s+"origin"$/i.test(section.trim());
    const url = isOrigin ? /^\s*url\s*=\s*(.*?)\s*$/i.exec(line)?.[1] : undefined;
    if (url !== undefined) return url.replace(/^"(.*)"$/, '$1');
  }
  return undefined;
}

/** An absolute http(s) address as a browser reads it, without credentials, or nothing. */
function webAddress(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return undefined;
  url.username = '';
  url.password = '';
  return url.href;
}
