// @module-tag node
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { filesIn, snapshot, temporaryFolder } from '../support/folder.ts';
import { execute, FILES_ONLY, PROGRAM, programWith, run } from '../support/program.ts';

it('starts through a link in node_modules/.bin, as npm installs it', async () => {
  const folder = temporaryFolder({ 'bin/': '' });
  symlinkSync(PROGRAM, join(folder, 'bin/twelve'));
  const { code, stderr } = await execute(join(folder, 'bin/twelve'), ['orders', ...FILES_ONLY], { cwd: folder });
  expect(code, stderr).toBe(0);
  expect(filesIn(join(folder, 'orders'))).toContain('.twelve.json');
});

it('a bug of ours has code 1, says where to report it, and writes nothing', async () => {
  const broken = programWith({ files: { 'base/a': '' } });
  try {
    writeFileSync(join(broken.program, '../templates/typescript/index.json'), 'null');
    const cwd = temporaryFolder();
    const { code, stdout, stderr } = await run(['orders', '--format=json'], { cwd, program: broken.program });
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ ok: false, code: 'INTERNAL', exit: 1 });
    expect(stderr).toContain('bug of create-twelve-service');
    expect(Object.keys(snapshot(cwd))).toEqual(['.']);
  } finally {
    broken.remove();
  }
});
