// @module-tag sampled
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../support/folder.ts';
import { filesOf } from '../support/older-manifest.ts';
import { FILES_ONLY, plainEnvironment, run } from '../support/program.ts';

it('manifests of Kubernetes come to a service that is there, with what its additions have in them, and go', async () => {
  const cwd = temporaryFolder();
  const succeed = async (...args: string[]) => {
    const { code, stdout, stderr } = await run(args, { cwd });
    expect([args.join(' '), code], stderr).toEqual([args.join(' '), 0]);
    return stdout + stderr;
  };
  const read = (path: string) => readFileSync(join(cwd, path), 'utf8');
  const commit = () => {
    const git = (...args: string[]) => execFileSync('git', args, { cwd, env: plainEnvironment() });
    git('init', '--quiet');
    git('add', '--all');
    git('-c', 'user.name=A', '-c', 'user.email=a@example.invalid', 'commit', '--quiet', '--message', 'A step');
  };
  await succeed('orders', '--dir', '.', '--stack', 'go', '--yes', ...FILES_ONLY);
  await succeed('add-task', 'reindex', '--yes');
  await succeed('add-worker', 'mailer', '--yes');
  await succeed('add-client', 'payments', '--yes');
  commit();
  const before = filesOf(cwd);
  const told = await succeed('upgrade', '--set', 'deploy=kubernetes', '--no-install');
  expect(told).toContain('let it out to the port of payments: egress of deploy/base/network-policy.yaml');
  expect(read('deploy/base/worker-mailer.yaml')).toContain('args: [worker, mailer]');
  expect(read('deploy/base/kustomization.yaml')).toContain('  - worker-mailer.yaml\n');
  expect(read('deploy/base/config.env')).toContain('PAYMENTS_URL=http://payments.payments:8080\n');
  commit();
  expect(await succeed('upgrade', '--no-install')).toContain('nothing to do');
  await succeed('add-worker', 'biller', '--yes');
  expect(existsSync(join(cwd, 'deploy/base/worker-biller.yaml'))).toBe(true);
  await succeed('undo');
  await succeed('upgrade', '--set', 'deploy=none', '--no-install');
  expect(filesOf(cwd)).toEqual(before);
});
