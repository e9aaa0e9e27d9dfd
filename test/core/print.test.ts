import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  binary,
  type Code,
  chain,
  choice,
  fixed,
  type Link,
  list,
  type Member,
  made,
  name,
  number,
  object,
  spread,
  template,
  text,
} from '../../stacks/typescript/print/code.ts';
import { printConstant, printImport, printMember, printWithin } from '../../stacks/typescript/print/print.ts';
import { textWidth, widthEdges } from '../../stacks/typescript/print/width.ts';

const ROOT = join(import.meta.dirname, '../..');

/** What the formatter of generated services makes of a file; `check` sorts its imports too. */
function formatted(source: string, command: 'format' | 'check' = 'format'): string {
  const config = join(ROOT, 'templates/typescript/base/biome.json');
  const write = command === 'check' ? ['--write', '--linter-enabled=false'] : [];
  return execFileSync(
    join(ROOT, 'node_modules/.bin/biome'),
    [command, `--config-path=${config}`, '--stdin-file-path=printed.ts', ...write],
    { input: source, encoding: 'utf8', maxBuffer: 2 ** 28, stdio: ['pipe', 'pipe', 'inherit'] },
  );
}

const seed = Number(process.env.TWELVE_SEED ?? Date.now() % 2 ** 31);

/** As many random values as a test takes, printed as one file. The first statement that differs is shown alone. */
function expectFormatted(statements: fc.Arbitrary<string>, count: number, command?: 'check'): void {
  const marked = fc.sample(statements, { numRuns: count, seed }).map((one, index) => `${one}\n\nmark(${index});\n`);
  const result = formatted(marked.join('\n'), command).split(/(?<=^mark\(\d+\);\n)\n?/m);
  const wrong = marked.findIndex((one, index) => one !== result[index]);
  if (wrong >= 0) expect(marked[wrong], `TWELVE_SEED=${seed}`).toBe(result[wrong]);
  expect(result.length).toBe(count);
}

const letters = (max: number) =>
  fc
    .tuple(fc.constantFrom('a', 'z', 'B', '_', '$'), fc.integer({ min: 0, max: max - 1 }))
    .map(([first, more]) => `${first}${'n'.repeat(more)}`);

const words = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.integer({ min: 0, max: 30 }).map((length) => 'text of many words '.repeat(7).slice(0, length)),
  },
  {
    weight: 1,
    arbitrary: fc.integer({ min: 31, max: 120 }).map((length) => 'text of many words '.repeat(7).slice(0, length)),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
  {
    weight: 1,
    arbitrary: fc.string({
      unit: fc.constantFrom('"', "'", '\\', '\n', '\t', '寿', '😀', 'e\u0301', '\u007f', ' '),
      maxLength: 60,
    }),
  },
);

const keys = fc.oneof(
  { weight: 6, arbitrary: letters(60) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('new', 'class', 'if-match', '12', '0x1', '', 'ключ', '__proto__x', "it's", 'a"b'),
  },
  { weight: 1, arbitrary: words },
);

const simple: fc.Arbitrary<Code> = fc.oneof(
  letters(40).map(name),
  fc.constantFrom('null', 'undefined').map(name),
  fc.oneof(fc.integer(), fc.constantFrom(0.5, -1e21, true, false)).map(number),
  words.map(text),
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is code to print.
  fc.constantFrom('user${samples}@example.com', '${String(samples).padStart(12, "0")}', 'plain').map(template),
);

