import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../engine/core/errors.ts';
import { formatSourceSpec, parseSourceSpec } from '../../engine/core/preset/source-spec.ts';

function refusal(text: string): UserError | undefined {
  try {
    parseSourceSpec(text);
    return undefined;
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
    return error as UserError;
  }
}

describe('a source', () => {
  it.each([
    ['./preset', { kind: 'folder', path: './preset' }],
    ['../preset/', { kind: 'folder', path: '../preset' }],
    ['.', { kind: 'folder', path: '.' }],
    ['/srv/my preset', { kind: 'folder', path: '/srv/my preset' }],
    ['/', { kind: 'folder', path: '/' }],
    ['C:\\preset', { kind: 'folder', path: 'C:\\preset' }],
    ['npm:preset', { kind: 'npm', name: 'preset', range: '' }],
    ['npm:@acme/service-preset@^2', { kind: 'npm', name: '@acme/service-preset', range: '^2' }],
    ['npm:preset@>=1.2.0   <2||3.x', { kind: 'npm', name: 'preset', range: '>=1.2.0 <2 || 3.x' }],
    ['npm:preset@1.0.0 - 2', { kind: 'npm', name: 'preset', range: '1.0.0 - 2' }],
    ['npm:preset@1.0.0-rc.1+b', { kind: 'npm', name: 'preset', range: '1.0.0-rc.1+b' }],
    ['npm:preset@*', { kind: 'npm', name: 'preset', range: '*' }],
    ['npm:preset@next', { kind: 'npm', name: 'preset', range: 'next' }],
    ['git+https://Host.example/a/x.git#v2.1.0', { kind: 'git', url: 'https://host.example/a/x.git', ref: 'v2.1.0' }],
    ['git+https://h.example:8443/x', { kind: 'git', url: 'https://h.example:8443/x', ref: '' }],
    ['git+https://h.example/My%20Team/_git/x', { kind: 'git', url: 'https://h.example/My%20Team/_git/x', ref: '' }],
    ['git+ssh://git@h.example/~me/x.git#v2', { kind: 'git', url: 'ssh://git@h.example/~me/x.git', ref: 'v2' }],
    ['git+http://127.0.0.1:81/x', { kind: 'git', url: 'http://127.0.0.1:81/x', ref: '' }],
    ['git+http://[::1]:81/x', { kind: 'git', url: 'http://[::1]:81/x', ref: '' }],
    ['github:acme/preset#v2', { kind: 'git', url: 'https://github.com/acme/preset.git', ref: 'v2' }],
    ['github:acme/preset.git', { kind: 'git', url: 'https://github.com/acme/preset.git', ref: '' }],
    ['gitlab:g/sub/x#refs/tags/v1', { kind: 'git', url: 'https://gitlab.com/g/sub/x.git', ref: 'refs/tags/v1' }],
  ])('may be %s', (text, spec) => {
    expect(parseSourceSpec(text)).toEqual(spec);
    expect(parseSourceSpec(formatSourceSpec(parseSourceSpec(text)))).toEqual(spec);
  });

  it.each(['', 'preset', '~/preset', '--upload-pack=x', 'ext::sh -c x', 'npm', 'npm:', 'github:', 'HTTPS://h/x'])(
    'may not be "%s"',
    (text) => expect(refusal(text)).toMatchObject({ code: 'INPUT_INVALID', exit: 2 }),
  );

  it.each([
    ...['-x', '-x@1', '@-a/x', '@a/-x', '..', '../x', '@a/..', '@../x', '.x', '_x', 'a/b', '@a/b/c', 'A', 'a b', 'é'],
    ...['x.tgz', 'node_modules', `${'x'.repeat(215)}`, '@a', '@a/', 'a%2fb'],
  ])('may not be a package of the name "%s"', (name) => {
    expect(refusal(`npm:${name}`)?.message).toContain('has a name that npm does not allow');
  });

  it.each([
    ...['-x', '--registry=x', 'file:x', 'npm:other@1', 'https://h/x.tgz', 'git+ssh://h/x', 'acme/x', 'github:a/b', '.'],
    ...['..', '~', './x', 'x.tgz', '1.0.0-x.tgz', '1 && x', '1;x', '$(x)', '%PATH%', '"x"', '1\\x', '1@2'],
  ])('may not be a package of the range "%s"', (range) => {
    expect(refusal(`npm:preset@${range}`)?.message).toContain('has no valid version range or tag');
  });

  it.each([
    ...[
      '-x',
      '--x',
      'a b',
      'a..b',
      'a@{1}',
      '+a',
      'a:b',
      'a^',
      'a~1',
      'a*',
      'a?',
      'a[',
      'a\\b',
      '/a',
      'a/',
      'a//b',
      'a.',
      'a/-b',
    ],
    ...['a/.b', 'a.lock', 'é', '@', 'semver:^1', 'a#b', 'x'.repeat(201)],
  ])('may not be a repository at "%s"', (ref) => {
    expect(refusal(`git+https://h.example/x.git#${ref}`)?.code).toBe('INPUT_INVALID');
    expect(refusal(`github:acme/x#${ref}`)?.code).toBe('INPUT_INVALID');
  });

  it.each([
    ...[
      'https://-h/x',
      'https://h-/x',
      'ssh://-oProxyCommand=x/y',
      'ssh://-x@h/y',
      'https://h',
      'https://h/',
      'https:///x',
    ],
    ...[
      'https://h/-x',
      'https://h/a//b',
      'https://h/../x',
      'https://h/./x',
      'https://h/x/..',
      'https://h/x?y',
      'https://h/x/',
    ],
    ...[
      'https://h/%2e%2e/x',
      'https://h/a%2fb',
      'https://h/%0a',
      'https://h/%7f',
      'https://h/a%',
      'https://h:x/y',
      'https://é/x',
    ],
    ...[
      'ext::x',
      'file:///x',
      'git://h/x',
      'http://h.example/x',
      'http://127.0.0.1.example/x',
      'http://10.0.0.1/x',
      'ftp://h/x',
    ],
    ...['https://h/a b', "https://h/'x'", 'https://h/$(x)', 'https://h/`x`', 'ssh://a b@h/x'],
  ])('may not be git+%s', (url) => {
    expect(refusal(`git+${url}`)).toMatchObject({ code: 'INPUT_INVALID', exit: 2 });
  });

  it.each([
    ['http://h.example/x.git', 'plain http'],
    ['git+http://h.example/x.git', 'plain http'],
    ['git://h.example/x.git', 'git://'],
    ['file:///x', 'write it as a folder'],
    ['https://h.example/x.git', 'start with git+'],
    ['git@h.example:x.git', 'git+ssh://'],
    ['github:acme/x#a..b', 'after the #'],
  ])('that is %s is refused with what to write instead', (text, reason) => {
    expect(refusal(text)?.message).toContain(reason);
    expect(refusal(text)?.remedy).toContain('git+https://');
  });

  it.each([
    'git+https://user:s3cret@h.example/x.git',
    'git+https://s3cret@h.example/x.git',
    'https://user:s3cret@h.example/x.git',
    'git+ssh://git:s3cret@h.example/x.git',
    'git+https://user:s3c/s3cret@h.example/x.git',
    'git+http://user:s3cret@127.0.0.1/x.git',
    'git+https://h.example/x.git#ghp_s3cret01234567 ',
  ])('has no credentials: %s is refused, and they are not shown', (text) => {
    const error = refusal(text);
    expect(error?.code).toBe('INPUT_INVALID');
    expect(error?.message).not.toContain('s3cret');
    if (!text.includes('#')) expect(error?.message).toContain('***@');
  });

  it.each(['./a\u202eb', './a\0', './a\nb', '/a\u200b', 'npm:x\u001b[2J', `./${'x'.repeat(400)}`])(
    'has no characters that a terminal acts on: %j',
    (text) => expect(refusal(text)?.message).not.toMatch(/[\p{Cc}\p{Cf}]/u),
  );

  it('is the same after it is written and read, and no part of it is an option', () => {
    const word = fc.constantFrom(
      ...[
        'npm:',
        'git+https://',
        'git+ssh://',
        'github:',
        './',
        '/',
        '@',
        '#',
        '-',
        '--x',
        '..',
        '.',
        ':',
        ' ',
        '^1',
        '%2e',
      ],
      ...[
        'a',
        'acme',
        'h.example',
        'git@',
        'v1',
        '||',
        '>=',
        'x.git',
        '%20',
        '\\',
        '\u202e',
        '.tgz',
        '.lock',
        '{',
        '1.0.0',
      ],
    );
    const text = fc.oneof(
      fc.array(word, { maxLength: 8 }).map((words) => words.join('')),
      fc
        .tuple(
          fc.constantFrom('npm:a@', 'npm:', 'git+https://h/', 'git+https://h/x#', 'git+ssh://', 'github:a/'),
          fc.string(),
        )
        .map((parts) => parts.join('')),
    );
    let read = 0;
    fc.assert(
      fc.property(text, (one) => {
        if (refusal(one)) return;
        read += 1;
        const spec = parseSourceSpec(one);
        const written = formatSourceSpec(spec);
        expect(parseSourceSpec(written)).toEqual(spec);
        expect(formatSourceSpec(parseSourceSpec(written))).toBe(written);
        const toTools = spec.kind === 'git' ? [spec.url, spec.ref] : spec.kind === 'npm' ? [spec.name, spec.range] : [];
        for (const part of toTools) expect(part).not.toMatch(/^-|\/-|:\/\/-|[\p{Cc}\p{Cf}'"`$;&\\]/u);
      }),
      { numRuns: 3000 },
    );
    expect(read).toBeGreaterThan(100);
  });
});
