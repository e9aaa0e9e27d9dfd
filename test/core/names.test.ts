import { builtinModules } from 'node:module';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../bin/command-line/table.ts';
import {
  CORE_MODULES,
  MAX_NAME_LENGTH,
  nameForms,
  parseNewName,
  parseServiceName,
  suggestName,
} from '../../engine/core/names.ts';
import { parseCreateAnswers } from '../../generators/create/questions.ts';

/** A DNS label as RFC 1123 has it, and starting with a letter. */
const LABEL = /^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;

const label = fc
  .stringMatching(/^[a-z][a-z0-9-]{0,60}[a-z0-9]$/)
  .filter((text) => !CORE_MODULES.has(text) && !/^(com|lpt)\d$|^localhost$/.test(text));

describe('names', () => {
  it('refuses every module of the Node that runs this', () => {
    const modules = builtinModules.map((name) => name.replace(/^node:/, '')).filter((name) => !/^_|\//.test(name));
    expect(modules).toContain('fs');
    expect(modules.filter((name) => !CORE_MODULES.has(name))).toEqual([]);
    for (const name of CORE_MODULES) expect(() => parseServiceName(name), name).toThrow(RangeError);
  });

  it('refuses the name of every command, by its name or its prefix', () => {
    expect(COMMANDS.length).toBeGreaterThan(10);
    for (const { name } of COMMANDS) {
      expect(() => parseNewName(name), name).toThrow('is a reserved name');
      expect(() => parseNewName(`@acme/${name}`), name).toThrow('is a reserved name');
      expect(suggestName(name), name).toBeUndefined();
      // A service may have had the name before the command came.
      expect(parseServiceName(name)).toEqual({ name });
    }
  });

  it('accepts every DNS label, with a scope and without', () => {
    fc.assert(
      fc.property(label, (name) => {
        expect(parseServiceName(name)).toEqual({ name });
        expect(parseServiceName(`@acme/${name}`)).toEqual({ name, scope: 'acme' });
        // The pattern that `describe` prints allows it too.
        expect(parseCreateAnswers({ name: `@acme/${name}` }).name).toBe(`@acme/${name}`);
      }),
      { numRuns: 300 },
    );
  });

  it('accepts nothing but DNS labels', () => {
    const input = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom(...'aZ09-_./\\@: é\u202e\u200b') }),
    );
    fc.assert(
      fc.property(input, (text) => {
        let parsed: string | undefined;
        try {
          parsed = parseServiceName(text).name;
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
          expect((error as Error).message).toMatch(/^[^\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]*$/u);
          return;
        }
        expect(parsed).toMatch(LABEL);
      }),
      { numRuns: 500 },
    );
  });

  it('allows 63 characters, and not 64', () => {
    expect(parseServiceName('a'.repeat(MAX_NAME_LENGTH)).name).toHaveLength(63);
    expect(() => parseServiceName('a'.repeat(64))).toThrow('has 64 characters, and a DNS label has at most 63');
    expect(() => parseServiceName(`@${'s'.repeat(200)}/${'a'.repeat(30)}`)).toThrow("longer than npm's 214");
  });

  it.each([
    ['', 'the name is empty'],
    ['@acme/', 'the name is empty'],
    ['a-', 'must not end with "-"'],
    ['-a', 'must start with a letter'],
    ['1a', 'must start with a letter'],
    ['a_b', 'may contain only'],
    ['a.b', 'may contain only'],
    ['..', 'is a path, not a name'],
    ['a/b', 'is a path, not a name'],
    ['c:a', 'is a path, not a name'],
    ['com1', 'is a device name on Windows'],
    ['node_modules', 'is a reserved name'],
    ['audit', 'is a reserved name'],
    ['add-on', 'is a reserved name'],
    ['sqlite', 'is a module of Node itself'],
    ['@Acme/a', 'has a scope that npm does not accept'],
    ['@/a', 'has a scope that npm does not accept'],
    ['@\u00e9/a', 'has a scope with U+00E9'],
    ['\u043erders', 'contains U+043E'],
  ])('refuses %j: %s', (input, reason) => {
    expect(() => parseNewName(input)).toThrow(reason);
  });

  it.each([
    ['Order Items', 'order-items'],
    ['orderItems', 'order-items'],
    ['1orders', 'orders'],
    ['_orders_', 'orders'],
    ['Bücher', 'bucher'],
    ['a/b/orders', 'orders'],
    [`${'a'.repeat(62)}--b`, 'a'.repeat(62)],
  ])('suggests, for %j, %j', (input, suggestion) => {
    expect(suggestName(input)).toBe(suggestion);
    expect(() => parseServiceName(input)).toThrow(`; try "${suggestion}"`);
  });

  it.each(['con', 'localhost', 'fs', '123', '', '漢字'])('suggests nothing for %j', (input) => {
    expect(suggestName(input)).toBeUndefined();
  });

  it('suggests nothing but valid names', () => {
    const input = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 90 }),
      fc.string({ unit: fc.constantFrom(...'aAzZ09-_. /é'), maxLength: 90 }),
      fc.constantFrom(...CORE_MODULES).map((name) => `${name.toUpperCase()}_`),
    );
    fc.assert(
      fc.property(input, (text) => {
        const suggestion = suggestName(text);
        if (suggestion !== undefined) expect(parseServiceName(suggestion).name).toBe(suggestion);
      }),
      { numRuns: 500 },
    );
  });

  it('gives the forms of a name for code', () => {
    expect(nameForms('order-items-2')).toEqual({
      snakeName: 'order_items_2',
      constName: 'ORDER_ITEMS_2',
      camelName: 'orderItems2',
      pascalName: 'OrderItems2',
    });
    fc.assert(
      fc.property(label, (name) => {
        for (const form of Object.values(nameForms(name))) expect(form).toMatch(/^[A-Za-z][A-Za-z0-9_]*$/);
      }),
    );
  });
});
