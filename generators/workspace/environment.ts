import { printable, UserError } from '../../engine/core/errors.ts';
import { parseRepoPath } from '../../engine/core/repo-path.ts';

/** What compose reads before its files. */
export const ENVIRONMENT = parseRepoPath('.env');

const FOLDER = '_DIR';

/** A line that sets a variable, in each form that compose reads. */
const SETTING = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*[=:](.*)$/;
const COMPOSE_FILE = 'COMPOSE_FILE';
const SEPARATOR = 'COMPOSE_PATH_SEPARATOR';

/**
 * Adds what compose needs to know of a service, at the end of the file. Folders are in the order of the alphabet, so the order in
 * which services join does not matter. No other line changes, and a comment stays with the line below it.
 * @param text of the file
 * @param list the file with the list of services
 * @param service its name as a part of a variable, and its folder
 * @throws {UserError} NAME_TAKEN where its variable has another value, NOT_POSSIBLE where compose is told not to read the list
 */
export function addToComposeEnvironment(
  text: string,
  list: string,
  service: { readonly constName: string; readonly folder: string },
): string {
  refuseOtherFiles(text, list);
  const wanted: readonly (readonly [string, string])[] = [
    [COMPOSE_FILE, `docker-compose.yaml:${list}`],
    [SEPARATOR, separatorOf(text)],
    [`${service.constName}${FOLDER}`, `./${service.folder}`],
  ];
  return wanted.reduce((grown, [name, value]) => addLine(grown, name, value), text);
}

/** A team that names compose's files itself has to name the list among them: otherwise nothing reads it. */
function refuseOtherFiles(text: string, list: string): void {
  const files = settingOf(text, COMPOSE_FILE);
  if (files === undefined) return;
  const separator = separatorOf(text);
  if (files.split(separator).some((file) => file.trim().replace(/^(\.\/)+/, '') === list)) return;
  throw new UserError(
    'NOT_POSSIBLE',
    `${ENVIRONMENT} has ${COMPOSE_FILE}=${printable(files)}, so compose would not read ${list}, where the service is named`,
    `Write ${COMPOSE_FILE}=${[...(files === '' ? [] : [printable(files)]), list].join(separator)}, or take that line out.`,
  );
}

/** What divides the names of files: on Windows compose takes ";" where nothing is said. */
function separatorOf(text: string): string {
  const isOfWindows = /^[^:]*;[^:]*$/.test(settingOf(text, COMPOSE_FILE) ?? '');
  return settingOf(text, SEPARATOR) || (isOfWindows ? ';' : ':');
}

/** The value that a variable has: of several lines, the last one counts. */
function settingOf(text: string, name: string): string | undefined {
  const values = text.split('\n').flatMap((line) => {
    const [, known, value = ''] = SETTING.exec(line) ?? [];
    return known === name ? [plain(value)] : [];
  });
  return values.at(-1);
}

/** Without quotes, and without a comment after it. */
function plain(value: string): string {
  const quoted = /^\s*(["'])(.*?)\1\s*(#.*)?$/.exec(value);
  return quoted?.[2] ?? value.replace(/\s+#.*$/, '').trim();
}

function addLine(text: string, name: string, value: string): string {
  const other = settingOf(text, name);
  if (other !== undefined) {
    const isSame = other.replace(/\/$/, '').replace(/^(\.\/)?/, './') === value;
    if (!name.endsWith(FOLDER) || isSame) return text;
    throw new UserError('NAME_TAKEN', `${ENVIRONMENT} has ${name}=${printable(other)} already`, 'Take that line out.');
  }
  const lines = text.split('\n');
  const names = lines.map((line) => SETTING.exec(line)?.[1]);
  const next = name.endsWith(FOLDER) ? names.findIndex((one) => one?.endsWith(FOLDER) && one > name) : -1;
  const end = lines.at(-1) === '' ? lines.length - 1 : lines.length;
  const at = next < 0 ? end : aboveComments(lines, next);
  return [...lines.slice(0, at), `${name}=${value}`, ...lines.slice(at)].join('\n');
}

/** Where the comment that stands directly above a line begins. */
function aboveComments(lines: readonly string[], at: number): number {
  return at > 0 && /^\s*#/.test(lines[at - 1] ?? '') ? aboveComments(lines, at - 1) : at;
}
