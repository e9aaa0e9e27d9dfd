import { printable, UserError } from '../errors.ts';
import { redactSecrets } from '../text/redact.ts';
import { gitProblem, parseGit } from './git-url.ts';

/** Where a preset or a template comes from. No part of it can be read as an option or a command. */
export type SourceSpec =
  /** `./dir`, `../dir`, `/abs` */
  | { readonly kind: 'folder'; readonly path: string }
  /** `npm:@acme/service-preset@^2`; an empty range means npm's default, the latest version. */
  | { readonly kind: 'npm'; readonly name: string; readonly range: string }
  /**
   * `git+https://host/x.git#v2.1.0`, `git+ssh://git@host/x.git#v2`, `github:acme/preset#v2`; an empty ref means HEAD.
   */
  | { readonly kind: 'git'; readonly url: string; readonly ref: string };

const FORMS =
  'Write a folder (./preset, /srv/preset), npm:@acme/preset@^2, git+https://host/preset.git#v2, git+ssh://git@host/preset.git#v2, github:acme/preset#v2 or gitlab:acme/preset#v2.';

const FOLDER = /^(\.{1,2}($|[\\/])|\/|[A-Za-z]:[\\/])/;
const NPM_NAME = /^(?:@[a-z0-9][a-z0-9._-]*\/)?[a-z0-9][a-z0-9._-]*$/;
/** npm reads a spec with this ending as a local file, whatever is before it. */
const ARCHIVE = /\.(tgz|tar|tar\.gz)$/i;
const DIST_TAG = /^[A-Za-z][\w.-]*$/;
const VERSION = String.raw`(?:(?:[~^]|[<>]=?|=) ?)?v?(?:\d+|[xX*])(?:\.(?:\d+|[xX*])){0,2}(?:-[\dA-Za-z.-]+)?(?:\+[\dA-Za-z.-]+)?`;
const RANGE = new RegExp(`^${VERSION}(?:(?: \\|\\| | - | )${VERSION})*$`);

/**
 * Checks text before any tool that fetches gets it.
 * @throws {UserError} INPUT_INVALID, with the valid forms; the message never contains a password of the text
 */
export function parseSourceSpec(text: string): SourceSpec {
  const spec = text.length > 400 || printable(text) !== text ? undefined : read(text);
  if (spec !== undefined && typeof spec !== 'string') return spec;
  const reason = spec ?? 'is too long, or has a control or invisible character';
  const shown = printable(redactSecrets(text.slice(0, 400)));
  throw new UserError('INPUT_INVALID', `the source "${shown}" ${reason}`, FORMS);
}

/** The canonical text of a source. {@link parseSourceSpec} reads it as the same source. */
export function formatSourceSpec(spec: SourceSpec): string {
  switch (spec.kind) {
    case 'folder':
      return spec.path;
    case 'npm':
      return `npm:${spec.name}${spec.range === '' ? '' : `@${spec.range}`}`;
    case 'git':
      return `git+${spec.url}${spec.ref === '' ? '' : `#${spec.ref}`}`;
  }
}

/** @returns the source, or the reason why the text is not one */
function read(text: string): SourceSpec | string {
  if (FOLDER.test(text)) return { kind: 'folder', path: text.replace(/(?<=[^/:])\/+$/, '') };
  return text.startsWith('npm:') ? readNpm(text.slice('npm:'.length)) : (parseGit(text) ?? gitProblem(text));
}

function readNpm(text: string): SourceSpec | string {
  const at = text.indexOf('@', 1);
  const name = at === -1 ? text : text.slice(0, at);
  const range =
    at === -1
      ? ''
      : text
          .slice(at + 1)
          .trim()
          .replace(/\s+/g, ' ')
          .replace(/ ?\|\| ?/g, ' || ');
  if (!NPM_NAME.test(name) || name.length > 214 || ARCHIVE.test(name) || name === 'node_modules')
    return 'has a name that npm does not allow for a package';
  if (ARCHIVE.test(range) || !(range === '' || DIST_TAG.test(range) || RANGE.test(range)))
    return 'has no valid version range or tag after the name';
  return { kind: 'npm', name, range };
}
