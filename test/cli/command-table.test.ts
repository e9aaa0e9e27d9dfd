import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Command, GROUPS } from '../../bin/command-line/command.ts';
import { commandLineDocument } from '../../bin/command-line/document.ts';
import { commandHelp, helpText } from '../../bin/command-line/help.ts';
import { parse, readCommandLine } from '../../bin/command-line/parse.ts';
import { COMMANDS } from '../../bin/command-line/table.ts';
import { createCommand } from '../../engine/core/client.ts';
import { quote } from '../../engine/core/text/shell-word.ts';
import { ROOT } from '../support/program.ts';

/** A command line as a person types it -> words; quotes keep words together. */
function words(text: string): string[] {
  return [...text.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(([, one, two, plain]) => one ?? two ?? plain ?? '');
}

const understand = (argv: readonly string[]) => {
  const line = readCommandLine(argv);
  return { line, invocation: parse(line, { env: {}, warn: () => undefined }) };
};

describe('the table of commands', () => {
  it.each(COMMANDS.map((command) => [command.name, command] as const))(
    '%s: its two examples are understood, and are of it',
    async (_name, command) => {
      expect(new Set(command.examples).size).toBe(2);
      for (const example of command.examples) {
        // A preset of an example is nobody's: what it names is not loaded.
        const { line, invocation } = understand(words(example));
        expect(line).toMatchObject({ command: { name: command.name }, isNamed: true });
        expect(await invocation).toMatchObject({ format: expect.any(String) });
        expect(words(words(example).map(quote).join(' '))).toEqual(words(example));
      }
    },
  );

  it('an example that is wrong would be noticed', async () => {
    await expect(understand(words('upgrade --tto 2.0.0')).invocation).rejects.toMatchObject({ code: 'FLAG_UNKNOWN' });
  });

  it('has a summary of one line, a group, and a first format for each, and each name once', () => {
    for (const { name, summary, group, formats } of COMMANDS) {
      expect(summary, name).toMatch(/^[A-Z][^\n]*[^.\n]$/);
      expect(Object.keys(GROUPS)).toContain(group);
      expect(formats[0]).toBe('text');
    }
    expect(new Set(COMMANDS.map(({ name }) => name)).size).toBe(COMMANDS.length);
  });
});

describe('help texts', () => {
  const tooWide = (text: string) => text.split('\n').filter((line) => line.length > 80);

  it('--help has every command in its group, within 80 columns', () => {
    const text = helpText(COMMANDS, createCommand({}));
    expect(tooWide(text)).toEqual([]);
    const groups = text.split('\n\n');
    for (const { name, group } of COMMANDS) {
      const own = groups.find((part) => part.startsWith(`${GROUPS[group]}:`));
      expect(own, name).toMatch(new RegExp(`^  ${name}( |$)`, 'm'));
    }
  });

  it.each(COMMANDS.map((command) => [command.name, command] as const))(
    '%s --help has every option and two examples, within 80 columns',
    (_name, command: Command) => {
      const text = commandHelp(command);
      expect(tooWide(text)).toEqual([]);
      for (const flag of [...Object.keys(command.options), 'format', 'debug', 'help', 'version'])
        expect(text).toMatch(new RegExp(`--${flag}\\b`));
      const [, examples = ''] = text.split('Examples:\n');
      expect(examples.replaceAll(' \\\n    ', ' ').split('\n')).toEqual(
        command.examples.map((example) => `  npx create-twelve-service ${example}`),
      );
    },
  );

  it('a text that is too wide would be noticed', () => {
    const [create] = COMMANDS;
    if (!create) throw new Error('there are no commands');
    const wide: [string, string] = [`create ${'x'.repeat(90)}`, 'create orders'];
    expect(tooWide(commandHelp({ ...create, examples: wide }))).toHaveLength(1);
  });
});

describe('docs/command-line.md', () => {
  it('is what the table says', () => {
    expect(readFileSync(join(ROOT, 'docs/command-line.md'), 'utf8')).toBe(commandLineDocument(COMMANDS));
  });

  it('would be another for another table', () => {
    const [create, ...others] = COMMANDS;
    if (!create) throw new Error('there are no commands');
    const other = { ...create, summary: 'Something else' };
    expect(commandLineDocument([other, ...others])).not.toBe(commandLineDocument(COMMANDS));
  });
});