const { code } = fc.letrec<{ code: Code; args: readonly Code[]; links: Link[]; members: Member[] }>((tie) => ({
  code: fc.oneof(
    { maxDepth: 4, depthIdentifier: 'code' },
    { weight: 3, arbitrary: simple },
    { weight: 1, arbitrary: fc.array(tie('code'), { maxLength: 4 }).map(list) },
    { weight: 1, arbitrary: fc.array(fc.integer().map(number), { maxLength: 40 }).map(list) },
    { weight: 1, arbitrary: fc.array(words.map(text), { maxLength: 12 }).map(list) },
    {
      weight: 2,
      arbitrary: fc
        .tuple(tie('members'), fc.constantFrom('any', 'any', 'lines'))
        .map(([members, shape]) => object(members, shape as 'any')),
    },
    {
      weight: 3,
      arbitrary: fc
        .tuple(
          fc.oneof(
            { weight: 4, arbitrary: letters(20).map(name) },
            { weight: 1, arbitrary: fc.constantFrom(text('t'), made('Date', binary('samples * 86_400_000'))) },
          ),
          tie('links'),
        )
        .map(([head, links]) => chain(head, ...links)),
    },
    { weight: 1, arbitrary: fc.tuple(tie('args')).map(([given]) => made('Date', ...given)) },
  ),
  args: fc.array(tie('code'), { maxLength: 3 }),
  members: fc.uniqueArray(
    fc.oneof({ weight: 6, arbitrary: fc.tuple(keys, tie('code')) }, { weight: 1, arbitrary: letters(30).map(spread) }),
    { maxLength: 4, selector: (member) => ('spread' in member ? member.spread : member[0]) },
  ),
  links: fc
    .array(
      fc.tuple(letters(20), fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, { weight: 3, arbitrary: tie('args') })),
      { minLength: 1, maxLength: 5 },
    )
    .map((calls) => calls.flat()),
}));

const value = fc.oneof(
  { weight: 8, arbitrary: code },
  { weight: 1, arbitrary: fc.constantFrom('samples + 100', 'samples % 2 === 0').map(binary) },
  { weight: 1, arbitrary: fc.tuple(words, words).map(([yes, no]) => choice('samples % 2 === 0', text(yes), text(no))) },
  { weight: 1, arbitrary: fc.array(words.map(text)).map((items) => fixed(list(items))) },
);

it('prints constants as the formatter does', () => {
  expectFormatted(
    fc
      .tuple(letters(60), value, fc.boolean())
      .map(([called, given, isExported]) => printConstant(called, given, { isExported })),
    1500,
  );
});

it('prints members at any depth as the formatter does', () => {
  const nested = fc.tuple(keys, value, fc.integer({ min: 1, max: 5 })).map(([key, given, depth]) => {
    const open = Array.from({ length: depth - 1 }, (_, index) => `${'  '.repeat(index + 1)}inner: {\n`).join('');
    const close = Array.from({ length: depth - 1 }, (_, index) => `${'  '.repeat(depth - 1 - index)}},\n`).join('');
    return `const outer = {\n${open}${'  '.repeat(depth)}${printMember(key, given, depth)}\n${close}};`;
  });
  expectFormatted(nested, 1500);
});

it('prints what a statement is about as the formatter does', () => {
  expectFormatted(
    code.map((given) => `${printWithin('for (const one of ', given, ') {')}\n  use(one);\n}`),
    500,
  );
});

it('prints imports as the formatter does, in its order', () => {
  const imports = fc.tuple(
    fc.uniqueArray(
      letters(30).map((one) => one.replace('$', 'x')),
      { minLength: 1, maxLength: 8 },
    ),
    fc.boolean(),
  );
  expectFormatted(
    imports.map(([names, isType]) => printImport(names, './file.ts', { isType })),
    300,
    'check',
  );
});

it('counts the width of a character as the formatter does', () => {
  const edges = widthEdges().flatMap((edge) => [edge - 1, edge]);
  const codes = [...new Set([...edges, 0x7f, 0xa0, 0x200d, 0x1f600])].filter((one) => one > 0x7e);
  const lines = codes.map((one) => {
    const char = String.fromCodePoint(one);
    // Ten of it, and as many letters as leave exactly their room.
    return [0, 1].map((more) => `x = ["${'a'.repeat(87 - 10 * textWidth(char) + more)}", "${char.repeat(10)}"];\n`);
  });
  const result = formatted(lines.flat().join(''));
  for (const [fitting = '', long = ''] of lines) {
    expect(result.includes(fitting), fitting).toBe(true);
    expect(result.includes(long), long).toBe(false);
  }
});
