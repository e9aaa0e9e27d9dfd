import { readJson } from './read-json.ts';

/** See `StackCode.parts`. */
export const PARTS = {
  health: ['health', 'identity', 'lines', 'output']
    .map((name) => `src/platform/process/${name}.ts`)
    .concat('src/platform/log.ts'),
};

/** See `StackCode.unmetNeeds`. */
export function unmetNeeds(text: string, read: (path: string) => string): string[] {
  const { scripts, dependencies } = readJson(read('package.json'));
  const lacks = (map: unknown, names: readonly (string | undefined)[]) =>
    [...new Set(names)].filter((name) => name !== undefined && !Object.hasOwn(Object(map), name)).join(', ');
  const called = lacks(
    scripts,
    [...text.matchAll(/\bp?npm (?:run(?: --?\S+)* ([\w:-]+)|(test)\b)/g)].map(([, run, test]) => run ?? test),
  );
  const imported = lacks(
    dependencies,
    [...text.matchAll(/^import .*from "(?!node:|\.)((?:@[^/"]+\/)?[^/"]+)/gm)].map(([, name]) => name),
  );
  const needsLock = /\bnpm ci\b/.test(text) && read('package-lock.json') === '';
  const needsPnpmLock = /\bpnpm install --frozen-lockfile\b/.test(text) && read('pnpm-lock.yaml') === '';
  return [
    ...(needsLock ? ['runs npm ci, and there is no package-lock.json'] : []),
    ...(needsPnpmLock ? ['runs pnpm install --frozen-lockfile, and there is no pnpm-lock.yaml'] : []),
    ...(called === '' ? [] : [`runs npm run ${called}, and package.json has no such script`]),
    ...(imported === '' ? [] : [`imports ${imported}, which package.json does not name`]),
  ];
}
