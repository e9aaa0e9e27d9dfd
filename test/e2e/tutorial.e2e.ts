import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { delimiter, dirname, join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { changed, isAsShown, type Section, type Step, sectionsOf } from '../support/tutorial.ts';
import { stackNamed } from './http/stacks.ts';
import { Project } from './support/compose.ts';
import { Leftovers, mustBuild, noEngine, whenNobodyBuilds } from './support/docker.ts';
import { run } from './support/run.ts';
import { bin, root, workFolder } from './support/service.ts';

/** `docs/tutorials/visit-counter.md`, as a reader does it. This file knows none of its commands, files and outputs. */

const DOCUMENT = join(root, 'docs/tutorials/visit-counter.md');
const PROJECT = 'twelve-e2e-tutorial';
const TAG = 'e2e-tutorial';
const STEP_MS = 280_000;

const sections = sectionsOf(readFileSync(DOCUMENT, 'utf8'));
const isOfDocker = ({ steps }: Section) =>
  steps.some((step) => step.kind === 'command' && step.command.startsWith('docker '));
const first = sections.findIndex(isOfDocker);

const noPython = stackNamed('python').missing();
const noContainers = noEngine ?? (await whyPortIsTaken());
const notDone = noPython ?? noContainers;
if (notDone !== undefined)
  console.warn(`skipped: ${noPython ? 'the tutorial' : 'what the tutorial does in containers'}: ${notDone}`);

/** nginx listens where a browser asks. */
function whyPortIsTaken(): Promise<string | undefined> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', (error) => resolve(`port 80 cannot be had: ${error.message}`));
    server.listen(80, '127.0.0.1', () => server.close(() => resolve(undefined)));
  });
}

const work = workFolder();
const shims = join(work.folder, 'shims');
const leftovers = new Leftovers();
let cwd = join(work.folder, 'reader');
/** The section that failed: those after it would fail for no reason of their own. */
let failed: string | undefined;

beforeAll(async () => {
  for (const folder of [shims, cwd]) mkdirSync(folder);
  const npx = `#!/bin/sh\ncase $1 in create-twelve-service | create-twelve-service@latest) shift ;; *) exit 5 ;; esac\nexec "${process.execPath}" "${bin}" "$@"\n`;
  writeFileSync(join(shims, 'npx'), npx);
  chmodSync(join(shims, 'npx'), 0o755);
  // curl draws how far it is where nobody looks.
  writeFileSync(join(shims, '.curlrc'), 'silent\nshow-error\n');
  await provideUv();
}, 120_000);

/** A reader may have uv or not. By pip an installation takes three times as long, and other suites have one. */
async function provideUv(): Promise<void> {
  if (noPython !== undefined || spawnSync('uv', ['--version']).status === 0) return;
  const packages = join(work.folder, 'packages');
  const { code } = await run('python3', ['-m', 'pip', 'install', '--quiet', '--target', packages, 'uv']);
  if (code === 0) symlinkSync(join(packages, 'bin/uv'), join(shims, 'uv'));
}

afterAll(async () => {
  if (noContainers === undefined) {
    await new Project(PROJECT, { cwd: work.folder }).down();
    await leftovers.remove();
  }
  work.remove();
});

async function type(command: string): Promise<string> {
  // Compose builds without the secrets that this machine may need: it finds the layers that are made here.
  const builds = / --build\b/.test(command);
  if (builds) await mustBuild(cwd, leftovers.image(`visits:${TAG}`));
  const place = join(work.folder, 'pwd');
  const script = `exec 2>&1\n${command}\ncode=$?; pwd >"${place}"; exit $code`;
  const env = {
    PATH: `${shims}${delimiter}${process.env.PATH}`,
    PWD: cwd,
    CURL_HOME: shims,
    COMPOSE_PROJECT_NAME: PROJECT,
    COMPOSE_FILE: undefined,
    VISITS_TAG: TAG,
    DATABASE_URL: undefined,
    REDIS_URL: undefined,
    LOG_LEVEL: undefined,
  };
  const [file, args] = builds ? withoutOtherBuilds(script) : (['bash', ['-c', script]] as const);
  const { code, stdout } = await run(file, args, { cwd, env, timeout: STEP_MS });
  const said = stripVTControlCharacters(stdout);
  expect(code, `$ ${command}\n${said.slice(-12_000)}`).toBe(0);
  cwd = readFileSync(place, 'utf8').trim();
  return said;
}

/** The command waits as every build of a suite does. */
function withoutOtherBuilds(script: string): readonly [file: string, args: readonly string[]] {
  const [file, [lock]] = whenNobodyBuilds([]);
  return file === 'flock' && lock !== undefined ? [file, [lock, 'bash', '-c', script]] : ['bash', ['-c', script]];
}

/** A name may have a `*`, where it is made of the time. */
function place(path: string): string {
  if (!path.includes('*')) return join(cwd, path);
  const pattern = new RegExp(`^${join(cwd, path).replaceAll('.', '\\.').replaceAll('*', '[^/]*')}$`);
  const folder = join(cwd, dirname(path));
  const found = readdirSync(folder)
    .map((name) => join(folder, name))
    .filter((file) => pattern.test(file));
  expect(found, path).toHaveLength(1);
  return found[0] ?? '';
}

async function follow(step: Step): Promise<void> {
  if (step.kind === 'command') {
    const came = await type(step.command);
    if (step.shown !== '' && !isAsShown(step.shown, came)) expect(came, `$ ${step.command}`).toBe(step.shown);
    return;
  }
  const file = place(step.path);
  if (step.kind === 'change') writeFileSync(file, changed(readFileSync(file, 'utf8'), step.text));
  else writeFileSync(file, step.text);
}

const title = noPython === undefined ? 'the visit counter' : `the visit counter (${noPython})`;

describe.skipIf(noPython !== undefined)(title, { retry: 0 }, () => {
  for (const [index, section] of sections.entries()) {
    const needs = index < first ? undefined : noContainers;
    const name = needs === undefined ? section.title : `${section.title} (${needs})`;
    test.skipIf(needs !== undefined)(name, { timeout: 2 * STEP_MS }, async () => {
      expect(failed, 'a section before this one failed').toBeUndefined();
      failed = section.title;
      for (const step of section.steps) await follow(step);
      failed = undefined;
    });
  }
});
