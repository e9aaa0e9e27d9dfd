import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Field, HEADER_NAME, nameProblem, parseField, parseFields } from '../../engine/core/service/field.ts';

const PLAIN = { isList: false, isOptional: false, isNullable: false, isUnique: false };

const bound = (value: number, isExclusive = false) => ({ value, isExclusive });

describe('a field', () => {
  it.each<[string, Partial<Field>]>([
    ['sku:string', { type: 'string' }],
    ['sku:string!', { type: 'string', min: bound(1) }],
    ['sku:string!:unique', { type: 'string', min: bound(1), isUnique: true }],
    ['sku:string>=3!', { type: 'string', min: bound(3) }],
    ['sku:string>0<=20?', { type: 'string', min: bound(1), max: bound(20), isOptional: true }],
    ['sku:string|null', { type: 'string', isNullable: true }],
    ['sku:string|null?', { type: 'string', isNullable: true, isOptional: true }],
    ['sku:int>0<100', { type: 'int', min: bound(1), max: bound(99) }],
    ['sku:int>=-5', { type: 'int', min: bound(-5) }],
    ['sku:int<=3>1', { type: 'int', min: bound(2), max: bound(3) }],
    ['sku:number>0<0.5', { type: 'number', min: bound(0, true), max: bound(0.5, true) }],
    ['sku:decimal>=0.01', { type: 'decimal', min: bound(0.01) }],
    ['sku:enum(open, sent out,A/B)', { type: 'enum', values: ['open', 'sent out', 'A/B'] }],
    ['sku:enum(a)[]', { type: 'enum', values: ['a'], isList: true }],
    ['sku:uuid[]>0<=5', { type: 'uuid', isList: true, min: bound(1), max: bound(5) }],
    ['sku:boolean[]!', { type: 'boolean', isList: true, min: bound(1) }],
  ])('%s', (text, expected) => {
    expect(parseField(text)).toEqual({ name: 'sku', ...PLAIN, ...expected });
  });

  it('of objects in objects, and lists of them', () => {
    expect(parseField('lines:{sku:string!,at:{x:int,y:int|null?}}[]>0|null?')).toEqual({
      ...PLAIN,
      name: 'lines',
      type: 'object',
      isList: true,
      isNullable: true,
      isOptional: true,
      min: bound(1),
      fields: [
        { ...PLAIN, name: 'sku', type: 'string', min: bound(1) },
        {
          ...PLAIN,
          name: 'at',
          type: 'object',
          fields: [
            { ...PLAIN, name: 'x', type: 'int' },
            { ...PLAIN, name: 'y', type: 'int', isNullable: true, isOptional: true },
          ],
        },
      ],
    });
  });

  it.each([
    ['', /is not a field; write name:type/],
    ['sku', /is not a field/],
    [':string', /is not a field/],
    ['sku:', /no known type/],
    ['sku:String', /no known type/],
    ['sku:text', /the types are string, int/],
    ['sku:constructor', /no known type/],
    ['2x:string', /is not a valid name/],
    ['a-b:string', /is not a valid name/],
    ['a b:string', /is not a valid name/],
    ['__proto__:string', /reserved word/],
    ['hasOwnProperty:string', /reserved word/],
    [`${'x'.repeat(61)}:string`, /longer than 60/],
    ['sku:string??', /at the end is not understood/],
    ['sku:string?|null', /at the end is not understood/],
    ['sku:string extra', /at the end is not understood/],
    ['sku:string[][]', /at the end is not understood/],
    ['sku:string:shared', /unknown option "shared"/],
    ['sku:string:unique:shared', /unknown option "shared"/],
    ['sku:boolean>1', /a boolean has no bounds/],
    ['sku:uuid<=3', /a uuid has no bounds/],
    ['sku:enum(a)>1', /a enum has no bounds|an enum has no bounds/],
    ['sku:int>1>2', /two bounds on one side/],
    ['sku:int>1.5', /is not a whole number/],
    ['sku:int>=5<5', /no value is within/],
    ['sku:int>1<2', /no value is within/],
    ['sku:number>1<=1', /no value is within/],
    ['sku:string>=-1', /a length must be from 0/],
    ['sku:string<0', /a length must be from 0/],
    ['sku:string<=100001', /a length must be from 0 to 100000/],
    ['sku:int<=1000000000000000', /is too large/],
    ['sku:enum', /must list its values/],
    ['sku:enum()', /not a valid value of an enum/],
    ['sku:enum(a,)', /not a valid value of an enum/],
    ['sku:enum(a"b)', /not a valid value of an enum/],
    ['sku:enum(-a)', /not a valid value of an enum/],
    ['sku:enum(a,b,a)', /a value twice/],
    ['sku:string(a)', /an enum must list its values/],
    ['sku:{}', /is not a field/],
    ['sku:{a:int', /a "}" is missing/],
    ['sku:{a:int}}', /at the end is not understood/],
    ['sku:{a:int,a:int}', /two fields a/],
    ['sku:{a:int,A:int}', /two fields A/],
    ['sku:{__proto__:int}', /reserved word/],
    [`x:${'{a:'.repeat(7)}int${'}'.repeat(7)}`, /nested more than 6 deep/],
  ])('%s is refused with the reason', (text, reason) => {
    expect(() => parseField(text)).toThrow(RangeError);
    expect(() => parseField(text)).toThrow(reason);
  });

  it('six nested objects are allowed', () => {
    expect(parseField(`x:${'{a:'.repeat(6)}int${'}'.repeat(6)}`).type).toBe('object');
  });

  it('whatever is written, the answer is a field or a RangeError with one line that says why', () => {
    const pieces = fc.constantFrom(
      ...['sku', 'x', ':', 'string', 'int', 'enum(a,b)', '{', '}', ',', '[]', '>', '<', '=', '0', '1.5', '-', '!', '?'],
      ...['|null', ':unique', ' ', '\u202e', '\n', '"', '(', ')', '__proto__'],
    );
    const texts = fc.oneof(
      fc.array(pieces, { maxLength: 12 }).map((all) => all.join('')),
      fc.string({ unit: 'binary' }),
    );
    fc.assert(
      fc.property(texts, (text) => {
        try {
          const field = parseField(text);
          expect(nameProblem(field.name)).toBeUndefined();
          expect(text.startsWith(`${field.name}:`)).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
          expect((error as RangeError).message).not.toBe('');
        }
      }),
      { numRuns: 3000 },
    );
  });

  it('a very long or very deep text is refused at once', () => {
    const began = performance.now();
    for (const text of [`x:${'{a:'.repeat(5000)}`, `x:int${'>'.repeat(20_000)}`, `x:int${'>1'.repeat(9000)}!!`])
      expect(() => parseField(text)).toThrow(RangeError);
    expect(performance.now() - began).toBeLessThan(1000);
  });
});

describe('fields', () => {
  it('must have different names, ignoring case', () => {
    expect(() => parseFields(['a:int', 'b:int', 'A:int'])).toThrow('there are two fields A');
    expect(parseFields(['a:int', 'b:int']).map(({ name }) => name)).toEqual(['a', 'b']);
  });

  it('of headers may contain "-", but not "_"', () => {
    expect(parseField('X-Tenant:string', HEADER_NAME).name).toBe('X-Tenant');
    expect(() => parseField('x_tenant:string', HEADER_NAME)).toThrow(RangeError);
    expect(() => parseField('x-tenant:string')).toThrow(RangeError);
    // Members of an object follow the rules for members.
    expect(() => parseField('x-tenant:{a-b:int}', HEADER_NAME)).toThrow(RangeError);
  });
});
