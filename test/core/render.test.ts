import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRepoPath } from '../../engine/core/repo-path.ts';
import { createManifest, serializeManifest } from '../../engine/core/service/manifest.ts';
import { renderTemplate } from '../../engine/core/template/render.ts';
import { selectLayers, type Template } from '../../engine/core/template/template.ts';
import { hashContent } from '../../engine/core/tree.ts';
import { renderService } from '../../generators/create/plan.ts';
import { createContext, parseCreateAnswers } from '../../generators/create/questions.ts';
import { templateInMemory } from '../support/template.ts';

const ANSWERS = parseCreateAnswers({ name: '@acme/order-items', description: 'Keeps "orders"' });

function render(template: Template, answers = ANSWERS) {
  return renderTemplate(template, answers, createContext(answers));
}

describe('path tokens', () => {
  it('become the forms of the name', async () => {
    const tree = await render(
      templateInMemory({ '__name__/__snakeName__.__pascalName__.ts': '', 'x.__constName__.hbs': '' }),
    );
    expect([...tree.keys()]).toEqual(['order-items/order_items.OrderItems.ts', 'x.ORDER_ITEMS']);
  });

  it.each(['__nmae__', '__constructor__', '__toString__', '__port__', '__postgres__', '__author__'])(
    '%s is an error: an unknown name, or not a text',
    async (token) => {
      await expect(render(templateInMemory({ [`a/${token}.ts`]: '' }))).rejects.toMatchObject({
        code: 'TEMPLATE_BROKEN',
        message: `template base/a/${token}.ts: the path has the unknown token ${token}`,
      });
    },
  );

  it.each(['a/__init__.x', 'a/__main__.x'])('%s has none', async (path) => {
    expect([...(await render(templateInMemory({ [path]: '' }))).keys()]).toEqual([path]);
  });

  it('are replaced once: a value that looks like a token stays', async () => {
    const answers = parseCreateAnswers({ name: 'orders', description: '__name__' });
    const tree = await render(templateInMemory({ 'a.__description__': '' }), answers);
    expect([...tree.keys()]).toEqual(['a.__name__']);
  });

  it('stay inside the target whatever their value is, or are refused', async () => {
    const value = fc.oneof(
      fc.constantFrom('..', '../..', '/etc', '.git', 'a/../../b', 'C:', 'con', '.', ' '),
      fc.string({ unit: fc.constantFrom(...'./\\:a ~') }),
    );
    await fc.assert(
      fc.asyncProperty(
        value,
        fc.constantFrom('__description__', 'a/__description__', 'a__description__/b'),
        async (text, path) => {
          const answers = { ...ANSWERS, description: text };
          try {
            for (const made of (await render(templateInMemory({ [path]: '' }), answers)).keys())
              expect(parseRepoPath(made)).toBe(made);
          } catch (error) {
            expect(['TEMPLATE_UNSAFE', 'TEMPLATE_BROKEN']).toContain((error as { code?: string }).code);
          }
        },
      ),
    );
  });
});

describe('rendering', () => {
  it.each([
    ['../a', 'TEMPLATE_UNSAFE'],
    ['.git/hooks/pre-commit', 'TEMPLATE_UNSAFE'],
    ['.twelve.json', 'TEMPLATE_UNSAFE'],
    ['.TWELVE-stage/x', 'TEMPLATE_UNSAFE'],
    ['.twelve-backup/x', 'TEMPLATE_UNSAFE'],
    ['.x.twelve-stage-y', 'TEMPLATE_UNSAFE'],
  ])('refuses to write %s', async (path, code) => {
    await expect(render(templateInMemory({ [path]: '' }))).rejects.toMatchObject({ code, exit: 6 });
  });

  it('refuses two files that are the same on some disks, even after rendering', async () => {
    await expect(render(templateInMemory({ 'a/B.ts': '', 'A/b.ts': '' }))).rejects.toMatchObject({
      code: 'TEMPLATE_UNSAFE',
    });
    await expect(render(templateInMemory({ 'order-ITEMS': '', __name__: '' }))).rejects.toThrow(
      'are one file on a disk',
    );
  });

  it('names the file of a missing value', async () => {
    const template = templateInMemory({ 'a.txt.hbs': 'one\ntwo {{author}}\n' });
    await expect(renderTemplate(template, ANSWERS, { name: 'orders' })).rejects.toMatchObject({
      code: 'TEMPLATE_BROKEN',
      message: 'template base/a.txt.hbs: "author" not defined',
    });
  });

  it('selects layers by answers, and refuses a condition on an unknown answer', () => {
    const layer = (path: string, when: Record<string, string>) => ({ path, when, files: () => [] });
    const template = {
      ...templateInMemory({}),
      layers: [layer('a', {}), layer('b', { database: 'none' }), layer('c', { database: 'postgres', cache: 'none' })],
    };
    expect(selectLayers(template, ANSWERS).map(({ path }) => path)).toEqual(['a', 'c']);
    const wrong = { ...template, layers: [layer('d', { databse: 'none' })] };
    expect(() => selectLayers(wrong, ANSWERS)).toThrow('layer d depends on "databse", which is not an answer');
  });
});

describe('the manifest', () => {
  const files = { 'b.txt': 'b\n', 'a.txt.hbs': '{{name}}\n', 'src/ü x.ts': '' };

  it('has the hash of each file except itself, one per line, sorted', async () => {
    const template = templateInMemory(files);
    const service = await renderService(template, ANSWERS);
    const text = Buffer.from(service.get(parseRepoPath('.twelve.json'))?.content ?? '').toString();
    const manifest = JSON.parse(text);
    expect(Object.keys(manifest)).toEqual(['schema', 'template', 'answers', 'files']);
    expect(manifest).toMatchObject({
      schema: 2,
      template: { source: template.source, version: template.version, integrity: template.integrity },
      answers: ANSWERS,
    });
    expect(Object.keys(manifest.files)).toEqual(['a.txt', 'b.txt', 'src/ü x.ts']);
    for (const [path, { hash, owner }] of Object.entries<{ hash: string; owner: string }>(manifest.files)) {
      expect(hash, path).toBe(hashContent(service.get(parseRepoPath(path))?.content ?? 'missing'));
      expect(owner).toBe('managed');
    }
    const lines = text.split('\n').filter((line) => line.includes('"hash"'));
    expect(lines).toHaveLength(3);
    expect(text.endsWith('  }\n}\n')).toBe(true);
  });

  it('is JSON whatever the answers are, even without files', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), async (description) => {
        const answers = { ...ANSWERS, description };
        const manifest = createManifest(templateInMemory({}), answers, new Map());
        expect(JSON.parse(serializeManifest(manifest))).toEqual(manifest);
      }),
    );
  });
});
