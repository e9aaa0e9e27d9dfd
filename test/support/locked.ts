import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { write } from './folder.ts';
import { execute, type RunResult } from './program.ts';
import { type Manners, type Registry, registry } from './registry.ts';
import type { Shop } from './shop.ts';
import { packageTarball } from './tarball.ts';

/** Services with dependencies, and a registry on this machine that has them: for a real npm. */

const KEPT = packageTarball('kept', '1.0.0');
export const integrity = `sha512-${createHash('sha512').update(KEPT).digest('base64')}`;
const NAMED = { name: 'orders', version: '0.1.0' };
const json = (value: object) => `${JSON.stringify(value, undefined, 2)}\n`;

/** A package.json. */
export const manifest = (dependencies: object, more: object = {}) => json({ ...NAMED, ...more, dependencies });

export const LOCKFILE = json({
  ...NAMED,
  lockfileVersion: 3,
  requires: true,
  packages: {
    '': { ...NAMED, dependencies: { kept: '1.0.0' } },
    'node_modules/kept': { version: '1.0.0', integrity },
  },
});

/** What a preset has at first, and what it has when it has added a dependency. */
export const OLD = {
  'package.json': manifest({ kept: '1.0.0' }),
  'package-lock.json': LOCKFILE,
  '.npmrc': 'save-exact=true\nomit-lockfile-registry-resolved=true\n',
  '.gitignore': 'node_modules\n',
};
export const ADDED = { ...OLD, 'package.json': manifest({ added: '^1.0.0', kept: '1.0.0' }) };
export const DERIVED = { ownership: [['package-lock.json', 'derived']] };
export const MISFIT = 'package-lock.json does not fit package.json: added@^1.0.0 is missing';

/** A service, and the home of a person whose npm asks the registry. */
export interface Customer extends Shop {
  readonly server: Registry;
  readonly home: string;
}

/** A shop whose npm asks a registry of its own. */
export async function customer(shop: Shop, manners?: Manners): Promise<Customer> {
  const server = await registry(manners);
  server.publish('kept', '1.0.0', KEPT);
  server.publish('added', '1.0.0', packageTarball('added', '1.0.0'), undefined, { dependencies: { deep: '1.0.0' } });
  server.publish('deep', '1.0.0', packageTarball('deep', '1.0.0'));
  server.publish('picky', '1.0.0', packageTarball('picky', '1.0.0'), undefined, { peerDependencies: { kept: '^2' } });
  const home = join(shop.parent, 'home');
  write(home, { '.npmrc': `registry=${server.url}\n` });
  return { ...shop, server, home, options: { ...shop.options, env: { ...shop.options.env, HOME: home } } };
}

/** `npm ci` in a service. */
export function install({ orders, options }: Shop): Promise<RunResult> {
  return execute('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: orders, env: options.env });
}

/** The packages of a service's lockfile. */
export const locked = ({ orders }: Shop) =>
  JSON.parse(readFileSync(join(orders, 'package-lock.json'), 'utf8')).packages;

/** No script of any package has run. */
export function expectNothingRan({ home, orders }: Customer): void {
  const names = [home, orders].flatMap((folder) => (existsSync(folder) ? readdirSync(folder) : []));
  expect(names.filter((name) => name.startsWith('ran-'))).toEqual([]);
}
