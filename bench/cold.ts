import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { plainEnvironment } from './process.ts';
import type { Subject, Task } from './rounds.ts';
import { WHOLE_SERVICE, type Workshop } from './workshop.ts';

/**
 * What a person waits for who never ran the program: npm asks a registry, downloads, unpacks and starts it. The registry is
 * on this machine, so what is left out is the network, which favours whoever downloads more.
 */
export const COLD_SUBJECTS: readonly Subject<Workshop>[] = [
  {
    id: 'cold-hono',
    title: 'npm create hono -- --version',
    prepare: (workshop) => cold(workshop, 'hono', ['--version']),
  },
  {
    id: 'cold-version',
    title: 'npm create twelve-service -- --version',
    target: 1.2,
    prepare: (workshop) => cold(workshop, 'twelve-service', ['--version']),
  },
  {
    id: 'cold-create',
    title: 'npm create twelve-service -- orders',
    target: 1.2,
    prepare: (workshop) =>
      cold(workshop, 'twelve-service', [...WHOLE_SERVICE, '--no-git', '--no-install'], (folder) => {
        if (!existsSync(join(folder, 'orders', '.twelve.json'))) throw new Error('no service was created');
      }),
  },
];

/** Each run has a home, an npm cache and a program cache that nobody used before. */
async function cold(
  workshop: Workshop,
  initializer: string,
  args: readonly string[],
  check?: (folder: string) => void,
): Promise<Task> {
  const { url } = await workshop.registry();
  return {
    command: (cwd) => ({
      argv: ['npm', 'create', `${initializer}@latest`, '--', ...args],
      cwd,
      env: plainEnvironment(`${cwd}-home`, {
        npm_config_registry: url,
        npm_config_cache: `${cwd}-npm`,
        npm_config_yes: 'true',
        npm_config_audit: 'false',
        npm_config_fund: 'false',
        npm_config_update_notifier: 'false',
      }),
    }),
    ...(check ? { check } : {}),
  };
}
