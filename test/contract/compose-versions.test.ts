import { afterAll, expect, it } from 'vitest';
import { Backing } from '../../contract/harness/backing/backing.ts';
import { rules } from '../../contract/rules/index.ts';
import { verify } from '../../contract/verify.ts';
import { makeFolder, removeFolder, write } from '../support/folder.ts';
import { quiet } from '../support/quiet.ts';

/** X-1 reads what compose files and pipelines say of backing services. */

const folder = makeFolder();
afterAll(() => removeFolder(folder));

it.each([
  ['equal', 'image: postgres:18-alpine', '- name: "postgres:18-alpine"', 'kept'],
  ['of a mirror', 'image: postgres:18-alpine', 'image: mirror.example/library/postgres:18-alpine', 'kept'],
  ['in a comment', 'image: postgres:18-alpine', '# image: postgres:16', 'kept'],
  ['different', 'image: postgres:18-alpine', 'image: postgres:17-alpine # as it was', 'broken'],
])('versions that are %s', async (_, compose, pipeline, outcome) => {
  write(folder, { 'compose.yaml': `${compose}\n`, '.gitlab-ci.yml': `${pipeline}\n` });
  const target = { kind: 'url', name: 'files', url: 'http://127.0.0.1:1', folder } as const;
  const { results } = await verify(target, {
    watch: quiet,
    backing: new Backing(),
    rules: rules.filter(({ id }) => id === 'X-1'),
  });
  expect(results).toMatchObject([{ outcome }]);
});
