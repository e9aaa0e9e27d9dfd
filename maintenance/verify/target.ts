import { statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { FORMS, type Form } from '../../contract/form.ts';
import type { Target } from '../../contract/target.ts';
import { printable, UserError } from '../../engine/core/errors.ts';
import { nearest } from '../../engine/core/text/nearest.ts';
import { redactSecrets } from '../../engine/core/text/redact.ts';
import { commandOf, parseCommand, resolveCommand } from './command-line.ts';
import { type MappingFile, mappingOf } from './mapping.ts';
import { readSeconds, type VerifyRequest } from './options.ts';
import { type PrepareWatch, prepare } from './prepare.ts';
import type { ChosenProfile } from './profile.ts';

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * What is to be verified, ready to be started: a folder is installed and built first.
 * @param said what it is held against, and what it calls its things; an option wins over a mapping
 * @param watch is told what is run, and may end it
 * @throws {UserError} INPUT_INVALID or INPUT_MISSING (2), NOT_POSSIBLE (3) for what this machine lacks
 */
export async function makeTarget(
  request: VerifyRequest,
  { mapping, ...chosen }: ChosenProfile & { readonly mapping?: MappingFile | undefined },
  watch: PrepareWatch,
): Promise<Target> {
  const { image, url, cmd, live, ready, portVariable, startTimeout } = request;
  refuse(
    image !== undefined && url !== undefined,
    '--image cannot be combined with --url',
    'Verify one service at a time.',
  );
  refuse(
    url !== undefined && cmd !== undefined,
    '--cmd cannot be combined with --url, since nothing is started here',
    'Remove one of them.',
  );
  refuse(
    url !== undefined && [request.env[0], portVariable, startTimeout].some((option) => option !== undefined),
    '--env, --port-variable and --start-timeout cannot be combined with --url, since nothing is started here',
    'Remove them.',
  );
  refuse(portVariable !== undefined && !NAME.test(portVariable), '--port-variable must be the name of a variable');
  refuse(
    request.tests && (url !== undefined || image !== undefined),
    '--tests cannot be combined with --url or --image, since it is about a folder',
    'Remove it.',
  );
  for (const path of [live, ready])
    refuse(
      path !== undefined && !path.startsWith('/'),
      `"${printable(path ?? '')}" is not a path`,
      'A path starts with "/".',
    );
  const form = request.form === undefined ? mapping?.form : readForm(request.form);
  refuse(
    form === 'worker' && url !== undefined,
    'a worker cannot be combined with --url, since it serves no HTTP',
    'Verify its folder or its image.',
  );
  const env = readVariables(request.env);
  const headers = readHeaders(request.headers);
  refuse(
    request.tests && request.fast,
    '--tests cannot be combined with --fast, since tests take as long as they take',
    'Remove one of them.',
  );
  const common = {
    ...(request.fast ? { fast: true as const } : {}),
    ...chosen,
    ...(form === undefined ? {} : { form }),
    ...(mapping?.verb === undefined ? {} : { verb: parseCommand(mapping.verb).words }),
    ...(Object.keys(env).length > 0 ? { env } : {}),
    ...(Object.keys(headers).length > 0 ? { headers } : {}),
    paths: {
      ...mapping?.health,
      ...(live === undefined ? {} : { live }),
      ...(ready === undefined ? {} : { ready }),
    },
    ...(mapping?.port === undefined ? {} : { portVariable: mapping.port }),
    ...(portVariable === undefined ? {} : { portVariable }),
    ...(startTimeout === undefined ? {} : { startMs: readSeconds('--start-timeout', startTimeout) * 1000 }),
  };
  // Programs of a folder are found once it is installed, those of an image in the image.
  const mapped = (root?: string) => (mapping ? { mapping: mappingOf(mapping, root) } : {});
  const folder = folderOf(request);
  const files = folder === undefined ? {} : { folder };
  if (url !== undefined) return { kind: 'url', name: url, url: originOf(url), ...files, ...common, ...mapped() };
  if (image !== undefined) {
    refuse(image === '' || image.startsWith('-'), `"${printable(image)}" is not an image`);
    const serve = cmd === undefined ? undefined : parseCommand(cmd);
    refuse(
      serve?.takesVerb === true,
      '{verb} cannot be combined with --image, since an image has its own entry point',
      'Remove {verb}.',
    );
    return {
      kind: 'image',
      name: image,
      image,
      ...files,
      ...(serve ? { serve: serve.words } : {}),
      ...common,
      ...mapped(),
    };
  }
  const root = folder ?? request.cwd;
  const command = cmd === undefined ? commandOf(root) : parseCommand(cmd);
  refuse(
    mapping?.verb !== undefined && !command.takesVerb,
    `the mapping has the verb ${printable(mapping?.verb ?? '')}, and "${printable(command.text)}" takes none`,
    'End the command with {verb}, or leave the verb out.',
  );
  if (request.build) await prepare(root, watch);
  watch.tell(`starting "${command.text}"`);
  const verbless = command.takesVerb ? {} : ({ verbless: true } as const);
  return {
    kind: 'process',
    name: basename(root),
    folder: root,
    command: resolveCommand(command, root),
    ...verbless,
    ...(request.tests ? { tests: true } : {}),
    ...common,
    ...mapped(root),
  };
}

function readForm(text: string): Form {
  const found = FORMS.find((one) => one === text);
  refuse(
    found === undefined,
    `--form ${printable(text)} is not a form; did you mean ${nearest(text, FORMS)?.word}?`,
    `There are ${FORMS.join(', ')}.`,
  );
  return found ?? 'web';
}

function readVariables(given: readonly string[]): Record<string, string> {
  const pairs = given.map((text): [string, string] => {
    const at = text.indexOf('=');
    const name = at === -1 ? text : text.slice(0, at);
    refuse(
      !NAME.test(name),
      // The value may be a secret: it is not repeated.
      `--env ${printable(name)} names no variable`,
      'Write NAME=VALUE, or NAME for one that is set.',
    );
    const value = at === -1 ? process.env[name] : text.slice(at + 1);
    if (value === undefined) throw new UserError('INPUT_INVALID', `${name} is not set here`, 'Write NAME=VALUE.');
    return [name, value];
  });
  return Object.fromEntries(pairs);
}

function readHeaders(given: readonly string[]): Record<string, string> {
  const pairs = given.map((text): [string, string] => {
    const [, name, value] = /^([\w!#$%&'*+.^`|~-]+):\s*([\t\x20-\x7e]+)$/.exec(text) ?? [];
    // The rest may be a secret: it is not repeated.
    const [shown = ''] = /^[^\s:]*/.exec(text) ?? [];
    refuse(name === undefined, `--header ${printable(shown)} is not a header`, 'Write it as "Name: value", in ASCII.');
    return [name ?? '', value ?? ''];
  });
  return Object.fromEntries(pairs);
}

/**
 * The absolute path of a service's folder: the named one, or the working folder where no image and no URL is given.
 * @returns nothing where the service has no folder
 * @throws {UserError} INPUT_INVALID where there is no such folder
 */
export function folderOf({
  cwd,
  dir,
  image,
  url,
}: Pick<VerifyRequest, 'cwd' | 'dir' | 'image' | 'url'>): string | undefined {
  if (dir === undefined) return image === undefined && url === undefined ? cwd : undefined;
  const folder = resolve(cwd, dir);
  const stat = statSync(folder, { throwIfNoEntry: false });
  refuse(stat?.isDirectory() !== true, `${printable(dir)} is not a folder`, 'Name the folder of a service.');
  return folder;
}

function originOf(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const isPlain =
    parsed !== undefined && /^https?:$/.test(parsed.protocol) && parsed.username === '' && parsed.pathname === '/';
  refuse(
    !isPlain || parsed.search !== '',
    `--url ${printable(redactSecrets(url))} is no http(s)://HOST[:PORT]`,
    'E.g. http://127.0.0.1:8080.',
  );
  return parsed?.origin ?? '';
}

function refuse(is: boolean, why: string, remedy = 'Correct the command; verify --help lists every option.'): void {
  if (is) throw new UserError('INPUT_INVALID', why, remedy);
}
