import { expect, it } from 'vitest';
import { buildIdOf } from '../../scripts/build-id.ts';
import { withFolder } from '../support/folder.ts';

const DIST = { 'main.cjs': 'main', 'keep.cjs': 'keep', 'lazy/yaml.cjs': 'yaml', 'templates/go/index.json': '{}' };

/** V8 takes a cache for any source of the same length, so each of these would run as the old code. */
it.each(Object.entries(DIST))('another byte in %s is another build', async (path, content) => {
  const other = content.replace(/^./, 'x');
  const ids = await Promise.all([DIST, DIST, { ...DIST, [path]: other }].map((files) => withFolder(files, buildIdOf)));
  expect(ids[0]).toMatch(/^[0-9a-f]{12}$/);
  expect(ids[1]).toBe(ids[0]);
  expect(ids[2]).not.toBe(ids[0]);
});

it('a file that moved is another build', async () => {
  const { 'main.cjs': main, ...others } = DIST;
  expect(await withFolder({ ...others, 'moved.cjs': main }, buildIdOf)).not.toBe(await withFolder(DIST, buildIdOf));
});
