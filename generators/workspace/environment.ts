import { UserError } from '../../engine/core/errors.ts';
import { parseRepoPath } from '../../engine/core/repo-path.ts';

/** What compose reads before its files. */
export const ENVIRONMENT = parseRepoPath('.env');

const FOLDER = '_DIR';

/**
 * Adds what compose needs to know of a service, at the end of the file. Folders are in the order of the alphabet, so the order in
 * which services join does not matter. No other line changes.
 * @param text of the file
 * @param list the file with the list of services
 * @param service its name as a part of a variable, and its folder
 * @throws {UserError} NAME_TAKEN where its variable has another value
 */
export function addToComposeEnvironment(
  text: string,
  list: string,
  service: { readonly constName: string; readonly folder: string },
): string {
  const wanted: readonly (readonly [string, string])[] = [
    ['COMPOSE_FILE', `docker-compose.yaml:${list}`],
    ['COMPOSE_PATH_SEPARATOR', ':'],
    [`${service.constName}${FOLDER}`, `./${service.folder}`],
  ];
  return wanted.reduce((grown, [name, value]) => addLine(grown, name, value), text);
}

function addLine(text: string, name: string, value: string): string {
  const lines = text.split('\n');
  const names = lines.map((line) => /^([A-Z_][A-Z0-9_]*)=/.exec(line)?.[1]);
  const known = names.indexOf(name);
  const other = lines[known]?.slice(name.length + 1).trim();
  if (other !== undefined) {
    if (!name.endsWith(FOLDER) || other === value) return text;
    throw new UserError('NAME_TAKEN', `${ENVIRONMENT} has ${name}=${other} already`, 'Take that line out.');
  }
  const next = name.endsWith(FOLDER) ? names.findIndex((one) => one?.endsWith(FOLDER) && one > name) : -1;
  const end = lines.at(-1) === '' ? lines.length - 1 : lines.length;
  return [...lines.slice(0, next < 0 ? end : next), `${name}=${value}`, ...lines.slice(next < 0 ? end : next)].join(
    '\n',
  );
}
