// @module-tag sampled
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AuditResult, Finding } from '../../engine/core/audit/audit.ts';
import { makeFolder, removeFolder, snapshot, temporaryFolder, write } from '../support/folder.ts';
import { execute, FILES_ONLY, PROGRAM, run } from '../support/program.ts';
import { serviceBelow } from '../support/service.ts';

/** Faults in an audit of services that are not trusted. */
const home = makeFolder();
afterAll(() => removeFolder(home));

beforeAll(async () => {
  const preset = {
    'preset/preset.yaml':
      'schema: 1\nname: "@acme/preset"\nversion: 1.0.0\nlayers:\n  - path: files\npolicy:\n  images: [node]\n  requiredFiles: [CODEOWNERS]\n  must: [XI-3]\n',
    'preset/files/CODEOWNERS': '* @acme\n',
  };
  write(home, preset);
  const result = await run(['orders', '--yes', '--preset', './preset', ...FILES_ONLY], { cwd: home });
  expect(result.code, result.stderr).toBe(0);
});

/** A folder with a preset and one service that a person changed. */
function fleet(change: (service: string, folder: string) => void = () => undefined): string {
  const folder = temporaryFolder();
  cpSync(home, folder, { recursive: true });
  change(join(folder, 'orders'), folder);
  return folder;
}

interface Audited {
  readonly code: number | null;
  readonly result: AuditResult;
  readonly open: readonly string[];
  readonly findings: readonly Finding[];
}

async function audit(cwd: string, args: readonly string[] = ['orders'], input = ''): Promise<Audited> {
  const { code, stdout, stderr } = await run(['audit', ...args, '--format', 'json'], { cwd, input });
  expect(stderr).toBe('');
  const result = JSON.parse(stdout) as AuditResult;
  const findings = result.services.flatMap((service) => service.findings);
  return { code, result, findings, open: findings.filter(({ waived }) => !waived).map(({ rule }) => rule) };
}

const waiver = (rule: string, expires: string) =>
  `waivers:\n  - { rule: ${rule}, reason: because, owner: me, expires: ${expires} }\n`;
const hack = (service: string) => appendFileSync(join(service, 'src/platform/app.ts'), '// hack\n');
const manifest = (service: string, how: (text: string) => string) =>
  writeFileSync(join(service, '.twelve.json'), how(readFileSync(join(service, '.twelve.json'), 'utf8')));

