import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../bin/command-line/table.ts';
import { characterText } from '../../engine/core/errors.ts';
import { parseAnswer } from '../../engine/core/question.ts';
import { dirOption, displayPath, placeText } from '../../engine/core/text/display-path.ts';
import { CREATE_QUESTIONS } from '../../generators/create/questions.ts';
import { labelFromAnswers, serviceLabel } from '../../report/parts/service-label.ts';
import { ROOT } from '../support/program.ts';

/** What a person reads: names and places, and no sign that only a program would write. */
describe('a place', () => {
  it.each([
    ['/home/jo', '/home/jo', '.', 'this folder'],
    ['/home/jo', '/home/jo/orders', 'orders', 'orders'],
    ['/home/jo/orders', '/home/jo', '/home/jo', '/home/jo'],
    ['/home/jo', '/home/jo/-x', './-x', './-x'],
  ])('in %s, %s is typed as %s and said as %s', (cwd, root, typed, said) => {
    expect([displayPath(cwd, root), placeText(cwd, root)]).toEqual([typed, said]);
  });

  it.each([
    ['/home/jo/orders', '/home/jo/orders', []],
    ['/home/jo/orders/src', '/home/jo/orders', []],
    ['/home/jo', '/home/jo/my orders', ['--dir', "'my orders'"]],
    ['/home/jo/orders-2', '/home/jo/orders', ['--dir', '/home/jo/orders']],
    ['/home/jo/orders', '/home/jo/orders/..stock', ['--dir', '/home/jo/orders/..stock']],
  ])('in %s, a command about the service in %s has %j', (cwd, service, option) => {
    expect(dirOption(cwd, service)).toEqual(option);
  });

  it('a service that is the folder of the run or above it has its own name', () => {
    expect(serviceLabel({ folder: '.', name: 'orders' })).toBe('orders');
    expect(serviceLabel({ folder: '..', name: 'orders' })).toBe('orders');
    expect(serviceLabel({ folder: '../..', name: undefined })).toBe('../..');
    expect(serviceLabel({ folder: '../stock', name: 'orders' })).toBe('../stock');
    expect(labelFromAnswers({ service: '.', answers: { name: '@acme/orders' } })).toBe('orders');
    expect(labelFromAnswers({ service: '.', answers: {} })).toBe('this folder');
  });
});

describe('a character that is nothing on a screen', () => {
  it.each([
    ['\t', 'a tab (U+0009)'],
    ['\n', 'a line break (U+000A)'],
    ['\u2066', 'the invisible character (U+2066)'],
  ])('%j is called what a person calls it', (char, text) => {
    expect(characterText(char)).toBe(text);
    const description = CREATE_QUESTIONS.find(({ name }) => name === 'description');
    if (!description) throw new Error('there is no such question');
    expect(() => parseAnswer(description, `a${char}b`)).toThrow(`but has ${text}`);
  });
});

describe('a text of characters that nobody sees', () => {
  it.each(['\u200b', ' \u2060\ufe0f ', '\u00ad', '\u3164'])('%j is refused', (text) => {
    const description = CREATE_QUESTIONS.find(({ name }) => name === 'description');
    if (!description) throw new Error('there is no such question');
    expect(() => parseAnswer(description, text)).toThrow('has only characters that nobody sees');
    expect(parseAnswer(description, `a${text}b`)).toBe(`a${text}b`);
  });
});

describe('a command of this program in a message', () => {
  const verbs = COMMANDS.map(({ name }) => name).join('|');
  const program = new RegExp(`(?<!npx )create-twelve-service (?:${verbs})\\b`);
  const short = /\bnpx twelve\b|[`'" ]twelve (?:add|audit|upgrade|undo|create|verify)\b/;

  /** Lines that a person reads: code without comments, and templates. */
  function messages(): { file: string; text: string }[] {
    return ['bin', 'engine', 'generators', 'maintenance', 'report', 'stacks', 'templates'].flatMap((room) =>
      readdirSync(join(ROOT, room), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && /\.(ts|md|hbs|json|yml|yaml)$/.test(entry.name))
        .flatMap((entry) => {
          const file = relative(ROOT, join(entry.parentPath, entry.name));
          const lines = readFileSync(join(ROOT, file), 'utf8').split('\n');
          const code = lines.filter((line) => !/^\s*(\*|\/\/|\/\*)/.test(line));
          return code.map((text) => ({ file, text: text.trim() }));
        }),
    );
  }

  /** What is no message: names in reports for machines, and what runs where the package is installed. */
  const MEANT = [
    /sarifLog\(\{ name:/,
    /^"(check|test)": "create-twelve-service /,
    // A shell asks it each time: it wants the installed one.
    /source <\(create-twelve-service completion bash\)/,
    // The document of the command line says it of the one that is installed.
    /`twelve COMMAND` is the/,
    /`npx twelve` is not/,
    // `npx`, or what another package manager has for it.
    /\{\{runOnce\}\} create-twelve-service (verify|upgrade)/,
  ];

  it('is one that works without an installation', () => {
    const found = messages().filter(({ text }) => program.test(text) || short.test(text));
    const unexplained = found.filter(({ text }) => !MEANT.some((meant) => meant.test(text)));
    expect(unexplained.map(({ file, text }) => `${file}: ${text}`)).toEqual([]);
    expect(MEANT.filter((meant) => !messages().some(({ text }) => meant.test(text)))).toEqual([]);
  });
});
