import { expect, it } from 'vitest';
import { renderTemplate } from '../../engine/core/template/render.ts';
import { mergeLines, uniteLines } from '../../engine/core/text/sorted-lines.ts';
import { loadTemplateFolder } from '../../engine/io/source/source.ts';
import { withFolder } from '../support/folder.ts';

const text = (...lines: readonly string[]) => lines.map((line) => `${line}\n`).join('');

it('lines of several texts are in the order of names, versions and files', () => {
  const ordered = [
    'example.com/a v1.9.0 h1:a=',
    'example.com/a v1.9.0/go.mod h1:b=',
    'example.com/a v1.10.0-rc.2/go.mod h1:c=',
    'example.com/a v1.10.0-rc.10/go.mod h1:c=',
    'example.com/a v1.10.0-rc.x/go.mod h1:c=',
    'example.com/a v1.10.0/go.mod h1:d=',
    'example.com/a/v2 v2.0.0 h1:e=',
    'example.com/a10 v0.0.0-20190101000000-aaaaaaaaaaaa/go.mod h1:f=',
    'example.com/a10 v0.0.0-20200101000000-000000000000/go.mod h1:f=',
    'example.com/a9 v1.0.0+incompatible/go.mod h1:g=',
  ];
  const shuffled = [...ordered].reverse();
  expect(uniteLines([text(...shuffled.slice(0, 6)), text(...shuffled.slice(4))])).toBe(text(...ordered));
  expect(uniteLines(['', '\n'])).toBe('');
  expect(uniteLines(['b v1.0.0 h\r\na v1.0.0 h\r\n'])).toBe('a v1.0.0 h\nb v1.0.0 h\n');
});

it('of both sides of an upgrade each brings its lines and takes its own away', () => {
  const [a, b, c, d] = ['a v1.0.0 h', 'b v1.0.0 h', 'c v1.0.0 h', 'd v1.0.0 h'];
  expect(mergeLines({ base: text(a, b), ours: text(a, b, d), theirs: text(a, c) })).toBe(text(a, c, d));
  expect(mergeLines({ base: text(a, b), ours: text(b), theirs: text(a, b, c) })).toBe(text(b, c));
});

const pin = (name: string, version: string, ...hashes: readonly string[]) =>
  [`${name}==${version} \\`, ...hashes.map((hash) => `    --hash=sha256:${hash} \\`)].join('\n').slice(0, -2);

it('what is indented belongs to the line above it, and so do comments', () => {
  const head = '# made by a tool\n#    with these words';
  const ordered = [pin('a', '9.0', 'x', 'y'), pin('a', '10.0', 'y'), pin('a-b', '1.0', 'z')];
  expect(uniteLines([text(head, ...[...ordered].reverse()), text(head)])).toBe(text(head, ...ordered));
  expect(uniteLines([text(pin('a', '1.0', 'x', 'y')).replaceAll('\n', '\r\n')])).toBe(text(pin('a', '1.0', 'x', 'y')));
  // A tool may have put a line between them.
  expect(uniteLines([`${pin('a', '1.0', 'x')}\n\n    # via b\n`])).toBe(`${pin('a', '1.0', 'x')}\n    # via b\n`);
});

it('of a name that has one version, the higher one of both sides stands', () => {
  const moved = (version: string, marker = '') => pin(`a`, `${version}${marker}`, version);
  const [old, own, next] = [moved('1.9'), moved('1.10'), moved('1.11')];
  const b = pin('b', '1', 'b');
  expect(mergeLines({ base: text(old), ours: text(own, b), theirs: text(next) })).toBe(text(next, b));
  expect(mergeLines({ base: text(old), ours: text(next), theirs: text(own) })).toBe(text(next));
  expect(mergeLines({ base: text(old), ours: text(own), theirs: text(old) })).toBe(text(own));
  expect(mergeLines({ base: text(old), ours: text(own), theirs: '' })).toBe(text(own));
  // For another platform it may be another version.
  const win = moved('1.10', " ; sys_platform == 'win32'");
  expect(mergeLines({ base: '', ours: text(win), theirs: text(next) })).toBe(text(win, next));
});

it('layers of a template are united where it says so, and only there', async () => {
  const lock = (name: string) => `${name} v1.0.0 h\n`;
  const template = (sortedLines: readonly string[]) => ({
    'template.json': JSON.stringify({
      id: 'x',
      layers: [{ path: 'base' }, { path: '+more', when: { more: 'yes' } }],
      ownership: [['**', 'derived']],
      sortedLines,
    }),
    'base/the.lock': lock('b') + lock('c'),
    '+more/the.lock': lock('a') + lock('c'),
  });
  const render = (files: Readonly<Record<string, string>>, more: string) =>
    withFolder(files, async (folder) => {
      const loaded = loadTemplateFolder(folder, { source: 'x', version: '1.0.0', variables: new Map() });
      const tree = await renderTemplate(loaded, { more }, { more });
      return Buffer.from(tree.get('the.lock' as never)?.content ?? '').toString();
    });
  expect(await render(template(['the.lock']), 'yes')).toBe(lock('a') + lock('b') + lock('c'));
  expect(await render(template(['the.lock']), 'no')).toBe(lock('b') + lock('c'));
  await expect(render(template([]), 'yes')).rejects.toMatchObject({ code: 'TEMPLATE_BROKEN' });
});
