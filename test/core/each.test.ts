import { describe, expect, it } from 'vitest';
import { applyPresets } from '../../engine/core/preset/apply-presets.ts';
import { parsePreset } from '../../engine/core/preset/parse-preset.ts';
import { compileTemplate } from '../../engine/core/template/compile.ts';
import { memoRenderer } from '../../engine/core/template/memo-render.ts';
import { contributionsTo } from '../../engine/core/template/provenance.ts';
import { renderTemplate } from '../../engine/core/template/render.ts';
import { type RenderContext, type Template, variablesOf } from '../../engine/core/template/template.ts';
import { treeOf } from '../support/shop.ts';
import { templateInMemory } from '../support/template.ts';

const ID = { column: 'id', isKey: true };
const TOTAL = { column: 'total', isKey: false };
const VARIABLES = variablesOf({ name: 'orders', columns: [ID] });

function templateWith(text: string): Template {
  const render = compileTemplate(text, 'base/a.txt.hbs', VARIABLES);
  const file = { path: 'a.txt', source: 'base/a.txt.hbs', mode: 0o644, owner: 'managed', render } as const;
  return {
    ...templateInMemory({}),
    layers: [{ path: 'base', when: {}, files: () => [file] }],
    blockNames: ['head'],
  };
}

const textOf = (tree: ReadonlyMap<unknown, { readonly content: Uint8Array }>): string =>
  Buffer.from([...tree.values()][0]?.content ?? []).toString();

/** A preset that fills the block `head` with a line for each column. */
async function fillHead(template: Template): Promise<Template> {
  const files = treeOf({
    'preset.yaml': 'schema: 1\nname: "@acme/standard"\nversion: 1.0.0\n',
    'blocks/head.hbs': '{{#each columns}}\nhead of {{column}}\n{{/each}}\n',
  });
  return applyPresets(template, [{ preset: await parsePreset(files), files }], VARIABLES);
}

describe('each', () => {
  it('is rendered again for a service with another record in the list', async () => {
    const remembering = memoRenderer(
      templateWith('{{#each columns}}{{column}}:{{#if isKey}}{{name}}{{/if}}{{#unless @last}}, {{/unless}}{{/each}}'),
    );
    const rendered = async (context: RenderContext) => textOf(await remembering({}, context));
    expect(await rendered({ name: 'orders', columns: [ID] })).toBe('id:orders');
    expect(await rendered({ name: 'orders', columns: [ID, TOTAL] })).toBe('id:orders, total:');
    expect(await rendered({ name: 'orders', columns: [TOTAL, ID] })).toBe('total:, id:orders');
    expect(await rendered({ name: 'bills', columns: [ID] })).toBe('id:bills');
    expect(await rendered({ name: 'orders', columns: [] })).toBe('');
    expect(await rendered({ name: 'orders', columns: [ID] })).toBe('id:orders');
  });

  it('may be in the default of a block and in its filling, and each line has its origin', async () => {
    const template = templateWith(
      '{{#> head}}\n{{#each columns}}\n{{column}}\n{{/each}}\n{{/head}}\n{{#each columns}}\nof {{name}}\n{{/each}}\n',
    );
    const context = { name: 'orders', columns: [ID, TOTAL] };
    expect(textOf(await renderTemplate(template, {}, context))).toBe('id\ntotal\nof orders\nof orders\n');

    const filled = await fillHead(template);
    expect(textOf(await renderTemplate(filled, {}, context))).toBe('head of id\nhead of total\nof orders\nof orders\n');
    const fill = { source: 'blocks/head.hbs', from: '@acme/standard 1.0.0' };
    const [base] = await contributionsTo('a.txt' as never, filled, {}, context, new Map([['head', fill]]));
    expect(base?.lines.map(({ text, origin }) => [text, origin.source])).toEqual([
      ['head of id\n', 'blocks/head.hbs'],
      ['head of total\n', 'blocks/head.hbs'],
      ['of orders\n', 'base/a.txt.hbs'],
      ['of orders\n', 'base/a.txt.hbs'],
    ]);
  });
});
