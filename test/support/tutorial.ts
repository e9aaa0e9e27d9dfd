/** Reads a tutorial of `docs/tutorials` as what a reader does: commands to type, files to write, lines to change. */

export type Step =
  | { readonly kind: 'command'; readonly command: string; readonly shown: string }
  | { readonly kind: 'write'; readonly path: string; readonly text: string }
  | { readonly kind: 'change'; readonly path: string; readonly text: string };

export interface Section {
  readonly title: string;
  readonly steps: readonly Step[];
}

/** The sections that have something to do. A block of code that is none of the three is an error: nobody would run it. */
export function sectionsOf(markdown: string): Section[] {
  const parts = markdown.split(/^## /m).slice(1);
  const sections = parts.map((part) => ({ title: part.slice(0, part.indexOf('\n')), steps: stepsOf(part) }));
  return sections.filter(({ steps }) => steps.length > 0);
}

function stepsOf(part: string): Step[] {
  const blocks = part.matchAll(/([^`]*(?:`[^`\n]+`[^`]*)*)^```(\w*)\n([\s\S]*?)^```$/gm);
  return [...blocks].flatMap(([, before = '', language, text = '']): Step[] => {
    if (language === 'console') return commandsOf(text);
    const [, verb, path = ''] = /\b(Write|Change)\s+`([^`]+)`:\s*$/.exec(before) ?? [];
    if (verb === undefined || (verb === 'Change') !== (language === 'diff'))
      throw new Error(`nobody is told what to do with this ${language}:\n${text}`);
    return [{ kind: verb === 'Write' ? 'write' : 'change', path, text }];
  });
}

function commandsOf(text: string): Step[] {
  if (!text.startsWith('$ ')) throw new Error(`no command gives this:\n${text}`);
  const typed = text.split(/^\$ /m).slice(1);
  return typed.map((one) => {
    const end = one.indexOf('\n');
    return { kind: 'command', command: one.slice(0, end), shown: one.slice(end + 1) };
  });
}

/** Whether this came. In what is shown `...` stands for anything in a line, and alone for any lines. */
export function isAsShown(shown: string, came: string): boolean {
  const lines = shown.replace(/\n$/, '').split('\n');
  const patterns = lines.map((line) => {
    if (line.trim() === '...') return '(?:.*\n)*';
    return `${line.split('...').map(escaped).join('.*')}\n`;
  });
  return new RegExp(`^${patterns.join('')}$`).test(`${came.trimEnd()}\n`);
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** The text of a file after a change, whose parts are between lines of `...`. Each has to be in one place of it. */
export function changed(text: string, change: string): string {
  return change.split(/^\.\.\.\n/m).reduce((before, part) => {
    const lines = part.split('\n').slice(0, -1);
    const side = (sign: string) =>
      lines.flatMap((line) => (line[0] === ' ' || line[0] === sign ? [`${line.slice(1)}\n`] : [])).join('');
    const pieces = before.split(side('-'));
    if (pieces.length !== 2) throw new Error(`in ${pieces.length - 1} places instead of one:\n${side('-')}`);
    return pieces.join(side('+'));
  }, text);
}
