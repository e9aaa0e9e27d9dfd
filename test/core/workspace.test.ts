import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readTemplateFolder } from '../../engine/io/source/source.ts';
import { addToComposeEnvironment } from '../../generators/workspace/environment.ts';
import { addToServices } from '../../generators/workspace/services-list.ts';
import { filesIn } from '../support/folder.ts';
import { ROOT } from '../support/program.ts';

/** What a service that joins a workspace puts into files that people edit. */

const FILE = 'orders/docker-compose.orders.yaml';
const ENTRY = '  - path: orders/docker-compose.orders.yaml\n    project_directory: .\n';

describe('the list of services', () => {
  it.each([
    ['the only one is before it', 'include:\n  - path: a.yaml\n', `include:\n  - path: a.yaml\n${ENTRY}`],
    ['the only one is after it', 'include:\n  - path: z.yaml\n', `include:\n${ENTRY}  - path: z.yaml\n`],
    ['it has no end of line', 'include:\n  - path: a.yaml', `include:\n  - path: a.yaml\n${ENTRY}`],
    ['it has entries in short', 'include:\n  - a.yaml\n  - z.yaml\n', `include:\n  - a.yaml\n${ENTRY}  - z.yaml\n`],
    [
      'it has comments',
      '# mine\ninclude:\n  - path: a.yaml # first\n    project_directory: .\n\n# the end\n',
      `# mine\ninclude:\n  - path: a.yaml # first\n    project_directory: .\n${ENTRY}\n# the end\n`,
    ],
    [
      'something follows it',
      'include:\n  - path: a.yaml\n\nservices:\n  mine:\n    image: x\n',
      `include:\n  - path: a.yaml\n${ENTRY}\nservices:\n  mine:\n    image: x\n`,
    ],
    [
      'it is not indented',
      'include:\n- path: a.yaml\n- path: z.yaml\n',
      `include:\n- path: a.yaml\n${ENTRY.replaceAll(/^ {2}/gm, '')}- path: z.yaml\n`,
    ],
    ['the last one has left', '# mine\ninclude:\n', `# mine\ninclude:\n${ENTRY}`],
    ['it is there', `include:\n${ENTRY}`, `include:\n${ENTRY}`],
  ])('grows by an entry where %s', async (_where, before, after) => {
    const grown = await addToServices(before, FILE);
    expect(grown).toBe(after);
    const paths = parse(grown).include.map((one: string | { path: string }) =>
      typeof one === 'string' ? one : one.path,
    );
    expect(paths).toContain(FILE);
  });

  it.each([
    ['', 'has no list "include" of lines'],
    ['include: []\n', 'has no list "include" of lines'],
    ['include:\n  - [a]\n', 'has an entry without a path'],
    ['include:\n  - path: "a\n', 'cannot be read'],
    ['include: &a [*a]\n', 'has no list "include" of lines'],
  ])('is not touched where it is %j', async (text, reason) => {
    await expect(addToServices(text, FILE)).rejects.toMatchObject({
      code: 'NOT_POSSIBLE',
      message: expect.stringContaining(`services.yaml ${reason}`),
    });
  });
});

describe('the environment of compose', () => {
  const add = (text: string) =>
    addToComposeEnvironment(text, 'services.yaml', { constName: 'ORDERS', folder: 'orders' });
  const LINES = 'COMPOSE_FILE=docker-compose.yaml:services.yaml\nCOMPOSE_PATH_SEPARATOR=:\nORDERS_DIR=./orders\n';

  it.each([
    ['it is empty', '', LINES],
    ['it ends without a line', 'A=1', `A=1\n${LINES.trimEnd()}`],
    ['it has other folders', 'A_DIR=./a\nZ_DIR=./z\n# end\n', `A_DIR=./a\n${LINES.split('\n')[2]}\nZ_DIR=./z\n# end\n`],
    ['it is there', LINES, LINES],
    [
      'a person names other files',
      'COMPOSE_FILE=mine.yaml:services.yaml\n',
      `COMPOSE_FILE=mine.yaml:services.yaml\n${LINES.slice(LINES.indexOf('COMPOSE_PATH'))}`,
    ],
    [
      'a person on Windows does',
      'COMPOSE_FILE=mine.yaml;services.yaml\n',
      'COMPOSE_FILE=mine.yaml;services.yaml\nCOMPOSE_PATH_SEPARATOR=;\nORDERS_DIR=./orders\n',
    ],
  ])('grows where %s', (_where, before, after) => {
    const grown = add(before);
    for (const line of after.split('\n')) expect(grown.split('\n')).toContain(line);
    expect(grown.split('\n').filter((line) => before.split('\n').includes(line))).toEqual(before.split('\n'));
    expect(add(grown)).toBe(grown);
  });

  it('refuses a folder that is another', () => {
    expect(() => add('ORDERS_DIR=./mine\n')).toThrow(/\.env has ORDERS_DIR=\.\/mine already/);
  });
});

it.each(['workspace', 'workspace/service'])('every file of templates/%s is in a layer', (path) => {
  const folder = join(ROOT, 'templates', path);
  const listed = readTemplateFolder(folder).layers.flatMap(({ files }) => files.map(({ source }) => source));
  const there = filesIn(folder).filter((file) => file !== 'template.json' && !file.startsWith('service/'));
  expect(listed.sort()).toEqual(there.sort());
  expect(listed.every((file) => existsSync(join(folder, file)))).toBe(true);
});
