// @module-tag sampled
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CORE_MODULES, MAX_NAME_LENGTH } from '../../engine/core/names.ts';
import { filesIn, snapshot, temporaryFolder } from '../support/folder.ts';
import { FILES_ONLY, inParallelRuns, run } from '../support/program.ts';

/**
 * docs/faults.md, "Names and input": one test a row, against the built program.
 * Descriptions are in texts.test.ts, flags that npm takes for itself in npm-flags.test.ts.
 */

/** Runs with a name that must be refused, and checks that the folder has not changed. */
async function refuse(name: string): Promise<string> {
  const cwd = temporaryFolder();
  const before = snapshot(cwd);
  const result = await run(['--yes', ...FILES_ONLY, '--', name], { cwd });
  expect(result.code, `${name}: ${result.stderr}`).toBe(2);
  expect(result.stderr, name).toMatch(/^error: --name .+\nhelp: .+\n$/);
  expect(result.stdout).toBe('');
  expect(snapshot(cwd)).toEqual(before);
  return result.stderr;
}

/** The same with a file of answers, because an argument cannot contain every character. */
async function refuseInFile(name: string): Promise<string> {
  const cwd = temporaryFolder();
  const result = await run(['--answers', '-', '--yes', ...FILES_ONLY], { cwd, input: JSON.stringify({ name }) });
  expect(result.code, `${JSON.stringify(name)}: ${result.stderr}`).toBe(2);
  expect(Object.keys(snapshot(cwd))).toEqual(['.']);
  // Whatever the name contains, the terminal gets two plain lines.
  expect(result.stderr).toMatch(/^error: [\P{C}]+\nhelp: [\P{C}]+\n$/u);
  return result.stderr;
}

/** Runs with a valid name, and returns the files that were made. */
async function accept(name: string, ...options: string[]): Promise<string> {
  const cwd = temporaryFolder();
  const result = await run([name, '--yes', ...FILES_ONLY, ...options], { cwd });
  expect(result.code, result.stderr).toBe(0);
  return join(cwd, name.replace(/^@[^/]*\//, ''));
}

describe('Names and input', () => {
  it('`..`, `../../etc`, an absolute path, `a\\b`, `C:x` as the name: 2, a path is chosen by --dir alone', async () => {
    for (const name of ['..', '../../etc', '/etc/passwd', 'a/b', 'a\\b', 'C:x', './orders', '@acme/../x'])
      expect(await refuse(name)).toContain('--dir');
    const cwd = temporaryFolder({ 'inside/': '', 'outside/': '' });
    const elsewhere = await run(['orders', '--dir', '../outside/o', '--yes', ...FILES_ONLY], {
      cwd: join(cwd, 'inside'),
    });
    expect([elsewhere.code, filesIn(join(cwd, 'inside'))]).toEqual([0, []]);
    expect(filesIn(join(cwd, 'outside'))).toContain('o/package.json');
  });

  it('`con`, `nul`, `aux.ts`, `com1`, `node_modules`, `@acme/node_modules`, core module names: 2', async () => {
    const names = [
      'con',
      'nul',
      'aux.ts',
      'com1',
      'LPT9',
      'node_modules',
      '@acme/node_modules',
      'fs',
      'test',
      '@acme/http',
      'sqlite',
    ];
    await inParallelRuns(names, refuse);
  });

  it('the fixed list of core modules contains every module of the running Node', async () => {
    const { builtinModules } = await import('node:module');
    const bare = builtinModules.map((name) => name.replace(/^node:/, '')).filter((name) => !/^_|\//.test(name));
    expect(bare.filter((name) => !CORE_MODULES.has(name))).toEqual([]);
  });

  it('over 63 characters (a DNS label): 2, the limit in the message', async () => {
    expect(await refuse('a'.repeat(64))).toContain('at most 63');
    expect(MAX_NAME_LENGTH).toBe(63);
    const longest = await accept('a'.repeat(63));
    expect(JSON.parse(readFileSync(join(longest, 'package.json'), 'utf8')).name).toBe('a'.repeat(63));
  });

  it('homoglyphs, U+202E, zero-width, decomposed Unicode: 2, the code point printed escaped', async () => {
    const cases = {
      оrders: 'U+043E',
      'ord\u202eers': 'U+202E',
      'ord\u200bers': 'U+200B',
      'caf\u00e9': 'U+00E9',
      'cafe\u0301': 'U+0301',
      'ord\ufefers': 'U+FEFE',
      ﬁle: 'U+FB01',
      'orders💥': 'U+1F4A5',
    };
    for (const [name, point] of Object.entries(cases)) {
      const message = await refuse(name);
      expect(message).toContain(point);
      expect(message).not.toMatch(/[\u202e\u200b]/);
    }
  });

  it('upper case, space, leading digit, `.`, `_` or `-`: 2, with a suggested name', async () => {
    const cases = {
      Orders: 'orders',
      OrderItems: 'order-items',
      'my orders': 'my-orders',
      '3orders': 'orders',
      '.orders': 'orders',
      _orders: 'orders',
      '-orders': 'orders',
      'orders-': 'orders',
      order_items: 'order-items',
    };
    for (const [name, suggestion] of Object.entries(cases))
      expect(await refuse(name)).toContain(`; try "${suggestion}"`);
  });

  it('`@scope/name`: fine, scope in package.json, bare name in image and compose', async () => {
    const folder = await accept('@acme/orders', '--registry', 'ghcr.io/acme');
    expect(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).name).toBe('@acme/orders');
    const compose = readFileSync(join(folder, 'docker-compose.orders.yaml'), 'utf8');
    expect(compose).not.toContain('@acme');
    expect(compose).toContain('ghcr.io/acme/orders');
    expect(filesIn(folder).filter((path) => path.includes('@'))).toEqual([]);
  });

  it('`{{x}}`, `$(...)`, backticks, quotes, newline, NUL, ANSI in a name: 2; no shell anywhere', async () => {
    const names = [
      '{{x}}',
      '{{name}}',
      '$(touch pwned)',
      '`touch pwned`',
      '"orders"',
      "'orders'",
      'a;touch pwned',
      'a|b',
      'a&b',
      'a\nb',
      'a\0b',
      '\u001b[31mred',
      'a\rb',
      '%PATH%',
      '~',
    ];
    await inParallelRuns(names, refuseInFile);
  });

  it('unknown flag: 2, with the nearest known one', async () => {
    const cwd = temporaryFolder();
    const cases = {
      '--databse=none': '--database',
      '--overwrit': '--overwrite',
      '--noinstall': '--no-install',
      '--formt': '--format',
      '--dryrun': '--dry-run',
    };
    for (const [flag, nearest] of Object.entries(cases)) {
      const result = await run(['orders', flag], { cwd });
      expect([result.code, result.stdout]).toEqual([2, '']);
      expect(result.stderr).toContain(`${flag.split('=')[0]} is not an option; did you mean ${nearest}?`);
    }
    for (const flag of ['--__proto__', '--constructor', '--force', '-x', '--zzzzzzzzzzzz']) {
      const result = await run(['orders', flag], { cwd });
      expect([result.code, result.stderr]).toEqual([2, expect.stringContaining('is not an option')]);
    }
    expect(Object.keys(snapshot(cwd))).toEqual(['.']);
  });
});
