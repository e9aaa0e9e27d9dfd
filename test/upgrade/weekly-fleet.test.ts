// @module-tag long
import { cpSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Contents, makeFolder, removeFolder, temporaryFolder, write } from '../support/folder.ts';
import { customer, install, integrity, LOCKFILE, locked, manifest, OLD } from '../support/locked.ts';
import { FILES_ONLY, run } from '../support/program.ts';
import type { Registry } from '../support/registry.ts';
import * as shops from '../support/shop.ts';
import { packageTarball, tarball } from '../support/tarball.ts';
import { type Team, team, weeklyJobs } from '../support/weekly.ts';

/**
 * The weekly job on a fleet whose preset, from one release to the next, adds a dependency, asks a question and moves a file. The
 * job's own script, the built program, a real npm and a registry on this machine.
 */

let parent: string;
let jobs: ReadonlyMap<string, string>;
beforeAll(async () => {
  parent = makeFolder();
  jobs = await weeklyJobs(parent);
});
afterAll(() => {
  removeFolder(parent);
  shops.removeSmallProgram();
});

const HEAD =
  'schema: 1\nname: "@acme/standard"\nlayers: [{ path: files }]\nownership: [[package-lock.json, derived]]\n';
const QUESTION = 'questions: [{ name: team, message: Which team owns it, type: string }]\n';
const MOVE = 'migrations: [{ version: 1.1.0, move: { docs/b.md: docs/guide/b.md } }]\n';

function publish(server: Registry, version: string, yaml: string, files: Readonly<Record<string, string>>): void {
  const all = {
    'package.json': JSON.stringify({ name: '@acme/standard', version }),
    'preset.yaml': `${HEAD}version: ${version}\n${yaml}`,
    ...Object.fromEntries(Object.entries(files).map(([path, text]) => [`files/${path}`, text])),
  };
  const entries = Object.entries(all).map(([path, content]) => ({ path: `package/${path}`, content }));
  server.publish('@acme/standard', version, tarball(entries));
}

const GUIDE = '# Guide\n\nOne.\n\nTwo.\n\nThree.\n';
const FIRST = { ...OLD, 'docs/b.md': GUIDE };
const NEXT = {
  ...OLD,
  'package.json': manifest({ added: '^1.0.0', kept: '1.0.0' }),
  'docs/guide/b.md': GUIDE.replace('Three', 'Drei'),
  'team.txt.hbs': '{{team}}\n',
};

const OWN = JSON.parse(LOCKFILE);
OWN.packages[''].dependencies.own = '^3';
OWN.packages['node_modules/own'] = { version: '3.0.0' };

/** What each team did since its service was made, and what becomes of it. */
interface Service {
  /** The answer that it wrote into its manifest. */
  readonly team?: string;
  readonly files?: Contents;
  readonly result: 'answer missing' | 'clean' | 'conflict';
}

const SERVICES: Readonly<Record<string, Service>> = {
  'no answer': { result: 'answer missing' },
  answered: { team: 'red', result: 'clean' },
  edited: {
    team: 'red',
    files: {
      'docs/b.md': GUIDE.replace('One', 'Eins'),
      'package.json': manifest({ kept: '1.0.0', own: '^3' }),
      'package-lock.json': `${JSON.stringify(OWN, undefined, 2)}\n`,
    },
    result: 'clean',
  },
  'a file in the way': { team: 'blue', files: { 'docs/guide': 'ours\n' }, result: 'conflict' },
  'a folder beside it': {
    team: 'blue',
    files: { 'package.json': manifest({ kept: '1.0.0', near: 'file:../near' }) },
    result: 'conflict',
  },
};

/** A repository of each service, with what its team did. */
async function fleet(shop: shops.Shop, server: Registry, script: string): Promise<ReadonlyMap<string, Team>> {
  const members = new Map<string, Team>();
  for (const [name, { team: answer, files = {} }] of Object.entries(SERVICES)) {
    const folder = temporaryFolder();
    cpSync(shop.orders, folder, { recursive: true });
    const { answers, ...rest } = JSON.parse(readFileSync(join(folder, '.twelve.json'), 'utf8'));
    const given = answer === undefined ? answers : { ...answers, team: answer };
    write(folder, { ...files, '.twelve.json': `${JSON.stringify({ ...rest, answers: given }, undefined, 2)}\n` });
    const made = await team(script, folder, { XDG_CACHE_HOME: shop.options.env.XDG_CACHE_HOME });
    write(made.home, { '.npmrc': `registry=${server.url}\n` });
    made.upgrade(`shift 2; exec "${process.execPath}" "${shop.options.program}" "$@"`);
    members.set(name, made);
  }
  return members;
}

