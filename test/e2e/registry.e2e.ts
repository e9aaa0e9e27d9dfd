import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parseSourceSpec } from '../../engine/core/preset/source-spec.ts';
import { type Fetched, type FetchOptions, fetchSource } from '../../engine/io/source/fetch-source.ts';
import { makeFolder, removeFolder, write } from '../support/folder.ts';
import { plainEnvironment } from '../support/program.ts';
import { must } from './support/run.ts';
import { Verdaccio } from './support/verdaccio.ts';

/** A preset in a registry of a company: real, private, and asked through the npm and the .npmrc of whoever fetches. */
describe('a private registry', () => {
  const folder = makeFolder();
  const registry = new Verdaccio(join(folder, 'verdaccio'));
  let skipped: string | undefined;
  let token = '';

  beforeAll(async () => {
    try {
      await registry.install();
    } catch (error) {
      skipped = `verdaccio cannot be installed here: ${(error as Error).message.split('\n')[1]}`;
      console.warn(`skipped: ${skipped}`);
      return;
    }
    await registry.start();
    token = await registry.addUser('e2e');
    await publish('2.0.0', 'next');
    await publish('1.0.0', 'latest');
    await publish('1.1.0', 'latest');
  });
  beforeEach(({ skip }) => {
    if (skipped !== undefined) skip(skipped);
  });
  afterAll(async () => {
    await registry.stop();
    removeFolder(folder);
  });

  /** A home with a login of this registry, or without. */
  function home(name: string, isKnown: boolean): string {
    const path = join(folder, name);
    mkdirSync(path, { recursive: true });
    const login = isKnown ? `${registry.url.slice('http:'.length)}:_authToken=${token}\n` : '';
    writeFileSync(join(path, '.npmrc'), `@acme:registry=${registry.url}\n${login}`);
    return path;
  }

  async function publish(version: string, tag: string): Promise<void> {
    const preset = join(folder, `preset-${version}`);
    const manifest = { name: '@acme/preset', version, scripts: { prepare: 'touch prepared' } };
    write(preset, { 'package.json': JSON.stringify(manifest), 'template.json': `{"id": "${version}"}` });
    const cwd = home('publisher', true);
    const env = { npm_config_userconfig: join(cwd, '.npmrc') };
    await must('npm', ['publish', '--ignore-scripts', `--tag=${tag}`, preset], { cwd, env });
  }

  function fetchAs(person: string, text: string, options: Partial<FetchOptions> = {}): Promise<Fetched> {
    const env = plainEnvironment({ HOME: person, XDG_CACHE_HOME: join(person, '.cache') });
    return fetchSource(parseSourceSpec(text), { cwd: person, env, ...options });
  }

  const idOf = ({ files }: Fetched): unknown =>
    JSON.parse(Buffer.from(files.get('template.json' as never)?.content ?? []).toString('utf8')).id;

  it('gives whoever is logged in the version that npm would install', async () => {
    const person = home('known', true);
    const fetched = await fetchAs(person, 'npm:@acme/preset@^1');
    expect([fetched.resolved, idOf(fetched)]).toEqual(['npm:@acme/preset@1.1.0', '1.1.0']);
    expect((await fetchAs(person, 'npm:@acme/preset@next')).resolved).toBe('npm:@acme/preset@2.0.0');
  });

  it('turns everybody else away, and says how to log in', async () => {
    const error = await fetchAs(home('unknown', false), 'npm:@acme/preset@^1').catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'SOURCE_DENIED', exit: 5, remedy: expect.stringContaining('npm login') });
  });

  it('gives what was pinned, on another machine too, and nothing else under its name', async () => {
    const { files, ...pin } = await fetchAs(home('known', true), 'npm:@acme/preset@1.0.0');
    const other = home('other', true);
    expect(await fetchAs(other, 'npm:@acme/preset@^1', { pin })).toEqual({ files, ...pin });
    const forged = { resolved: 'npm:@acme/preset@1.1.0', integrity: pin.integrity };
    const error = await fetchAs(home('third', true), 'npm:@acme/preset@^1', { pin: forged }).catch((e: unknown) => e);
    expect(error).toMatchObject({ code: 'SOURCE_CHANGED', exit: 6 });
  });

  it('has no version that was never published', async () => {
    const error = await fetchAs(home('known', true), 'npm:@acme/preset@^9').catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'SOURCE_NOT_FOUND', exit: 5 });
  });

  it('need not be there for what is in the cache', async () => {
    const person = home('known', true);
    const { files, ...pin } = await fetchAs(person, 'npm:@acme/preset@^1');
    await registry.stop();
    expect(await fetchAs(person, 'npm:@acme/preset@^1', { pin })).toEqual({ files, ...pin });
    const error = await fetchAs(person, 'npm:@acme/preset@^1').catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'SOURCE_UNREACHABLE', exit: 5 });
  });
});
