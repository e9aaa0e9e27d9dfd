import { execFileSync } from 'node:child_process';
import { runInNewContext } from 'node:vm';
import { Parser } from 'commonmark';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { HELPERS } from '../../engine/core/template/helpers.ts';

const help = (name: string, value: unknown): string => {
  const helper = HELPERS[name];
  if (!helper) throw new Error(`there is no helper ${name}`);
  return helper(value);
};

/** Texts that are difficult in some format: words, numbers, dates, quotes, comments, variables, unusual line ends. */
const HARD = [
  ...['', ' ', 'on', 'Yes', 'null', '~', '1e3', '0x10', '0o7', '12:30:45', '2026-01-01', '.inf', '1_000', '=', '<<'],
  ...['- a', '? a', 'a: b', 'a #b', '#a', '&a', '*a', '!a', '|', '>', '%a', '@a', '`a`', '[a]', '{a}', 'a,b', '"', "'"],
  ...[
    '\\',
    '\\n',
    '\\$x',
    `\${x}`,
    '$(x)',
    '$x',
    '{{x}}',
    '*/',
    '<b>',
    '&amp;',
    '1. a',
    '1) a',
    '# a',
    '===',
    '---',
    '+ a',
  ],
  ...[
    'a_b_c',
    '**a**',
    '[a](b)',
    '![a](b)',
    '~~~',
    'http://a.b',
    'a|b',
    '    a',
    'a  ',
    '\u00a0a',
    '\u0085',
    '\u2028',
    '\ufeff',
  ],
  ...['\u007f', '\u200b', '\u202e', '😀', 'é', '-n', '--', '%s', '!x', 'x!', 'C:\\x\\'],
];

/** One line of any text, as `description` and `author` may be. */
const line = fc
  .oneof(
    fc.constantFrom(...HARD),
    fc.array(fc.constantFrom(...HARD, 'word', ' '), { maxLength: 6 }).map((parts) => parts.join('')),
    fc.string({ unit: 'binary' }),
    fc.string({ unit: 'grapheme' }),
  )
  .map((text) => text.replace(/[\n\r\0]/g, ''));

/** Any text, line ends included. */
const text = fc.oneof(
  line,
  fc.string({ unit: 'binary' }),
  fc.array(line).map((lines) => lines.join('\n')),
);

const RUNS = { numRuns: 400 };

describe('helpers: any text comes out as that text', () => {
  it('json', () => {
    fc.assert(
      fc.property(fc.oneof(text, fc.integer()), (value) => {
        expect(JSON.parse(help('json', value))).toBe(value);
      }),
      RUNS,
    );
  });

  it.each(['1.1', '1.2'] as const)('yaml %s', (version) => {
    const read = (source: string): unknown => parse(source, { version });
    fc.assert(
      fc.property(text, (value) => {
        const word = help('yaml', value);
        expect(word).not.toContain('\n');
        expect(read(`key: ${word}\n`)).toEqual({ key: value });
        expect(read(`- ${word} # comment\n`)).toEqual([value]);
        expect(read(`[${word}, ${word}]\n`)).toEqual([value, value]);
        expect(read(`${word}: 1\n`)).toEqual({ [value]: 1 });
      }),
      RUNS,
    );
    expect(read(`port: ${help('yaml', 8080)}`)).toEqual({ port: 8080 });
  });

  it('yaml leaves plain words plain', () => {
    expect(help('yaml', 'The orders service')).toBe('The orders service');
    for (const word of ['y', 'NO', 'Off', 'null', '~', '1.0', '']) expect(help('yaml', word)).toMatch(/^"/);
  });

  it('ts', () => {
    const quoted = fc.string({ unit: fc.constantFrom('"', "'", '\\', 'a', '\n') });
    fc.assert(
      fc.property(fc.oneof(text, quoted), (value) => {
        const literal = help('ts', value);
        expect(literal).not.toMatch(/[\n\r\u2028\u2029]/);
        expect(runInNewContext(literal)).toBe(value);
      }),
      RUNS,
    );
  });

  it('shell', () => {
    const values = [...HARD, ...fc.sample(text, 400)].map((value) => value.replaceAll('\0', ''));
    const words = values.map((value) => help('shell', value)).join(' ');
    const printed = execFileSync('sh', ['-c', `printf '%s\\0' ${words}`], { encoding: 'utf8', stdio: 'pipe' });
    expect(printed.split('\0').slice(0, -1)).toEqual(values);
  });

  it('md', () => {
    const shown = (source: string): { blocks: string[]; text: string } => {
      const walker = new Parser().parse(source).walker();
      const blocks: string[] = [];
      let found = '';
      for (let event = walker.next(); event; event = walker.next()) {
        if (event.entering && event.node.type !== 'text') blocks.push(event.node.type);
        if (event.entering && event.node.type === 'text') found += event.node.literal;
      }
      return { blocks, text: found };
    };
    fc.assert(
      fc.property(line, (value) => {
        const paragraph = value === '' ? [] : ['paragraph'];
        expect(shown(help('md', value))).toEqual({ blocks: ['document', ...paragraph], text: value });
        expect(shown(`# ${help('md', value)}`)).toEqual({ blocks: ['document', 'heading'], text: value });
        expect(shown(`before ${help('md', value)}x`).text).toBe(`before ${value}x`);
        // A table cell ends at the first bar that is not escaped.
        expect(help('md', value)).not.toMatch(/(?<!\\)(?:\\\\)*\|/);
      }),
      RUNS,
    );
  });

  /**
   * A double-quoted word as BuildKit reads it: `\` takes the next `"`, `$` or `\` literally, and stays before others.
   */
  function dockerWord(word: string): string {
    const [, body] = /^"((?:[^"\\$]|\\.)*)"$/su.exec(word) ?? [];
    if (body === undefined) throw new Error(`${word} is not one word, or has a variable`);
    return body.replace(/\\(["$\\])/g, '$1');
  }

  it('dockerfile', () => {
    fc.assert(
      fc.property(line, (value) => {
        expect(dockerWord(help('dockerfile', value))).toBe(value);
      }),
      RUNS,
    );
    expect(() => dockerWord('"$HOME"')).toThrow();
    expect(() => dockerWord('"a" "b"')).toThrow();
  });
});
