import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Parser } from 'commonmark';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { sampleOf } from '../support/extent.ts';
import { snapshot, temporaryFolder } from '../support/folder.ts';
import { dockerfileWord, markdownText } from '../support/formats.ts';
import { FILES_ONLY, inParallelRuns, programWith, run } from '../support/program.ts';

/**
 * docs/faults.md, "Names and input": the rows about texts in files. Independent parsers read them back.
 */

const HOSTILE = [
  '{{x}} {{name}} {{{json name}}}',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: text that a shell or TypeScript would expand
  '$(touch pwned) `touch pwned` $HOME ${HOME} $$',
  `'single' "double" \\ back\\slash \\n \\u0041 \\`,
  '*/ // <!-- --> ]]> <script>alert(1)</script> &amp; &#65;',
  '- list',
  '# heading',
  '1. first',
  '2) second',
  '> quote',
  '| a | b |',
  '---',
  '===',
  '***',
  '___',
  '+ plus',
  '~~~',
  '```',
  '[link](x)',
  '![i](x)',
  '<https://x>',
  'on',
  'yes',
  'null',
  '1e3',
  '0x10',
  '12:30:45',
  '~',
  '.inf',
  '2001-01-01',
  'a: b',
  'a #b',
  '!!str x',
  '&a *a',
  '%x',
  '@x',
  '{a: b}',
  '[a]',
  '"',
  "'",
  '\\',
  ' leading and trailing ',
  'two  spaces',
  'emoji 👩‍👩‍👧 é e\u0301 ñ \u00a0 nbsp',
  'e\u200bzero\ufeffwidth',
  'x\ufffey\uffff',
  '--help',
  '-x',
  '__proto__',
  'constructor',
  '#',
  '=',
  ':-:',
  '*a* _b_ ~~c~~ `d`',
  'https://example.com/?a=1&b=2',
  'a|b',
];

const small = programWith({
  files: {
    'base/package.json.hbs': '{ "description": {{json description}}, "author": {{json author}} }\n',
    'base/compose.yaml.hbs':
      'services:\n  web:\n    labels:\n      description: {{yaml description}}\n      author: {{yaml author}}\n',
    'base/main.ts.hbs': 'export default [{{ts description}}, {{ts author}}];\n',
    'base/Dockerfile.hbs': 'FROM scratch\nLABEL description={{dockerfile description}} author={{dockerfile author}}\n',
    'base/README.md.hbs':
      '# Title\n\n{{md description}}\n\nBy {{md author}}.\n\n| a | b |\n|---|---|\n| {{md author}} | c |\n',
    'base/run.sh.hbs': "printf '%s\\n' {{shell description}} {{shell author}}\n",
  },
});
afterAll(() => small.remove());

describe('Names and input', () => {
  it('`{{x}}`, `$(...)`, backticks, quotes in a description or an author: fine, and round-trips exactly in JSON, YAML, TypeScript, Dockerfile, Markdown', {
    tags: ['wider'],
  }, async () => {
    await inParallelRuns(sampleOf([...HOSTILE.entries()], 4), async ([index, description]) => {
      const author = HOSTILE[(index + 7) % HOSTILE.length] ?? '';
      const cwd = temporaryFolder();
      const input = JSON.stringify({ name: 'orders', description, author });
      const result = await run(['--answers', '-', '--yes', ...FILES_ONLY], { cwd, input, program: small.program });
      expect(result.code, `${input}: ${result.stderr}`).toBe(0);
      const file = (name: string) => readFileSync(join(cwd, 'orders', name), 'utf8');

      expect(JSON.parse(file('package.json'))).toEqual({ description, author });
      for (const version of ['1.1', '1.2'] as const)
        expect(parse(file('compose.yaml'), { version }).services.web.labels).toEqual({ description, author });
      const [, literals = ''] = /^export default (.*);\n$/.exec(file('main.ts')) ?? [];
      expect(new Function(`return ${literals}`)()).toEqual([description, author]);
      expect(dockerfileWord(file('Dockerfile'))).toEqual({ description, author });
      const paragraphs = markdownText(new Parser().parse(file('README.md')));
      expect(paragraphs.slice(0, 3)).toEqual(['Title', description, `By ${author}.`]);
      expect(JSON.parse(file('.twelve.json')).answers).toMatchObject({ description, author });
    });
  });

  it('the same text in a service that the program makes', async () => {
    const cwd = temporaryFolder();
    const description = `"q" 'q' \\ \${x} $(x) \`x\` {{x}} */ <b> é 👩‍👩‍👧 # : - | *`;
    const author = 'O\'Brien "The $HOME" <o@example.com> {{name}}';
    const input = JSON.stringify({ name: 'orders', description, author });
    expect((await run(['--answers', '-', '--yes', ...FILES_ONLY], { cwd, input })).code).toBe(0);
    const file = (name: string) => readFileSync(join(cwd, 'orders', name), 'utf8');
    expect(JSON.parse(file('package.json'))).toMatchObject({ description, author });
    expect(markdownText(new Parser().parse(file('README.md')))).toContain(description);
    expect(parse(file('docker-compose.orders.yaml')).services).toBeTypeOf('object');
  });

  it('newline, NUL, ANSI, U+202E in a description or an author: 2, for it is one line of visible text', async () => {
    const texts = ['a\nb', 'a\rb', 'a\0b', '\u001b[31mred', 'a\u202eb', 'a\u2066b', 'a\u2028b', 'a\u0085b', '\ud800'];
    const cases = texts.flatMap((text) => [{ description: text }, { author: text }]);
    await inParallelRuns(cases, async (answers) => {
      const cwd = temporaryFolder();
      const input = JSON.stringify({ name: 'orders', ...answers });
      const result = await run(['--answers', '-', '--yes', ...FILES_ONLY], { cwd, input });
      expect(result.code, `${input}: ${result.stderr}`).toBe(2);
      expect(result.stderr).toMatch(/must be one line of visible text, but has (a|an|the) [a-z ]+ \(U\+[0-9A-F]{4}\)/);
      expect(result.stderr).toMatch(/^[\P{C}\n]+$/u);
      expect(Object.keys(snapshot(cwd))).toEqual(['.']);
    });
  });

  it('`on`, `yes`, `null`, `1e3`, `0x10`, `12:30:45`: fine, quoted wherever YAML 1.1 would read something else', async () => {
    for (const name of ['on', 'yes', 'null', 'off', 'no', 'true', 'y', 'n']) {
      const cwd = temporaryFolder();
      const result = await run([name, '--yes', ...FILES_ONLY], { cwd });
      expect(result.code, result.stderr).toBe(0);
      const compose = readFileSync(join(cwd, name, `docker-compose.${name}.yaml`), 'utf8');
      expect(
        misread(
          ...((['1.1', '1.2'] as const).map((version) => parse(compose, { version, merge: true })) as [
            unknown,
            unknown,
          ]),
        ),
      ).toEqual([]);
      expect(JSON.parse(readFileSync(join(cwd, name, 'package.json'), 'utf8')).name).toBe(name);
    }
    // The others are not valid names (a label starts with a letter), so they are in texts.
    for (const text of ['1e3', '0x10', '12:30:45']) expect(HOSTILE).toContain(text);
  });
});

/** The scalars of a document that are not text for one of two parsers. */
function misread(one: unknown, other: unknown, path = ''): string[] {
  if (typeof one !== 'object' || one === null || typeof other !== 'object' || other === null)
    return Object.is(one, other) ? [] : [`${path}: ${one} or ${other}`];
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...keys].flatMap((key) => misread((one as never)[key], (other as never)[key], `${path}/${key}`));
}
