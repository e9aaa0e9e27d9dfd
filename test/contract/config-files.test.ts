// @module-tag sampled
import { dirname } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { configFiles } from '../../contract/probes/artifact/config-files.ts';
import { makeFolder, removeFolder, write } from '../support/folder.ts';
import { broken, lookAtService, serviceIn } from './small-service.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) removeFolder(folder);
});

function folderWith(files: Record<string, string>): string {
  const folder = makeFolder();
  folders.push(folder);
  write(folder, files);
  return folder;
}

/** @param port an expression for the port; `file` reads one of the service's folder, or gives nothing */
const service = (port: string) =>
  serviceIn(
    folderWith({
      'main.mjs': `import { createServer } from 'node:http';
import { existsSync, readFileSync } from 'node:fs';
const file = (name) => (existsSync(name) ? readFileSync(name, 'utf8') : '');
createServer((_, response) => response.end('ok')).listen(Number(${port}), '127.0.0.1');`,
    }),
  );

test('a file of assignments gets more of them, another that is there stays as it is', () => {
  const folder = folderWith({ '.env': 'A=1', 'config.json': '{"mine":true}' });
  const files = configFiles(folder, { PORT: '1' });
  expect(files['.env']).toBe('A=1\nPORT=1\n');
  expect(files['config.json']).toBeUndefined();
  expect(files).toMatchObject({ 'config.yaml': 'PORT: "1"\n', 'settings.json': '{\n  "PORT": "1"\n}\n' });
});

test('programs below the folder have such files beside them, those of packages and builds have none', () => {
  const folder = folderWith({ 'env/pyvenv.cfg': '', 'bin/settings/index.js': '' });
  const programs = ['.venv/bin/python', 'env/bin/python', 'target/release/service', '/usr/bin/node', 'web'];
  const files = configFiles(folder, { PORT: '1' }, [`${folder}/bin/service`, ...programs]);
  const folders = new Set(Object.keys(files).map((path) => dirname(path)));
  expect([...folders].sort()).toEqual(['.', 'bin', 'bin/config', 'config']);
  // A module loader would take it for the folder.
  expect(files['bin/settings.json']).toBeUndefined();
  expect(files['bin/config.json']).toBe('{\n  "PORT": "1"\n}\n');
});

describe('III-5', () => {
  test.each([
    ['reads the environment alone', 'process.env.PORT'],
    ['takes from a file what is not set', '(process.env.PORT ?? /PORT=(.*)/.exec(file(".env"))?.[1])'],
  ])('is kept by a service that %s', async (_, port) => {
    const result = await lookAtService('III-5', service(port));
    expect([result.outcome, broken(result)]).toEqual(['kept', []]);
  });

  test.each([
    ['.env', '(/PORT=(.*)/.exec(file(".env"))?.[1] ?? process.env.PORT)'],
    ['YAML', '(/PORT: "(.*)"/.exec(file("config.yaml"))?.[1] ?? process.env.PORT)'],
    ['JSON', '(JSON.parse(file("config.json") || "{}").PORT ?? process.env.PORT)'],
  ])('is broken by a service whose %s wins', async (_, port) => {
    expect(broken(await lookAtService('III-5', service(port)))).toEqual([
      expect.stringMatching(/^files such as .* that set PORT; .*: it listens on port \d+, of the files$/),
    ]);
  });

  test('is told of a service that never starts what all rules are told, and files are not blamed', async () => {
    const result = await lookAtService('III-5', service('process.exit(3)'));
    expect(broken(result)).toEqual([expect.stringMatching(/^the probe: web ended with exit 3 before it was ready/)]);
  });

  test('is not judged where files of settings are refused, whatever is in them', async () => {
    const strict = '(file("config.yaml") ? process.exit(1) : process.env.PORT)';
    expect(await lookAtService('III-5', service(strict))).toMatchObject({
      outcome: 'skipped',
      reason: expect.stringMatching(/^it does not start beside files of settings that it does not know: web ended/),
    });
  });
});
