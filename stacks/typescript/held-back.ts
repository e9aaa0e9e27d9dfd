import { INSTALL_SCRIPTS } from '../../engine/core/preset/install-scripts.ts';
import { readJson } from './read-json.ts';

/** The scripts that an install runs first to last; the others of a package are its own affair. */
const OWN_SCRIPTS = INSTALL_SCRIPTS.filter((name) => !/uninstall|prepack|dependencies/.test(name));

/** What every service has, and works without its script: that only makes a command start a little faster. */
const NOT_NEEDED = ['esbuild'];

/** More names are a list that nobody reads. */
const MAX_NAMED = 8;

/**
 * What an install without scripts did not run.
 * @param read the text of a file of the service, empty where it is not there
 * @param manager runs the scripts of the service; pnpm's lockfile says nothing of those of packages, of which it runs none itself
 * @returns one note for each kind, with the command that runs them
 */
export function heldBack(read: (path: string) => string, manager = 'npm'): string[] {
  const { packages } = readJson(read('package-lock.json')) as { packages?: unknown };
  const wanting = Object.entries(Object(packages) as Record<string, unknown>).flatMap(([path, entry]) => {
    const { hasInstallScript, name } = Object(entry) as { hasInstallScript?: unknown; name?: unknown };
    if (path === '' || hasInstallScript !== true) return [];
    return [typeof name === 'string' ? name : (path.split('node_modules/').at(-1) ?? path)];
  });
  const names = [...new Set(wanting)].filter((name) => !NOT_NEEDED.includes(name)).sort();
  const { scripts } = readJson(read('package.json')) as { scripts?: unknown };
  const own = OWN_SCRIPTS.filter((name) => Object.hasOwn(Object(scripts) as object, name));
  const shown = names.slice(0, MAX_NAMED).join(' ');
  const more = names.length > MAX_NAMED ? ` (and ${names.length - MAX_NAMED} more)` : '';
  return [
    ...(names.length === 0
      ? []
      : [`no install script of a package ran; these want one: npm rebuild ${shown}${more}, once you trust them`]),
    ...(own.length === 0
      ? []
      : [`no install script of the service ran: ${own.map((name) => `${manager} run ${name}`).join(', ')}`]),
  ];
}
