// @module-tag wider
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../engine/core/errors.ts';
import { compileTemplate } from '../../engine/core/template/compile.ts';
import { HELPERS } from '../../engine/core/template/helpers.ts';
import { MAX_EACH_BYTES, MAX_RECORDS } from '../../engine/core/template/program.ts';
import { renderTemplate } from '../../engine/core/template/render.ts';
import { type RenderContext, variablesOf } from '../../engine/core/template/template.ts';
import { createContext, parseCreateAnswers } from '../../generators/create/questions.ts';
import { campaign } from '../support/extent.ts';
import { templateInMemory } from '../support/template.ts';

/**
 * Law 8. A template renders every path inside the target, or fails with file and line; a mistyped variable is an error.
 */

const COLUMNS = [
  { column: 'id', isKey: true, width: 16 },
  { column: '{{name}} "', isKey: false, width: 0 },
  { column: '', isKey: false, width: -1 },
];
const CONTEXT: RenderContext = {
  ...createContext(
    parseCreateAnswers({ name: 'orders', description: 'a "b" $c {{d}} \\', cache: 'redis', ci: 'none' }),
  ),
  columns: COLUMNS,
};
const VARIABLES = variablesOf(CONTEXT);

/** A part of a template and its expected output, both made from one choice. */
interface Piece {
  readonly text: string;
  readonly out: string;
}

const variable = fc.constantFrom(...Object.keys(createContext(parseCreateAnswers({ name: 'orders' }))));
const helper = fc.constantFrom(...Object.keys(HELPERS));
const words = fc.stringMatching(/^[a-z0-9 \n.,:"'<>&$é✓-]{0,12}$/).map((text): Piece => ({ text, out: text }));
const space = fc.constantFrom('', ' ', '  ', '\n');

/** A part of a template inside of an `each`, and its expected output for a record. */
const field = fc.constantFrom('column', 'isKey', 'width');
type Row = Readonly<Record<string, unknown>>;
const rowPiece: fc.Arbitrary<{ text: string; out: (record: Row) => string }> = fc.oneof(
  words.map(({ text, out }) => ({ text, out: () => out })),
  variable.map((name) => ({ text: `{{${name}}}`, out: () => String(CONTEXT[name]) })),
  field.map((name) => ({ text: `{{${name}}}`, out: (record: Row) => String(record[name]) })),
  fc.tuple(helper, field).map(([name, argument]) => ({
    text: `{{${name} ${argument}}}`,
    out: (record: Row) => HELPERS[name]?.(record[argument]) ?? '',
  })),
  fc.constantFrom('column', 'isKey', 'width', '@last', 'columns').map((name) => ({
    text: `{{#if ${name}}}+{{else}}-{{/if}}`,
    out: (record: Row) => (name === 'columns' || record[name] ? '+' : '-'),
  })),
);

const { pieces } = fc.letrec<{ pieces: Piece; piece: Piece }>((tie) => ({
  pieces: fc.array(tie('piece'), { maxLength: 4 }).map((list) => ({
    text: list.map(({ text }) => text).join(''),
    out: list.map(({ out }) => out).join(''),
  })),
  piece: fc.oneof(
    { maxDepth: 4 },
    words,
    fc.tuple(variable, space).map(([name, gap]) => ({ text: `{{${gap}${name}${gap}}}`, out: String(CONTEXT[name]) })),
    fc.tuple(helper, variable).map(([name, argument]) => ({
      text: `{{${name} ${argument}}}`,
      out: HELPERS[name]?.(CONTEXT[argument]) ?? '',
    })),
    fc.array(rowPiece, { maxLength: 4 }).map((row) => ({
      text: `[{{#each columns}}(${row.map(({ text }) => text).join('')}){{/each}}]`,
      out: `[${COLUMNS.map((record, index) => {
        const last = { ...record, '@last': index === COLUMNS.length - 1 };
        return `(${row.map(({ out }) => out(last)).join('')})`;
      }).join('')}]`,
    })),
    // With brackets no tag is alone on a line: Handlebars would remove the line break of such a line.
    fc
      .tuple(fc.constantFrom('if', 'unless'), variable, tie('pieces'), fc.option(tie('pieces')))
      .map(([block, name, then, otherwise]) => ({
        text: `[{{#${block} ${name}}}(${then.text})${otherwise ? `{{else}}<${otherwise.text}>` : ''}{{/${block}}}]`,
        out: `[${Boolean(CONTEXT[name]) === (block === 'if') ? `(${then.out})` : otherwise ? `<${otherwise.out}>` : ''}]`,
      })),
  ),
}));

/** Checks that an error names the file and the line. */
function failure(run: () => unknown): UserError | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    expect(error, String((error as Error).stack)).toBeInstanceOf(UserError);
    const failed = error as UserError;
    expect(failed.exit).toBe(6);
    expect(failed.message).toMatch(/^template base\/f\.txt\.hbs:\d+: /);
    return failed;
  }
}

