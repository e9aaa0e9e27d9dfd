import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EXIT_BY_CODE } from '../../engine/core/errors.ts';
import { createVariables } from '../../generators/create/questions.ts';
import { ROOT } from '../support/program.ts';

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

/** Files that are in git or that `git add` would add. */
const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
  cwd: ROOT,
  encoding: 'utf8',
});
const files = listed.split('\0').filter((path) => path !== '' && existsSync(join(ROOT, path)));
const documents = files.filter((path) => path.endsWith('.md') && !/^(templates|test)\//.test(path));

/** Markdown without what is shown as code. */
const prose = (markdown: string): string =>
  markdown.replace(/^```[\s\S]*?^```/gm, '').replace(/(`+)[^`]+?\1/g, (code) => code.replace(/[[\]]/g, ''));

/** The anchors that code hosts make of headings. */
function anchors(markdown: string): string[] {
  const headings = prose(markdown).matchAll(/^#+ (.+)$/gm);
  return [...headings].map(([, text = '']) =>
    text
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/** Broken links to files of this repository. */
function brokenLinks(document: string, markdown: string): string[] {
  const targets = [...prose(markdown).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
  return targets.filter((target) => {
    if (/^[a-z]+:/.test(target)) return false;
    const [path = '', anchor] = target.split('#');
    const file = path === '' ? document : posix.join(posix.dirname(document), path);
    if (!files.includes(file)) return true;
    return anchor !== undefined && !anchors(file === document ? markdown : read(file)).includes(anchor);
  });
}

/** Paths of this repository that a document names. Words in capitals stand for a name, as in `bin/run/NAME.ts`. */
function namedPaths(markdown: string): string[] {
  const roots = [...new Set(files.map((path) => path.split('/')[0]))].filter((root) => root && !root.includes('.md'));
  const code = [...markdown.matchAll(/`([^`\n]+)`|^npx (.+)$/gm)].map(([, text, command]) => text ?? command ?? '');
  const paths = code.flatMap((text) => text.split(/[ :]/));
  return paths.filter(
    (path) => /^[\w./+-]+$/.test(path) && roots.includes(path.split('/')[0]) && path.includes('/') && !isPattern(path),
  );
}

const isPattern = (path: string): boolean => /\b[A-Z]{2,}\b/.test(path.replace(/[IVX]+-\d.*/, ''));

const exists = (path: string): boolean =>
  files.includes(path) || files.some((file) => file.startsWith(path.replace(/\/?$/, '/')));

describe('the documents', () => {
  it.each(documents)('%s links to files and headings that exist', (document) => {
    expect(brokenLinks(document, read(document))).toEqual([]);
  });

  it('of docs are linked where a reader looks: in the README, or in a document that it links', () => {
    const linked = (document: string) =>
      [...prose(read(document)).matchAll(/\]\(([^)\s#]+)/g)].map(([, target = '']) =>
        posix.join(posix.dirname(document), target),
      );
    const first = linked('README.md');
    const second = first.filter((path) => documents.includes(path)).flatMap(linked);
    const found = [...first, ...second];
    expect(documents.filter((path) => path.startsWith('docs/') && !found.includes(path))).toEqual([]);
  });

  it('with a broken link are found', () => {
    const text = '# A title\n[a](#a-title) [b](#b) [c](CHANGELOG.md) [d](none.md) [e](CHANGELOG.md#none) `[f](f.md)`';
    expect(brokenLinks('README.md', text)).toEqual(['#b', 'none.md', 'CHANGELOG.md#none']);
  });

  it.each(['CONTRIBUTING.md', 'docs/architecture.md', 'bench/README.md'])('%s names paths that exist', (document) => {
    const paths = namedPaths(read(document));
    expect(paths.length).toBeGreaterThan(0);
    expect(paths.filter((path) => !exists(path))).toEqual([]);
  });

  it('CONTRIBUTING.md names npm scripts that exist', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const named = [...read('CONTRIBUTING.md').matchAll(/npm (?:run )?([a-z]+(?::[a-z0-9]+)*)/g)].map(
      ([, script]) => script,
    );
    const known = [...Object.keys(scripts), 'ci', 'create', 'run'];
    expect(named.filter((script) => !known.includes(script ?? ''))).toEqual([]);
  });

  it('README.md has the two commands, and at most 150 lines', () => {
    const readme = read('README.md');
    expect(readme).toContain('npm ci && npm start -- ../orders ');
    expect(readme).toContain('npm ci && npm test ');
    expect(readme.split('\n').length).toBeLessThanOrEqual(150);
  });

  it('docs/exit-codes.md has every code, with its exit code', () => {
    let exit = '';
    const found: Record<string, number> = {};
    for (const line of read('docs/exit-codes.md')
      .split('\n')
      .filter((text) => text.startsWith('|'))) {
      const [, number = '', , codes = ''] = line.split('|');
      exit = number.trim() || exit;
      for (const [, code = ''] of codes.matchAll(/`([A-Z_]+)`/g)) found[code] = Number(exit);
    }
    expect(found).toEqual(EXIT_BY_CODE);
  });

  it('docs/writing-a-template.md lists every variable', () => {
    const [, section = ''] = /^## Variables\n([\s\S]*?)^## /m.exec(read('docs/writing-a-template.md')) ?? [];
    const listedNames = [...section.matchAll(/`(\w+)`/g)].map(([, name]) => name);
    expect(listedNames.sort()).toEqual([...createVariables().keys()].sort());
  });
});
