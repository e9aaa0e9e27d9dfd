// @module-tag sampled
import { execFileSync } from 'node:child_process';
import { join, posix } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Contents,
  filesIn,
  makeFolder,
  removeFolder,
  snapshot,
  temporaryFolder,
  write,
} from '../support/folder.ts';
import { manifestOf, preset, readText } from '../support/preset.ts';
import { plainEnvironment, run } from '../support/program.ts';

/** `adopt` of services that were written by hand: no manifest of the whole standard, but parts of it. */

const home = makeFolder();
afterAll(() => removeFolder(home));
beforeAll(() => {
  write(home, { '.npmrc': 'registry=http://127.0.0.1:9/\n' });
  write(join(home, 'standard'), preset(TIERS, { 'base/CODEOWNERS.hbs': '* @{{team}}\n', 'gold/GOLD.md': 'gold\n' }));
});

const TIERS = `questions:
  - { name: team, message: T, type: string, default: platform }
  - { name: tier, message: T, type: choice, choices: [gold, silver], default: silver }
layers: [{ path: base }, { path: gold, when: { tier: gold } }]`;

const EXPRESS: Contents = {
  'package.json': '{ "name": "billing", "scripts": { "test": "node --test" } }\n',
  'index.js': "require('express')().listen(process.env.PORT);\n",
  Dockerfile: 'FROM node:22\nCOPY . .\nCMD ["node", "index.js"]\n',
};

const GO: Contents = { 'go.mod': 'module billing\n', 'main.go': 'package main\n\nfunc main() {}\n' };
const RUBY: Contents = { Gemfile: "source 'https://rubygems.org'\n", 'app.rb': 'puts 1\n' };

async function twelve(cwd: string, ...args: string[]) {
  const result = await run([...args, '--format', 'json'], { cwd, env: plainEnvironment({ HOME: home }) });
  return { ...result, report: result.stdout ? JSON.parse(result.stdout) : undefined };
}

function repository(contents: Contents): string {
  const folder = join(temporaryFolder({}), 'billing');
  write(folder, contents);
  execFileSync('git', ['init', '-q', folder]);
  return folder;
}

function commit(folder: string): void {
  const who = ['-c', 'user.name=T', '-c', 'user.email=t@example.com'];
  execFileSync('git', ['-C', folder, 'add', '-A']);
  execFileSync('git', ['-C', folder, ...who, 'commit', '-qm', 'x']);
}

