import { expect } from 'vitest';
import { UserError } from '../../engine/core/errors.ts';
import { parseSourceSpec } from '../../engine/core/preset/source-spec.ts';
import { type Fetched, type FetchOptions, fetchSource } from '../../engine/io/source/fetch-source.ts';
import { temporaryFolder, write } from './folder.ts';
import { plainEnvironment } from './program.ts';
import type { Registry } from './registry.ts';

/** A home folder for a test, with its own settings of npm and git and its own cache. */
interface User {
  readonly home: string;
  readonly env: NodeJS.ProcessEnv;
  /** Fetches as this user. */
  readonly fetch: (text: string, options?: Partial<FetchOptions>) => Promise<Fetched>;
  /** Fetches, and returns the error that must come. */
  readonly refused: (text: string, options?: Partial<FetchOptions>) => Promise<UserError>;
}

/** @param files files of the home, e.g. `.npmrc` */
export function user(files: Readonly<Record<string, string>> = {}, more: NodeJS.ProcessEnv = {}): User {
  const home = temporaryFolder();
  write(home, files);
  const env = plainEnvironment({ HOME: home, XDG_CACHE_HOME: `${home}/.cache`, ...more });
  const fetch: User['fetch'] = (text, options) => fetchSource(parseSourceSpec(text), { cwd: home, env, ...options });
  const refused: User['refused'] = async (text, options) => {
    const error = await fetch(text, options).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error, String((error as Error | undefined)?.stack)).toBeInstanceOf(UserError);
    return error as UserError;
  };
  return { home, env, fetch, refused };
}

/** A user whose npm asks this registry. */
export function npmUser({ url, scope }: Registry, token?: string): User {
  return user({ '.npmrc': `registry=${url}\n${token === undefined ? '' : `${scope}:_authToken=${token}\n`}` });
}

/** The files of a source as text. */
export function texts({ files }: Fetched): Record<string, string> {
  return Object.fromEntries([...files].map(([path, { content }]) => [path, Buffer.from(content).toString('utf8')]));
}
