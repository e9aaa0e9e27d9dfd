import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { must } from './run.ts';
import { root } from './service.ts';

/** What others judge an OpenAPI document with. */
const NPM = ['@stoplight/spectral-cli@6.16.3', '@redocly/cli@2.77.0'];
const PIP = ['schemathesis==4.32.5'];

/** The paths of these programs. The first call installs them, and they stay for the next run. */
export async function openApiTools(): Promise<{ spectral: string; redocly: string; schemathesis: string }> {
  const folder = join(root, '.ci/.cache/openapi');
  const installed = join(folder, [...NPM, ...PIP].join(' ').replaceAll('/', '+'));
  if (!existsSync(installed)) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    await Promise.all([
      must('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--prefix', folder, ...NPM]),
      must('python3', ['-m', 'venv', folder]).then(() =>
        must(join(folder, 'bin/pip'), ['install', '--quiet', '--disable-pip-version-check', ...PIP]),
      ),
    ]);
    writeFileSync(installed, '');
  }
  const program = (name: string) => join(folder, 'node_modules/.bin', name);
  return {
    spectral: program('spectral'),
    redocly: program('redocly'),
    schemathesis: join(folder, 'bin/schemathesis'),
  };
}
