import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { makeFolder, removeFolder, write } from '../support/folder.ts';
import { execute, FILES_ONLY, plainEnvironment, run } from '../support/program.ts';

/** The job of the generated pipelines that verifies the image. Its own script runs here, unchanged. */
const home = makeFolder();
afterAll(() => removeFolder(home));

/** The tools of a CI runner: `npx` records its arguments, `docker run` runs the command after the image. */
const TOOLS = {
  npx: 'echo "$@" >>"$HOME/asked.txt"; echo the report; exit "$(cat "$HOME/code.txt")"',
  docker: 'if [ "$1" = run ]; then while [ "$1" != sh ]; do shift; done; exec "$@"; fi',
  skopeo: ':',
  apk: 'echo fetching; :',
};

beforeAll(async () => {
  for (const [name, text] of Object.entries(TOOLS))
    write(join(home, 'bin'), { [name]: { run: `#!/bin/sh\n${text}\n` } });
});

describe.each([
  ['github', 'summary.md'],
  ['gitlab', 'gitlab/contract.xml'],
])('on %s', (ci, report) => {
  const folder = join(home, ci);
  let script: string;
  // biome-ignore lint/suspicious/noExplicitAny: a pipeline, as YAML has it
  let job: Record<string, any>;

  beforeAll(async () => {
    const options = ['--ci', ci, '--database', 'postgres', '--cache', 'redis'];
    const made = await run([ci, ...options, '--yes', ...FILES_ONLY], { cwd: home });
    expect(made.code, made.stderr).toBe(0);
    const path = ci === 'github' ? '.github/workflows/ci.yml' : '.gitlab-ci.yml';
    const pipeline = parse(readFileSync(join(folder, path), 'utf8'));
    job = ci === 'github' ? pipeline.jobs.contract : pipeline.contract;
    const steps = (job.steps ?? []) as { run?: string }[];
    script = (job.script ?? steps.flatMap((step) => step.run ?? [])).join('\n');
  });

  const runJob = async (code: number) => {
    for (const file of ['asked.txt', report]) rmSync(join(home, file), { force: true });
    write(home, { 'code.txt': String(code) });
    const env = plainEnvironment({
      HOME: home,
      PATH: `${join(home, 'bin')}:${join(process.execPath, '..')}:${process.env.PATH}`,
      GITHUB_STEP_SUMMARY: join(home, 'summary.md'),
    });
    const shell = ci === 'github' ? 'bash' : 'sh';
    const { code: got } = await execute(shell, ['-e'], { cwd: folder, env, input: script });
    const read = (file: string) => (existsSync(join(home, file)) ? readFileSync(join(home, file), 'utf8') : undefined);
    return { code: got, asked: read('asked.txt'), report: read(report) };
  };

  it('runs the version that the service was made with, and keeps the report', async () => {
    const manifest = JSON.parse(readFileSync(join(folder, '.twelve.json'), 'utf8'));
    write(folder, {
      '.twelve.json': JSON.stringify({ ...manifest, template: { ...manifest.template, version: '3.2.1' } }),
    });
    const { code, asked, report } = await runJob(0);
    expect(asked).toMatch(
      new RegExp(`^--yes create-twelve-service@3\\.2\\.1 verify \\. --image ${ci}:contract .*--format \\w+\\n$`),
    );
    expect({ code, report }).toEqual({ code: 0, report: 'the report\n' });
  });

  it('fails if a rule is broken, and keeps the report', async () => {
    expect(await runJob(4)).toMatchObject({ code: 4, report: 'the report\n' });
    if (ci === 'gitlab') expect(job.artifacts).toEqual({ when: 'always', reports: { junit: 'contract.xml' } });
  });

  it('runs the verifier where it can see the processes that it starts', () => {
    expect(script.includes('docker run')).toBe(ci === 'gitlab');
    if (ci === 'gitlab') expect(script).toMatch(/docker run .*--network host --pid host/);
  });

  it('runs no other version if this version is not available', async () => {
    rmSync(join(folder, '.twelve.json'));
    const { code, asked } = await runJob(0);
    expect({ ok: code === 0, asked }).toEqual({ ok: false, asked: undefined });
  });
});
