import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { driftFinding, managedFolders, stateOf } from '../../engine/core/audit/drift.ts';
import { memoRenderer } from '../../engine/core/template/memo-render.ts';
import { renderTemplate } from '../../engine/core/template/render.ts';
import { hashContent } from '../../engine/core/tree.ts';
import { ServiceFolder } from '../../engine/io/service/fingerprint.ts';
import { loadBuiltin } from '../../engine/io/source/builtin.ts';
import { createContext, createVariables, parseCreateAnswers } from '../../generators/create/questions.ts';
import { withFolder } from '../support/folder.ts';

const text = fc
  .array(fc.constantFrom('a', 'b', '\n', '\r\n', '\r', '\0', 'ü', '\ufffd'), { maxLength: 12 })
  .map((parts) => parts.join(''));
const bytes = fc.oneof(
  text.map((one) => Buffer.from(one)),
  fc.uint8Array({ maxLength: 8 }).map((one) => Buffer.from(one)),
);
const withLf = (content: Buffer): string => content.toString('latin1').replaceAll('\r\n', '\n');

describe('drift', () => {
  it('a file is edited if and only if its bytes differ beyond CRLF for LF', async () => {
    await withFolder({}, (folder) =>
      fc.assert(
        fc.property(bytes, fc.option(bytes), fc.boolean(), (generated, edited, isCrlf) => {
          const plain = edited ?? generated;
          const disk = isCrlf ? Buffer.from(withLf(plain).replaceAll('\n', '\r\n'), 'latin1') : plain;
          writeFileSync(join(folder, 'file'), disk);
          const isSame = disk.equals(generated) || withLf(disk) === generated.toString('latin1');
          const { kind } = new ServiceFolder(folder).compare('file', hashContent(generated));
          expect(kind).toBe(isSame ? 'same' : 'different');
        }),
        { numRuns: 500 },
      ),
    );
  });

  it('nothing is held at a path below a file or a link, or where a folder is', async () => {
    const contents = { flat: 'x', 'folder/a': 'x', real: { link: 'folder' } };
    await withFolder(contents, (root) => {
      const folder = new ServiceFolder(root);
      const paths = ['flat', 'folder/a', 'real', 'flat/inner', 'real/a', 'folder', 'folder/b', 'none/a'];
      expect(paths.filter((path) => folder.holds(path))).toEqual(['flat', 'folder/a', 'real']);
    });
  });

  it('the two signals give the state', () => {
    const states = [true, false].flatMap((isThere) =>
      [true, false].flatMap((isEdited) => [true, false].map((isMoved) => stateOf({ isThere, isEdited, isMoved }))),
    );
    expect(states).toEqual(['conflict-ahead', 'edited', 'behind', 'unchanged', ...Array(4).fill('missing')]);
  });

  it.each([
    ['managed', 'edited', 'drift/edited'],
    ['managed', 'conflict-ahead', 'drift/edited'],
    ['managed', 'missing', 'drift/missing'],
    ['managed', 'behind', undefined],
    ['merged', 'edited', undefined],
    ['merged', 'missing', 'drift/missing'],
    ['seeded', 'edited', undefined],
    ['seeded', 'missing', undefined],
    ['derived', 'missing', undefined],
  ] as const)('%s and %s: %s', (owner, state, rule) => {
    expect(driftFinding({ path: 'x', owner, state })?.rule).toBe(rule);
  });

  it('a folder is managed if all of its files are, and the root never is', () => {
    const file = (owner: 'managed' | 'seeded') => ({ hash: '', owner });
    const files = { a: file('managed'), 'x/a': file('managed'), 'y/a': file('seeded'), 'y/b': file('managed') };
    expect([...managedFolders(files)]).toEqual(['x']);
  });

  it('cached renderings of one service are right for another', async () => {
    const template = loadBuiltin('typescript', createVariables);
    const render = memoRenderer(template);
    const names = ['orders', 'order-items', 'bills'];
    const answers = ['postgres', 'none'].flatMap((database) =>
      ['redis', 'none'].flatMap((cache) =>
        ['github', 'gitlab'].flatMap((ci) => names.map((name) => ({ name, database, cache, ci, port: name.length }))),
      ),
    );
    for (const raw of [...answers, ...answers.reverse()]) {
      const parsed = parseCreateAnswers(raw);
      const plain = await renderTemplate(template, parsed, createContext(parsed));
      const remembered = await render(parsed, createContext(parsed));
      const hashes = (tree: ReadonlyMap<string, { content: Uint8Array }>) =>
        Object.fromEntries([...tree].map(([path, { content }]) => [path, hashContent(content)]));
      expect(hashes(remembered)).toEqual(hashes(plain));
      for (const [path, { hash, content }] of remembered) expect([path, hash]).toEqual([path, hashContent(content)]);
    }
  });
});