/** What a rehearsal says of each, before the week. */
async function rehearse(shop: shops.Shop, members: ReadonlyMap<string, Team>): Promise<Record<string, string>> {
  const folders = new Map([...members].map(([name, { home }]) => [join(home, 'person'), name]));
  write(shop.parent, { 'fleet.txt': `${[...folders.keys()].join('\n')}\n` });
  const args = ['rehearse', '--preset', 'npm:@acme/standard@1.1.0', '--fleet', 'fleet.txt', '--format', 'json'];
  const { stdout, stderr } = await run(args, { ...shop.options, cwd: shop.parent });
  const { services } = JSON.parse(stdout || `{"services":[{"service":${JSON.stringify(stderr)}}]}`);
  return Object.fromEntries(
    services.map(({ service, result }: { service: string; result: string }) => [
      folders.get(service) ?? service,
      result,
    ]),
  );
}

/** The branch that the job has pushed, checked out by a person, and what the job says of it. */
async function lookAt(member: Team, ci: string): Promise<{ folder: string; said: string; changed: string }> {
  const { git, home } = member;
  await git('person', 'fetch', '--quiet', 'origin', 'twelve/upgrade');
  await git('person', 'switch', '--quiet', '--detach', 'FETCH_HEAD');
  const message = await git('person', 'log', '-1', '--format=%B');
  const said = ci === 'github' ? readFileSync(join(home, 'summary.md'), 'utf8') : message;
  return { folder: join(home, 'person'), said, changed: await git('person', 'diff', '--name-only', 'main', 'HEAD') };
}

it.each(['github', 'gitlab'])(
  '%s: each service gets the pull request that it needs',
  {
    timeout: 240_000,
  },
  async (ci) => {
    const shop = await customer(shops.shopAt(temporaryFolder()));
    const { server, options } = shop;
    server.publish('own', '3.0.0', packageTarball('own', '3.0.0'));
    publish(server, '1.0.0', '', FIRST);
    const args = ['orders', '--preset', 'npm:@acme/standard@^1', '--yes', ...FILES_ONLY];
    await shops.must(run(args, { ...options, cwd: shop.parent }));
    publish(server, '1.1.0', QUESTION + MOVE, NEXT);
    const members = await fleet(shop, server, jobs.get(ci) ?? 'exit 99');
    expect(await rehearse(shop, members)).toEqual(
      Object.fromEntries(Object.entries(SERVICES).map(([name, { result }]) => [name, result])),
    );

    const week = async (name: string) => {
      const member = members.get(name) as Team;
      const { code, stderr } = await member.job();
      expect(code, `${name}: ${stderr}`).toBe(0);
      const { folder, ...rest } = await lookAt(member, ci);
      const read = (path: string) => readFileSync(join(folder, path), 'utf8');
      const installed = () => install({ ...shop, orders: folder });
      return { ...rest, folder, read, installed, member };
    };

    const asked = await week('no answer');
    expect(asked.said).toMatch(
      /^Answer team for @acme\/standard 1\.1\.0\n[\s\S]*Which team owns it[\s\S]*--set team=VALUE/,
    );
    expect(asked.changed).toBe('');

    const answered = await week('answered');
    expect(answered.said).toContain('`package-lock.json`: npm brought it in line with package.json');
    expect([answered.read('team.txt'), answered.read('docs/guide/b.md')]).toEqual(['red\n', NEXT['docs/guide/b.md']]);
    expect(existsSync(join(answered.folder, 'docs/b.md'))).toBe(false);
    expect((await answered.installed()).code).toBe(0);

    const edited = await week('edited');
    expect(edited.read('docs/guide/b.md')).toBe(NEXT['docs/guide/b.md'].replace('One', 'Eins'));
    expect(locked({ ...shop, orders: edited.folder })).toMatchObject({
      'node_modules/kept': { integrity },
      'node_modules/own': { version: '3.0.0' },
      'node_modules/added': { version: '1.0.0' },
      'node_modules/deep': { version: '1.0.0' },
    });
    expect((await edited.installed()).code).toBe(0);

    const blocked = await week('a file in the way');
    expect(blocked.said).toContain('**A person is needed**');
    expect(blocked.read('docs/guide')).toBe('ours\n');
    expect((await blocked.installed()).code).toBe(0);

    const near = await week('a folder beside it');
    expect(near.said).toMatch(/- \[ \] package-lock\.json does not fit .* \(near comes from file:\.\.\/near\)/);
    expect(near.read('team.txt')).toBe('blue\n');

    // The next week, once it is merged, there is nothing to do.
    const { git, job } = answered.member;
    await git('person', 'push', '--quiet', 'origin', 'HEAD:main', ':twelve/upgrade');
    expect((await job()).code).toBe(0);
    expect(await git('server.git', 'for-each-ref', '--format=%(refname)')).toBe('refs/heads/main');
  },
);
