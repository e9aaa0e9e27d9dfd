import { describe, expect, it } from 'vitest';
import { displayPath, placeText } from '../../engine/core/display-path.ts';
import { characterText } from '../../engine/core/errors.ts';
import { parseAnswer } from '../../engine/core/question.ts';
import { CREATE_QUESTIONS } from '../../generators/create/questions.ts';
import { serviceLabel } from '../../report/audit/wording.ts';

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

  it('a service that is the folder of the run has its own name', () => {
    expect(serviceLabel({ folder: '.', name: 'orders' })).toBe('orders');
    expect(serviceLabel({ folder: '../stock', name: 'orders' })).toBe('../stock');
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
