import { describe, expect, it } from 'vitest';
import { answerText, chooseColumns } from '../../engine/core/audit/answer-columns.ts';
import { linkOfRemote, originOf, parseLink } from '../../engine/core/audit/repository-link.ts';

describe('the columns of an audit', () => {
  const all = [
    { name: 'a', team: 'one', tier: 'gold', region: 'eu', about: 'A' },
    { name: 'b', team: 'two', tier: 'gold', region: 'eu', about: 'B' },
    { name: 'c', team: 'one', region: 'eu', about: 'C' },
  ];
  const asked = ['team', 'tier', 'region', 'about', 'team'];

  it('are the questions of presets whose answers differ, and not everywhere', () => {
    expect(chooseColumns(all, asked)).toEqual(['team', 'tier']);
    expect(chooseColumns(all.slice(0, 2), asked)).toEqual(['team', 'about']);
    expect(chooseColumns(all.slice(0, 1), asked)).toEqual([]);
    expect(chooseColumns([], asked)).toEqual([]);
  });

  it('are at most four, and those that were named otherwise', () => {
    const wide = [0, 1, 2].map((at) => ({ a: at & 1, b: at & 1, c: at & 1, d: at & 1, e: at & 1, f: 1 }));
    expect(chooseColumns(wide, ['e', 'd', 'c', 'b', 'a', 'f'])).toEqual(['e', 'd', 'c', 'b']);
    expect(chooseColumns(wide, [], ['f', 'a', 'f'])).toEqual(['f', 'a']);
  });

  it('are refused if no service has the answer, with the answers that there are', () => {
    const refusal = expect.objectContaining({
      code: 'INPUT_INVALID',
      message: '--columns: no service has the answer "tem"',
      remedy: expect.stringContaining('about, name, region, team, tier'),
    });
    expect(() => chooseColumns(all, asked, ['tem'])).toThrow(refusal);
    expect(chooseColumns([], asked, ['tem'])).toEqual(['tem']);
  });

  it('show any value of a manifest as one text', () => {
    const answers = { text: 'a', number: 8080, list: ['a', 'b'], map: {}, none: null } as never;
    const names = ['text', 'number', 'list', 'map', 'none', 'gone', 'constructor', '__proto__'];
    expect(names.map((name) => answerText(answers, name))).toEqual(['a', '8080', 'a, b', '', '', '', '', '']);
  });
});

describe('the link to a repository', () => {
  it.each([
    ['https://git.example/acme/orders.git', 'https://git.example/acme/orders'],
    ['https://me:token@git.example/acme/orders.git/', 'https://git.example/acme/orders'],
    ['http://git.example:8080/acme/orders', 'http://git.example:8080/acme/orders'],
    ['git@git.example:acme/orders.git', 'https://git.example/acme/orders'],
    ['git.example:/acme/orders.git', 'https://git.example/acme/orders'],
    ['ssh://git@git.example:2222/acme/orders.git', 'https://git.example/acme/orders'],
    ['git+ssh://git@git.example/acme/orders', 'https://git.example/acme/orders'],
    ['https://git.example/"><script>', 'https://git.example/%22%3E%3Cscript%3E'],
  ])('%s is %s', (remote, link) => {
    expect(linkOfRemote(remote)).toBe(link);
  });

  it.each([
    'javascript:alert(1)',
    'JavaScript://git.example/%0aalert(1)',
    'data:text/html,x',
    'file:///srv/orders.git',
    '/srv/orders.git',
    '../orders',
    'C:\\orders',
    'c:/orders',
    'ext::sh -c touch% x',
    'https://',
    'git@[::1]:orders',
    '',
  ])('%j has none', (remote) => {
    expect(linkOfRemote(remote)).toBeUndefined();
  });

  it('is that of the remote origin', () => {
    const config =
      '[core]\n\turl = x\n[remote "other"]\n\turl = a\n[remote "origin"]\n\tfetch = +refs/*\n\tURL = "git@h:o.git"\r\n[branch "main"]\n\turl = y\n';
    expect(originOf(config)).toBe('git@h:o.git');
    expect(originOf('[remote "other"]\nurl = a\n')).toBeUndefined();
    expect(originOf('')).toBeUndefined();
  });

  const orders = { folder: './services/orders', name: 'orders', answers: { team: 'a/b ?#', odd: '..' } };
  it.each([
    ['https://git.example/{service}', 'https://git.example/orders'],
    ['https://git.example/{folder}', 'https://git.example/services/orders'],
    ['https://git.example/{team}/{service}', 'https://git.example/a%2Fb%20%3F%23/orders'],
    ['https://git.example/{odd}/{service}', undefined],
    ['https://git.example/{gone}/{service}', undefined],
    ['https://me:secret@git.example/{service}', 'https://git.example/orders'],
  ])('of %s', (template, link) => {
    expect(parseLink(template)(orders)).toBe(link);
  });

  it('never leaves the host of the template', () => {
    const link = parseLink('https://{team}.git.example/{service}');
    for (const team of ['evil.example/', 'evil.example#', 'x@evil.example:', 'evil.example\\', '%2f'])
      expect(new URL(link({ ...orders, answers: { team } }) ?? 'https://a.git.example').host).toMatch(
        /\.git\.example$/,
      );
  });

  it.each([
    'javascript:{service}',
    '{service}',
    'git@git.example:{service}',
    'file:///{service}',
    '//git.example/x',
    '',
  ])('%j is refused', (template) => {
    expect(() => parseLink(template)).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
  });
});