describe('an audit', () => {
  it('of an unedited service: 0', async () => {
    const { code, result } = await audit(fleet());
    expect(result.services[0]?.files).toEqual([]);
    expect([code, result.ok]).toEqual([0, true]);
    expect(result.services[0]?.must).toEqual(['XI-3']);
  });

  it.each<
    [what: string, change: (service: string, folder: string) => void, file: string, state: string, note?: string]
  >([
    ['a managed file is edited', hack, 'src/platform/app.ts', 'edited'],
    ['a managed file is missing', (at) => rmSync(join(at, 'src/platform/app.ts')), 'src/platform/app.ts', 'missing'],
    [
      'a link stands where a file was, to the same bytes',
      (at, folder) => {
        cpSync(join(at, 'src/platform/app.ts'), join(folder, 'same.ts'));
        rmSync(join(at, 'src/platform/app.ts'));
        symlinkSync(join(folder, 'same.ts'), join(at, 'src/platform/app.ts'));
      },
      'src/platform/app.ts',
      'edited',
      'a link',
    ],
    [
      'a folder is a link, to the same files',
      (at, folder) => {
        cpSync(join(at, 'src/platform'), join(folder, 'same'), { recursive: true });
        rmSync(join(at, 'src/platform'), { recursive: true });
        symlinkSync(join(folder, 'same'), join(at, 'src/platform'));
      },
      'src/platform/app.ts',
      'edited',
      'below a link: src/platform',
    ],
    [
      'a pipe that nobody writes to',
      (at) => {
        rmSync(join(at, 'src/platform/app.ts'));
        execFileSync('mkfifo', [join(at, 'src/platform/app.ts')]);
      },
      'src/platform/app.ts',
      'edited',
      'no file',
    ],
    [
      'a file of 20 GB',
      (at) => truncateSync(join(at, 'src/platform/app.ts'), 20_000_000_000),
      'src/platform/app.ts',
      'edited',
      'larger than 8388608 bytes',
    ],
  ])('%s: 4', async (_, change, path, state, note) => {
    const { code, result, open } = await audit(fleet(change));
    expect(code).toBe(4);
    const found = result.services[0]?.files.find((file) => file.path === path);
    expect(found).toEqual({ path, owner: 'managed', state, ...(note === undefined ? {} : { note }) });
    expect(open).toContain(state === 'missing' ? 'drift/missing' : 'drift/edited');
  });

  it('a folder that moved as a whole is compared where it is now, with a note: 0', async () => {
    const { code, result, open } = await audit(
      fleet((at) => {
        mkdirSync(join(at, 'app'));
        renameSync(join(at, 'src'), join(at, 'app/src'));
      }),
    );
    expect([code, open]).toEqual([0, []]);
    const [service] = result.services;
    expect([service?.counts.missing, service?.counts.edited]).toEqual([0, 0]);
    expect(service?.notes).toEqual([expect.stringMatching(/^src\/ was moved to app\/src\/ \(\d+ files\);/)]);
  });

  it('what is behind a link to a folder of the service is compared there: 0', async () => {
    const { code, open, result } = await audit(
      fleet((at) => {
        renameSync(join(at, 'src/platform'), join(at, 'real'));
        symlinkSync('../real', join(at, 'src/platform'));
      }),
    );
    expect([code, open]).toEqual([0, []]);
    expect(result.services[0]?.notes).toEqual(['src/platform is a link to real; its files are compared there']);
  });

  it.each([
    ['out of the service', '../../same'],
    ['to nothing', '../nothing'],
    ['to itself', 'platform'],
  ])('a link %s is not followed: 4', async (_where, target) => {
    const { code, result } = await audit(
      fleet((at, folder) => {
        renameSync(join(at, 'src/platform'), join(folder, 'same'));
        symlinkSync(target, join(at, 'src/platform'));
      }),
    );
    expect(code).toBe(4);
    expect(result.services[0]?.files).toContainEqual({
      path: 'src/platform/app.ts',
      owner: 'managed',
      state: 'edited',
      note: 'below a link: src/platform',
    });
  });

  it('an edit and a deletion in a folder that moved are findings: 4', async () => {
    const { result, open } = await audit(
      fleet((at) => {
        hack(at);
        rmSync(join(at, 'src/platform/failure.ts'));
        renameSync(join(at, 'src'), join(at, 'code'));
      }),
    );
    expect([...open].sort()).toEqual(['drift/edited', 'drift/missing']);
    expect(result.services[0]?.files).toEqual([
      { path: 'src/platform/app.ts', owner: 'managed', state: 'edited', note: 'now code/platform/app.ts' },
      { path: 'src/platform/failure.ts', owner: 'managed', state: 'missing' },
    ]);
  });

  it('a folder that was deleted has not moved, although an empty or another file of that name is elsewhere: 4', async () => {
    const { open, result } = await audit(
      fleet((at) => {
        rmSync(join(at, 'src/platform'), { recursive: true });
        mkdirSync(join(at, 'other'));
        writeFileSync(join(at, 'other/app.ts'), 'mine\n');
      }),
    );
    expect(new Set(open)).toEqual(new Set(['drift/missing']));
    expect(result.services[0]?.notes).toEqual([]);
  });

  it('only CRLF is not an edit, seeded files belong to the team, and edits of merged files are allowed: 0', async () => {
    const folder = fleet((at) => {
      const file = join(at, 'src/platform/app.ts');
      writeFileSync(file, readFileSync(file, 'utf8').replaceAll('\n', '\r\n'));
      appendFileSync(join(at, 'README.md'), 'more\n');
      rmSync(join(at, 'package-lock.json'));
    });
    const { code, result } = await audit(folder);
    expect(result.services[0]?.files.map(({ path, state }) => `${state} ${path}`)).toEqual([
      'edited README.md',
      'missing package-lock.json',
    ]);
    expect(code).toBe(0);
  });

  it('what a preset says: 4 for another base image and for a required file that is gone', async () => {
    const folder = fleet((at) => {
      writeFileSync(join(at, 'Dockerfile'), 'FROM evil.example/node:22\n');
      rmSync(join(at, 'CODEOWNERS'));
    });
    const { code, findings, open } = await audit(folder);
    expect(code).toBe(4);
    expect([...open].sort()).toEqual(['drift/missing', 'policy/base-image', 'policy/required-file']);
    expect(findings.find(({ rule }) => rule === 'policy/base-image')).toMatchObject({ path: 'Dockerfile', line: 1 });
  });

  it.each<[what: string, text: string, code: number, open: string[], waived: number]>([
    ['a waiver that holds', waiver('drift', '2999-01-01'), 0, [], 1],
    ['a waiver that expired fails', waiver('drift', '2020-01-01'), 4, ['drift/edited', 'waiver/expired'], 0],
    ['a waiver of a MUST is shown', waiver('XI-3', '2999-01-01'), 4, ['drift/edited'], 1],
    [
      'an expired waiver of a MUST fails twice',
      waiver('XI-3', '2020-01-01'),
      4,
      ['drift/edited', 'policy/contract', 'waiver/expired'],
      0,
    ],
    ['a waiver that is broken YAML', 'waivers: [', 4, ['drift/edited', 'waiver/malformed'], 0],
    ['a waiver without an end', waiver('drift', 'never'), 4, ['drift/edited', 'waiver/malformed'], 0],
  ])('%s', async (_, text, code, open, waived) => {
    const found = await audit(
      fleet((at) => {
        hack(at);
        writeFileSync(join(at, '.twelve-waivers.yaml'), text);
      }),
    );
    expect([found.code, [...found.open].sort()]).toEqual([code, open]);
    expect(found.findings.filter((finding) => finding.waived)).toHaveLength(waived);
  });

  it.each<[what: string, change: (service: string, folder: string) => void, code: string, reason: RegExp]>([
    ['no folder', (at) => rmSync(at, { recursive: true }), 'SERVICE_NOT_FOUND', /no such folder/],
    ['no manifest', (at) => rmSync(join(at, '.twelve.json')), 'SERVICE_NOT_FOUND', /no \.twelve\.json/],
    ['half a manifest', (at) => manifest(at, (text) => text.slice(0, 300)), 'MANIFEST_BROKEN', /not JSON/],
    [
      'a manifest that leaves the service',
      (at) => manifest(at, (text) => text.replace('"Dockerfile"', '"../secret"')),
      'MANIFEST_UNSAFE',
      /"\.\."/,
    ],
    [
      'a manifest that is a link',
      (at, folder) => {
        cpSync(join(at, '.twelve.json'), join(folder, 'elsewhere.json'));
        rmSync(join(at, '.twelve.json'));
        symlinkSync(join(folder, 'elsewhere.json'), join(at, '.twelve.json'));
      },
      'MANIFEST_UNSAFE',
      /a link/,
    ],
    [
      'a manifest that is a pipe',
      (at) => {
        rmSync(join(at, '.twelve.json'));
        execFileSync('mkfifo', [join(at, '.twelve.json')]);
      },
      'MANIFEST_UNSAFE',
      /no file/,
    ],
    [
      'a preset that is gone',
      (at) => manifest(at, (text) => text.replaceAll('../preset', '../gone')),
      'INPUT_INVALID',
      /not a folder/,
    ],
  ])('%s: that service is unreadable, the others are done, 4', async (_, change, code, reason) => {
    const folder = fleet((at, all) => {
      for (const name of ['first', 'last']) cpSync(at, join(all, name), { recursive: true });
      change(at, all);
    });
    const found = await audit(folder, ['first', 'orders', 'last']);
    expect(found.code).toBe(4);
    expect(found.result.services.map(({ unreadable }) => unreadable?.code)).toEqual([undefined, code, undefined]);
    expect(found.result.services[1]?.unreadable?.reason).toMatch(reason);
    const [finding] = found.result.services[1]?.findings ?? [];
    if (code === 'MANIFEST_BROKEN')
      expect(finding?.message).toMatch(/ Run npx create-twelve-service repair, or restore /);
  });

  it('many services are reported in their order, with one of them broken', async () => {
    const names = Array.from({ length: 170 }, (_, at) => `service-${at}`);
    const folder = temporaryFolder(Object.assign({}, ...names.map((name) => serviceBelow(name))));
    writeFileSync(join(folder, 'service-99/.twelve.json'), '{');
    rmSync(join(folder, 'service-42/README.md'));
    const { code, result } = await audit(folder, names);
    expect(code).toBe(4);
    expect(result.services.map((service) => service.folder)).toEqual(names);
    expect(result.services.flatMap(({ folder: name, unreadable }) => (unreadable ? [name] : []))).toEqual([
      'service-99',
    ]);
    expect(result.services.flatMap(({ folder: name, counts }) => (counts.missing > 0 ? [name] : []))).toEqual([
      'service-42',
    ]);
  });

  it('takes its services from a file or standard input, each once', async () => {
    const folder = fleet();
    mkdirSync(join(folder, 'lists'));
    writeFileSync(join(folder, 'lists/fleet.txt'), '# ours\n../orders\n\n../orders/\r\n');
    expect((await audit(folder, ['--from', 'lists/fleet.txt'])).result.services).toHaveLength(1);
    expect((await audit(folder, ['--from', '-'], 'orders\n')).result.services[0]?.folder).toBe('orders');
  });

  it.each([
    ['a missing list', ['--from', 'nowhere.txt'], 2, /nowhere\.txt cannot be read: there is no such file/],
    ['an empty list', ['--from', '-'], 2, /names no service/],
    ['a missing preset', ['orders', '--preset', './nowhere'], 2, /not a folder/],
    ['no service at all', [], 3, /not in a service/],
    ['an unknown format', ['orders', '--format', 'pdf'], 2, /must be text, json, csv, sarif/],
  ])('%s', async (_, args, code, reason) => {
    const result = await run(['audit', ...args], { cwd: fleet() });
    expect([result.code, result.stdout]).toEqual([code, '']);
    expect(result.stderr).toMatch(reason);
  });

  it('executes nothing of a repository, and writes nothing into it', async () => {
    const folder = fleet((at, all) => {
      const trace = (what: string) => `touch ${join(all, `trace-${what}`)}`;
      execFileSync('git', ['init', '-q', at]);
      execFileSync('git', ['-C', at, 'config', 'core.fsmonitor', trace('fsmonitor')]);
      execFileSync('git', ['-C', at, 'config', 'core.sshCommand', trace('ssh')]);
      write(at, {
        '.git/hooks/post-index-change': { run: `#!/bin/sh\n${trace('hook')}\n` },
        '.npmrc': `script-shell=${trace('npmrc')}\n`,
        'package.json': JSON.stringify({ scripts: { preinstall: trace('npm'), test: trace('npm') } }),
        'node_modules/.bin/git': { run: `#!/bin/sh\n${trace('bin')}\n` },
      });
    });
    const before = snapshot(folder);
    for (const format of ['text', 'html']) await run(['audit', 'orders', '--format', format], { cwd: folder });
    await run(['audit'], { cwd: join(folder, 'orders') });
    expect(snapshot(folder)).toEqual(before);
  });

  it('a reader that closes the pipe is not a failure', async () => {
    const folder = fleet(hack);
    const command = `"$1" "$2" audit $(yes orders | head -2) --format json | head -c 1; echo " $?"`;
    const { stdout, stderr } = await execute('/bin/sh', ['-c', command, 'sh', process.execPath, PROGRAM], {
      cwd: folder,
    });
    expect([stdout.trim(), stderr]).toEqual(['{ 0', '']);
  });
});
