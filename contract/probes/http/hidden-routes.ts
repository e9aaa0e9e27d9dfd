import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ofAll } from '../../runtimes/index.ts';

/** Routes that frameworks add, that people add by habit, and that show what nobody outside should see. */
export const USUAL_ROUTES: readonly string[] =
  `/ /metrics /metrics/json /prometheus /health /status /ping /info /about /docs /redoc /documentation /swagger /swagger.json
/api-docs /graphql /graphiql /admin /internal /private /debug /debug/vars /debug/pprof /debug/pprof/heap /debug/env /_debug
/env /environment /config /settings /vars /stats /dump /heap /heapdump /threaddump /trace /routes /console /eval /test /_status
/actuator /actuator/env /actuator/health /actuator/heapdump /actuator/beans /manage /server-status /server-info /phpinfo.php
/.env /.git/config /.git/HEAD /package.json /node_modules /favicon.ico /robots.txt /logs /log /backup /users /tokens`.split(
    /\s+/,
  );

/** Files of a program are small. What is larger holds data, or a library. */
const FILE_BYTES = 512 * 1024;
const FILES = 400;
const ROUTES = 150;
const SKIPPED = new Set([
  ...ofAll(({ linkedFolders }) => linkedFolders),
  '.git',
  'test',
  'tests',
  'docs',
  'migrations',
]);
/** A path in quotes: `'/internal/dump'`. */
const QUOTED = /(["'`])(\/[\w.~-]+(?:\/[\w.~-]+){0,4})\1/g;
/** Paths of a machine, and not of a service. */
const OF_MACHINE = /^\/(dev|etc|proc|tmp|usr|var|bin|sbin|home|root|sys|run|opt|app|lib)(\/|$)/;

/** Texts in the files of a service that look like its routes: whoever has hidden one wrote it down somewhere. */
export function writtenRoutes(folder: string): string[] {
  const found = new Set<string>();
  let files = 0;
  const queue = [folder];
  for (let at = queue.shift(); at !== undefined && files < FILES; at = queue.shift()) {
    for (const entry of readdirSync(at, { withFileTypes: true })) {
      const path = join(at, entry.name);
      if (entry.isDirectory() && !SKIPPED.has(entry.name)) queue.push(path);
      if (!entry.isFile() || statSync(path).size > FILE_BYTES) continue;
      files += 1;
      const text = readFileSync(path, 'latin1');
      // A program that was compiled has texts of all its libraries.
      if (text.includes('\0')) continue;
      for (const [, , route = ''] of text.matchAll(QUOTED)) if (!OF_MACHINE.test(route)) found.add(route);
    }
  }
  return [...found].slice(0, ROUTES);
}