const compile = (text: string) => {
  const render = compileTemplate(text, 'base/f.txt.hbs', VARIABLES);
  return (context: RenderContext) => Buffer.from(render(context)).toString('utf8');
};

describe('law 8: rendering is total', () => {
  it('a template of the language renders to the expected text', () => {
    fc.assert(
      fc.property(pieces, ({ text, out }) => {
        fc.pre(!text.includes('${{'));
        expect(compile(text)(CONTEXT)).toBe(out);
      }),
      campaign(300),
    );
  });

  it('any other text renders, or is refused with file and line', () => {
    const token = fc.oneof(
      fc.constantFrom(
        '{{',
        '}}',
        '{{{',
        '}}}',
        '{{{{',
        '}}}}',
        '{{#',
        '{{/',
        '{{^',
        '{{>',
        '{{!',
        '{{!--',
        '--}}',
        '~',
        '|',
        '\\',
        '../',
        './',
        '@',
        '=',
        '(',
        ')',
      ),
      fc.constantFrom(
        'if',
        'unless',
        'each',
        'with',
        'lookup',
        'log',
        'else',
        'as',
        'this',
        'constructor',
        '__proto__',
        'helperMissing',
        'blockHelperMissing',
      ),
      fc.constantFrom(
        'name',
        'columns',
        '{{#each columns}}',
        '{{/each}}',
        '@last',
        'json',
        ' ',
        '\n',
        '"',
        "'",
        '0',
        'true',
        'null',
        '[',
        ']',
        'x',
        '\0',
        '\u2028',
        '💥',
        '\ud800',
      ),
    );
    fc.assert(
      fc.property(
        fc.array(token, { maxLength: 14 }).map((tokens) => tokens.join('')),
        (text) => {
          failure(() => expect(typeof compile(text)(CONTEXT)).toBe('string'));
        },
      ),
      campaign(1500),
    );
  });

  it('a mistyped variable is an error with its line, at any place', () => {
    const mistyped = variable.map((name) => `${name}x`).filter((name) => !VARIABLES.has(name));
    fc.assert(
      fc.property(
        pieces,
        pieces,
        mistyped,
        fc.constantFrom(
          '{{V}}',
          '{{json V}}',
          '{{#if V}}{{/if}}',
          '{{#unless V}}{{/unless}}',
          '{{{V}}}',
          '{{#each V}}{{/each}}',
          '{{#each columns}}{{V}}{{/each}}',
        ),
        (before, after, name, form) => {
          fc.pre(!`${before.text}${after.text}`.includes('${{'));
          const failed = failure(() => compile(`${before.text}.${form.replace('V', name)}${after.text}`));
          const line = before.text.split('\n').length;
          expect(failed?.message).toContain(`base/f.txt.hbs:${line}: there is no variable "${name}"`);
        },
      ),
    );
  });

  it.each([
    ['{{constructor}}', 'no variable'],
    ['{{__proto__}}', 'no variable'],
    ['{{toString}}', 'no variable'],
    ['{{lookup this "constructor"}}', 'no helper "lookup"'],
    ['{{#with name}}{{/with}}', 'only if, unless and each'],
    ['{{#each name}}{{/each}}', 'is not a list'],
    ['{{#each columns}}{{#each columns}}{{/each}}{{/each}}', 'inside the "each"'],
    ['{{#each columns}}{{#unless isKey}}{{#each columns}}{{/each}}{{/unless}}{{/each}}', 'inside the "each"'],
    ['{{#each columns}}{{#> place}}{{/place}}{{/each}}', 'inside another block'],
    ['{{#each columns}}{{constructor}}{{/each}}', 'no variable'],
    ['{{#each columns}}{{this.column}}{{/each}}', 'no variable'],
    ['{{#each columns}}{{@root}}{{/each}}', 'only plain names'],
    ['{{#each columns}}{{@last.constructor}}{{/each}}', 'only plain names'],
    ['{{columns}}', 'is a list'],
    ['{{name.length}}', 'only plain names'],
    ['{{name.constructor.constructor}}', 'only plain names'],
    ['{{../name}}', 'only plain names'],
    ['{{@root.name}}', 'only plain names'],
    ['{{this}}', 'only plain names'],
    ['{{> name}}', 'not part of the template language'],
    ['{{#> Name}}{{/Name}}', 'a block is named like'],
    ['{{#*inline "x"}}{{/inline}}', 'not part of the template language'],
    ['{{json (json name)}}', 'is not a variable'],
    ['{{json "text"}}', 'is not a variable'],
    ['{{json name x=name}}', 'no named arguments'],
    ['{{json name name}}', 'takes one variable'],
    ['{{#if name includeZero=(json name)}}{{/if}}', 'no named arguments'],
    ['{{#if name as |port|}}{{port}}{{/if}}', 'names nothing'],
    ['{{#if name', 'Parse error'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the syntax of a workflow
    ['${{ secrets.X }}', 'eaten by Handlebars'],
  ])('%s is refused', (text, reason) => {
    const failed = failure(() => compile(`first\n${text}`));
    expect(failed?.message).toContain('base/f.txt.hbs:2: ');
    expect(failed?.message.replace(/\s+/g, ' ')).toContain(reason);
  });

  it('blocks nested a thousand deep are refused, without a stack overflow', () => {
    const failed = failure(() => compile('{{#if name}}'.repeat(1000) + '{{/if}}'.repeat(1000)));
    expect(failed?.message).toContain('nested');
  });

  it('a file that fails leaves no part of a tree', async () => {
    const answers = parseCreateAnswers({ name: 'orders' });
    const { description: _gone, ...lacking } = createContext(answers);
    for (const use of ['{{description}}', '{{json description}}', '{{#if description}}{{/if}}']) {
      const template = templateInMemory({ 'a.txt': 'a', 'b.txt.hbs': `x\n${use}` });
      await expect(renderTemplate(template, answers, lacking)).rejects.toThrow(
        /^template base\/b\.txt\.hbs: .*description/,
      );
    }
  });

  it('an each over too much fails with file and line, and leaves no part of a tree', async () => {
    const answers = parseCreateAnswers({ name: 'orders' });
    const text = 'first\n{{#if columns}}\n{{#each columns}}{{column}}{{/each}}\n{{/if}}\n';
    const render = compileTemplate(text, 'base/b.txt.hbs', VARIABLES);
    const file = { path: 'b.txt', source: 'base/b.txt.hbs', mode: 0o644, owner: 'managed', render } as const;
    const { layers, ...head } = templateInMemory({ a: '' });
    const template = { ...head, layers: layers.map((layer) => ({ ...layer, files: () => [...layer.files(), file] })) };
    const paths = async (length: number, column: string) => {
      const columns = Array.from({ length }, () => ({ column }));
      return [...(await renderTemplate(template, answers, { ...CONTEXT, columns })).keys()];
    };
    expect(await paths(MAX_RECORDS, 'x')).toEqual(['a', 'b.txt']);
    const tooMuch = [paths(MAX_RECORDS + 1, 'x'), paths(2, 'x'.repeat(MAX_EACH_BYTES))];
    for (const failed of tooMuch)
      await expect(failed).rejects.toMatchObject({
        code: 'TEMPLATE_BROKEN',
        exit: 6,
        message: expect.stringMatching(/^template base\/b\.txt\.hbs:3: /),
      });
  });

  it('an unknown token in a path is an error, and so is a condition on an unknown answer', async () => {
    const answers = parseCreateAnswers({ name: 'orders' });
    const render = (files: Record<string, string>) =>
      renderTemplate(templateInMemory(files), answers, createContext(answers));
    await expect(render({ '__nmae__.txt': '' })).rejects.toThrow(
      'template base/__nmae__.txt: the path has the unknown token __nmae__',
    );
    await expect(
      renderTemplate(templateInMemory({ '__columns__.txt': '' }), answers, { ...CONTEXT, columns: COLUMNS }),
    ).rejects.toThrow('template base/__columns__.txt: the path has the unknown token __columns__');
    const { layers, ...head } = templateInMemory({ a: '' });
    const mistyped = { ...head, layers: layers.map((layer) => ({ ...layer, when: { databse: 'postgres' } })) };
    await expect(renderTemplate(mistyped, answers, createContext(answers))).rejects.toThrow(
      '"databse", which is not an answer',
    );
  });
});