describe('adopt of a service that was written by hand', () => {
  it('offers only what is the same for every language where the standard is of another one', async () => {
    const folder = repository(RUBY);
    const { code, report } = await twelve(folder, 'adopt', '--preset', join(home, 'standard'));
    expect(code).toBe(4);
    expect(report.offered.map(({ name }: { name: string }) => name)).toEqual(['compose', 'codeowners', 'updates']);
    expect(report.gaps.map(({ what }: { what: string }) => what)).toContain('a HEALTHCHECK');
    const refused = await twelve(folder, 'adopt', '--part', 'dockerfile');
    expect([refused.code, refused.stdout]).toEqual([
      3,
      expect.stringContaining('written for TypeScript, and there is no package.json here'),
    ]);
  });

  it('takes the language whose manifest is there, however little else is alike', async () => {
    for (const [contents, stack, base] of [
      [GO, 'go', 'golang'],
      [EXPRESS, 'typescript', 'node'],
    ] as const) {
      const folder = repository(contents);
      expect((await twelve(folder, 'adopt')).report.best.answers).toMatchObject({ stack });
      await twelve(folder, 'adopt', '--part', 'dockerfile');
      const brought =
        filesIn(folder).find((path) => path.startsWith('Dockerfile') && path !== 'Dockerfile') ?? 'Dockerfile';
      expect(readText(folder, brought)).toContain(`${base}:`);
    }
  });

  it('takes the default of a question for which nothing speaks', async () => {
    const { report } = await twelve(repository(EXPRESS), 'adopt', '--preset', join(home, 'standard'));
    expect(report.best.answers).toMatchObject({
      name: 'billing',
      tier: 'silver',
      team: 'platform',
      database: 'postgres',
    });
    const gitlab = repository({ ...EXPRESS, '.gitlab-ci.yml': 'test: { script: [npm test] }\n' });
    expect((await twelve(gitlab, 'adopt')).report.best.answers).toMatchObject({ ci: 'gitlab' });
  });

  it('says which files of a part differ, and shows a part as a plan without writing', async () => {
    const folder = repository(EXPRESS);
    const before = snapshot(folder);
    const { report } = await twelve(folder, 'adopt');
    expect(report.offered).toContainEqual({
      name: 'dockerfile',
      files: [
        { path: '.dockerignore', state: 'new' },
        { path: 'Dockerfile', state: 'differs' },
      ],
    });
    const planned = await twelve(folder, 'adopt', '--part', 'dockerfile', '--plan');
    expect([planned.code, planned.report.applied]).toEqual([4, false]);
    expect(snapshot(folder)).toEqual(before);
  });

  it('leaves a file that the service has, puts the other beside it, and says what that one needs', async () => {
    const folder = repository(EXPRESS);
    const { code, report } = await twelve(folder, 'adopt', '--part', 'dockerfile');
    expect(code).toBe(4);
    expect(readText(folder, 'Dockerfile')).toBe(EXPRESS.Dockerfile);
    expect(readText(folder, 'Dockerfile.twelve-theirs')).toContain('HEALTHCHECK');
    expect(report.attention).toEqual([
      expect.stringMatching(/^Dockerfile is yours; the standard's is beside it, as Dockerfile\.twelve-theirs/),
      'Dockerfile.twelve-theirs copies what is not here: package-lock.json, scripts, src, migrations',
      'Dockerfile.twelve-theirs runs npm ci, and there is no package-lock.json',
      'Dockerfile.twelve-theirs runs npm run build, and package.json has no such script',
    ]);
    const again = await twelve(folder, 'adopt', '--part', 'dockerfile');
    expect([again.code, again.stdout]).toEqual([3, expect.stringContaining('Dockerfile.twelve-theirs is in the way')]);
  });

  it.each([true, false])('is undone, also from below and without the manifest (git: %s)', async (isGit) => {
    const folder = repository({ ...EXPRESS, 'src/a.js': '' });
    if (!isGit) removeFolder(join(folder, '.git'));
    const before = snapshot(folder);
    for (const isManifestGone of [false, true]) {
      expect((await twelve(folder, 'adopt', '--part', 'pipeline')).code).not.toBe(3);
      expect(filesIn(folder)).toContain('.twelve.json');
      if (isManifestGone) removeFolder(join(folder, '.twelve.json'));
      const undone = await twelve(join(folder, 'src'), 'undo');
      expect(undone.code, undone.stderr).toBe(0);
      expect(snapshot(folder)).toEqual(before);
    }
    const again = await twelve(folder, 'undo');
    expect([again.code, again.report.code]).toEqual([3, 'SERVICE_NOT_FOUND']);
  });

  it('keeps audits and upgrades to the parts, and takes more of them later', async () => {
    const folder = repository(EXPRESS);
    expect((await twelve(folder, 'adopt', '--part', 'compose')).code).toBe(4);
    expect((await twelve(folder, 'adopt', '--part', 'renovate.json')).code).toBe(0);
    const manifest = manifestOf(folder);
    expect(manifest.parts).toEqual(['compose', 'renovate.json']);
    expect(Object.keys(manifest.files)).toEqual(['docker-compose.billing.yaml', 'renovate.json']);
    const nothing = await twelve(folder, 'adopt', '--part', 'compose');
    expect([nothing.code, nothing.report.changes]).toEqual([4, []]);
    const audited = await twelve(folder, 'audit');
    expect([audited.code, audited.report.services[0].findings]).toEqual([0, []]);
    commit(folder);
    const upgraded = await twelve(folder, 'upgrade', '--set', 'cache=redis');
    expect(upgraded.code).toBe(0);
    expect(filesIn(folder).filter((path) => !path.startsWith('.git/'))).toEqual([
      ...['.twelve.json', 'Dockerfile', 'docker-compose.billing.yaml', 'index.js', 'package.json', 'renovate.json'],
    ]);
    expect(readText(folder, 'docker-compose.billing.yaml')).toContain('redis');
    expect(readText(folder, 'package.json')).toBe(EXPRESS['package.json']);
  });

  it('says what a compose file and a pipeline rely on', async () => {
    const own = '.github/workflows/verify.yml';
    const folder = repository({ ...EXPRESS, [own]: 'on: push\njobs: {}\n' });
    const compose = await twelve(folder, 'adopt', '--part', 'compose');
    expect([compose.code, compose.report.attention]).toEqual([
      4,
      [
        'docker-compose.billing.yaml starts your image with migrate, which it has to know',
        'docker-compose.billing.yaml sets DATABASE_URL, which nothing here reads',
      ],
    ]);
    const pipeline = await twelve(folder, 'adopt', '--part', 'pipeline', '--plan');
    expect(pipeline.report.attention).toContain(
      `.github/workflows/ci.yml calls ${own}, and yours has no workflow_call`,
    );
    expect(pipeline.report.attention).toContainEqual(expect.stringMatching(`^${own}.twelve-theirs runs npm ci`));
  });

  it('brings sources that stand alone, and says which packages they import', async () => {
    const folder = repository(EXPRESS);
    const { code, report } = await twelve(folder, 'adopt', '--part', 'health');
    expect([code, report.attention]).toEqual([
      4,
      ['src/platform/log.ts imports fastify, pino, which package.json does not name'],
    ]);
    const brought = filesIn(join(folder, 'src/platform'));
    expect(brought).toContain('process/health.ts');
    for (const name of brought)
      for (const [, imported = ''] of readText(folder, 'src/platform', name).matchAll(/from "(\.{1,2}\/.+\.ts)"/g))
        expect(brought).toContain(posix.join(posix.dirname(name), imported));
    write(folder, { 'src/package.json': '{"type": "module"}' });
    const asked = "import('./src/platform/process/identity.ts').then(({ identity }) => console.log(identity.revision))";
    const args = ['--import', import.meta.resolve('tsx'), '--eval', asked];
    expect(execFileSync(process.execPath, args, { cwd: folder, encoding: 'utf8' })).toBe('unknown\n');
  });

  it('grows no such service, and changes no answers on the way', async () => {
    const folder = repository(EXPRESS);
    expect((await twelve(folder, 'adopt', '--part', 'compose')).code).toBe(4);
    const before = snapshot(folder);
    const grown = await twelve(folder, 'add-endpoint', 'GET /x');
    expect([grown.code, grown.stdout]).toEqual([3, expect.stringContaining('has only parts of the standard: compose')]);
    const other = await twelve(folder, 'adopt', '--part', 'updates', '--set', 'cache=redis');
    expect([other.code, other.stdout]).toEqual([2, expect.stringContaining('Leave --set and --preset out')]);
    expect(snapshot(folder)).toEqual(before);
  });

  it.each([
    ['nothing', 2, 'the standard has no files for \\"nothing\\"'],
    ['../x', 2, 'the standard has no files for'],
  ])('refuses the part %s', async (part, exit, reason) => {
    const { code, stdout } = await twelve(repository(EXPRESS), 'adopt', '--part', part);
    expect([code, stdout]).toEqual([exit, expect.stringContaining(reason)]);
  });

  it('takes nothing for a sign that git ignores, and does not use the settings of the repository', async () => {
    const folder = repository({
      ...EXPRESS,
      'assets/a.py': 'SIGTERM pino',
      '.gitignore': 'assets/\n',
      hidden: '*.js\n',
    });
    execFileSync('git', ['-C', folder, 'config', 'core.excludesFile', join(folder, 'hidden')]);
    const { report } = await twelve(folder, 'adopt');
    const named = report.gaps.map(({ what }: { what: string }) => what);
    expect(named).toEqual(expect.arrayContaining(['a stop on SIGTERM', 'structured logs']));
    expect(named).not.toContain('a port from the environment');
  });

  it('does not count what git ignores', async () => {
    const many = Object.fromEntries(
      Array.from({ length: 20_500 }, (_, at) => [`assets/${at % 100}/f${at}.py`, 'SIGTERM pino'] as const),
    );
    const folder = repository({ ...EXPRESS, ...many, '.gitignore': 'assets/\n' });
    const { code, report, stderr } = await twelve(folder, 'adopt');
    expect(code, stderr).toBe(4);
    expect(report.isAlike).toBe(false);
    expect((await twelve(folder, 'adopt', '--part', 'compose')).code).toBe(4);
    commit(folder);
    const upgraded = await twelve(folder, 'upgrade', '--set', 'cache=redis');
    expect(upgraded.code, upgraded.stdout).toBe(0);
    write(folder, { '.gitignore': '' });
    const counted = await twelve(folder, 'adopt', '--plan', '--part', 'updates');
    expect([counted.code, counted.stdout]).toEqual([
      3,
      expect.stringContaining('more than 20000 files that git does not ignore'),
    ]);
  }, 60_000);
});
