import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HEADER_NAME } from '../../engine/core/service/fields/names.ts';
import { parseField, parseFields, parsePart, parseWhole } from '../../engine/core/service/fields/parse.ts';
import { fieldText, nameText, typeText } from '../../engine/core/service/fields/text.ts';
import type { Field, Type } from '../../engine/core/service/fields/type.ts';
import { jsonField } from '../support/endpoints.ts';

const PLAIN = { isOptional: false, isUnique: false, isCsv: false };

const bound = (value: number, isExclusive = false) => ({ value, isExclusive });

/** A type, short. */
const of = (kind: string, more: object = {}): Type => ({ kind, isNullable: false, ...more }) as Type;

const field = (name: string, type: Type, more: Partial<Field> = {}): Field => ({ ...PLAIN, name, type, ...more });

describe('a field', () => {
  it.each<[string, Type, Partial<Field>?]>([
    ['sku:string', of('string')],
    ['sku:string!', of('string', { min: bound(1) })],
    ['sku:string!:unique', of('string', { min: bound(1) }), { isUnique: true }],
    ['sku:string>=3!', of('string', { min: bound(3) })],
    ['sku:string>0<=20?', of('string', { min: bound(1), max: bound(20) }), { isOptional: true }],
    ['sku:string|null', of('string', { isNullable: true })],
    ['sku:string|null?', of('string', { isNullable: true }), { isOptional: true }],
    ['sku:int>0<100', of('int', { min: bound(1), max: bound(99) })],
    ['sku:int!', of('int')],
    ['sku:int>=-5', of('int', { min: bound(-5) })],
    ['sku:int<=3>1', of('int', { min: bound(2), max: bound(3) })],
    ['sku:number>0<0.5', of('number', { min: bound(0, true), max: bound(0.5, true) })],
    ['sku:decimal>=0.01', of('decimal', { min: bound(0.01) })],
    ['sku:uri', of('uri')],
    ['sku:enum(open, sent out,A/B)', of('enum', { values: ['open', 'sent out', 'A/B'] })],
    ['sku:enum(a)[]', of('list', { item: of('enum', { values: ['a'] }) })],
    ['sku:uuid[]>0<=5', of('list', { item: of('uuid'), min: bound(1), max: bound(5) })],
    ['sku:boolean[]!', of('list', { item: of('boolean'), min: bound(1) })],
    [
      'sku:enum(a,b)[]?:csv',
      of('list', { item: of('enum', { values: ['a', 'b'] }) }),
      { isOptional: true, isCsv: true },
    ],
    // What real OpenAPI documents have.
    ['sku:any', of('any')],
    ['sku:null', of('null')],
    ['sku:int[][]>0', of('list', { item: of('list', { item: of('int') }), min: bound(1) })],
    ['sku:(int>=1)[]<=10', of('list', { item: of('int', { min: bound(1) }), max: bound(10) })],
    ['sku:(string|null)[]|null', of('list', { item: of('string', { isNullable: true }), isNullable: true })],
    ['sku:string|int|null', of('union', { alternatives: [of('string'), of('int')], isNullable: true })],
    ['sku:enum(open,"a,b","",") \\"")', of('enum', { values: ['open', 'a,b', '', ') "'] })],
    ['sku:literal(1, -2.5,true,"x")', of('literal', { values: [1, -2.5, true, 'x'] })],
    ['sku:{*:any}', of('object', { fields: [], others: of('any') })],
    ['sku:{a:int,*:none}', of('object', { fields: [field('a', of('int'))], others: 'none' })],
    [
      'sku:{*:{*:string}[]}',
      of('object', { fields: [], others: of('list', { item: of('object', { fields: [], others: of('string') }) }) }),
    ],
    ['sku:{"*":int}', of('object', { fields: [field('*', of('int'))] })],
  ])('%s', (text, type, more) => {
    expect(parseField(text)).toEqual(field('sku', type, more));
  });

  it('of objects in objects, and lists of them', () => {
    expect(parseField('lines:{sku:string!,at:{x:int,y:int|null?}}[]>0|null?')).toEqual(
      field(
        'lines',
        of('list', {
          isNullable: true,
          min: bound(1),
          item: of('object', {
            fields: [
              field('sku', of('string', { min: bound(1) })),
              field(
                'at',
                of('object', {
                  fields: [field('x', of('int')), field('y', of('int', { isNullable: true }), { isOptional: true })],
                }),
              ),
            ],
          }),
        }),
        { isOptional: true },
      ),
    );
  });

  it('has any name that is data, in quotes where it needs them', () => {
    for (const name of ['class', 'default', 'new', 'delete', 'then', 'constructor'])
      expect(parseField(`${name}:int`).name).toBe(name);
    for (const name of ['$ref', '@type', 'a-b', 'a.b', '3d', 'filter[name]', 'a b', '*', ':', '}', '"', '\\', 'größe'])
      expect(parseField(`${JSON.stringify(name)}:int`).name).toBe(name);
    expect([nameText('class'), nameText('a-b'), nameText('*')]).toEqual(['class', '"a-b"', '"*"']);
    expect(() => parseField('"__proto__":int')).toThrow('"__proto__" is a reserved word');
    expect(() => parseField('"":int')).toThrow('cannot be empty');
    expect(() => parseField('"a\\nb":int')).toThrow('cannot be seen');
    expect(() => parseField('toString:string?')).toThrow('every object has a member of this name');
  });

  it('is one type where several say the same', () => {
    const type = (text: string) => parseField(`x:${text}`).type;
    expect(type('(string|int)|null|(int|null)')).toEqual(type('string|int|null'));
    expect(type('string|string')).toEqual(type('string'));
    expect(type('string|any|null')).toEqual(type('any'));
    expect(type('(null)|(string)')).toEqual(type('string|null'));
    expect(type('(string|int[])!')).toEqual(type('string>=1|int[]>=1'));
  });

  it.each([
    ['', /is not a field; write name:type/],
    ['sku', /is not a field/],
    [':string', /has no name/],
    ['*:string', /has no name/],
    ['sku:', /no known type/],
    ['sku:String', /no known type/],
    ['sku:text', /the types are string, int/],
    ['sku:constructor', /no known type/],
    ['2x:string', /is not a valid name/],
    ['a-b:string', /is not a valid name/],
    ['a b:string', /write another name in quotes/],
    ['__proto__:string', /reserved word/],
    [`${'x'.repeat(201)}:string`, /longer than 200/],
    ['sku:string??', /at the end is not understood/],
    ['sku:string?|null', /at the end is not understood/],
    ['sku:string extra', /at the end is not understood/],
    ['sku:string>=1[]', /bounds of an item are written \(string>=1\)\[\]/],
    ['sku:string|null|null', /null stands twice/],
    ['sku:(string', /a "\)" is missing/],
    ['sku:any>1', /an any has no bounds/],
    ['sku:{*:int,*:int}', /"\*" stands twice/],
    ['sku:{:int}', /a member of an object needs a name/],
    ['sku:literal()', /is not a value of a literal/],
    ['sku:literal(null)', /null is written \|null/],
    ['sku:literal(1e3)', /is not a value of a literal/],
    ['sku:literal(1,1.0)', /a value twice/],
    ['sku:enum("a\\u202e")', /cannot be seen/],
    ['sku:enum("a)', /is not a valid value of an enum/],
    ['sku:string:shared', /unknown option "shared"/],
    ['sku:string:unique:shared', /unknown option "shared"/],
    ['sku:boolean>1', /a boolean has no bounds/],
    ['sku:uuid<=3', /a uuid has no bounds/],
    ['sku:enum(a)>1', /an enum has no bounds/],
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
    ['sku:string(a)', /only an enum and a literal list their values/],
    ['sku:{}', /is not a field/],
    ['sku:{a:int', /a "}" is missing/],
    ['sku:{a:int}}', /at the end is not understood/],
    ['sku:{a:int,a:int}', /two fields a/],
    ['sku:{__proto__:int}', /reserved word/],
    [`x:${'{a:'.repeat(13)}int${'}'.repeat(13)}`, /nested more than 12 deep/],
    [`x:int${'[]'.repeat(13)}`, /nested more than 12 deep/],
    [`x:${'('.repeat(13)}int${')'.repeat(13)}`, /nested more than 12 deep/],
  ])('%s is refused with the reason', (text, reason) => {
    expect(() => parseField(text)).toThrow(RangeError);
    expect(() => parseField(text)).toThrow(reason);
  });

  it('twelve nested objects are allowed', () => {
    expect(parseField(`x:${'{a:'.repeat(12)}int${'}'.repeat(12)}`).type.kind).toBe('object');
  });

  it('printed and read again is the same field', () => {
    fc.assert(
      fc.property(jsonField(3), (text) => {
        const field = parseField(text);
        expect(parseField(fieldText(field))).toEqual(field);
      }),
      { numRuns: 1000 },
    );
    expect(fieldText(parseField('"a-b":(int>0)[]<=5|null?'))).toBe('"a-b":(int>=1)[]<=5|null?');
    expect(fieldText(parseField('a:number>0.0000001'))).toBe('a:number>0.0000001');
    expect(fieldText(parseField('a:{"*":int,*:enum("","x y")}[][]!:csv'))).toBe(
      'a:{"*":int,*:enum("",x y)}[][]>=1:csv',
    );
  });

  it('whatever is written, the answer is a field or a RangeError with one line that says why', () => {
    const pieces = fc.constantFrom(
      ...['sku', 'x', ':', 'string', 'int', 'enum(a,b)', '{', '}', ',', '[]', '>', '<', '=', '0', '1.5', '-', '!', '?'],
      ...[
        '|null',
        ':unique',
        ' ',
        '\u202e',
        '\n',
        '"',
        '(',
        ')',
        '__proto__',
        '|',
        '*:',
        'any',
        'literal(1,"x")',
        '"a-b"',
      ],
    );
    const texts = fc.oneof(
      fc.array(pieces, { maxLength: 12 }).map((all) => all.join('')),
      fc.string({ unit: 'binary' }),
    );
    fc.assert(
      fc.property(texts, (text) => {
        try {
          const field = parseField(text);
          expect(field.name).not.toBe('__proto__');
          expect(parseField(fieldText(field))).toEqual(field);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
          expect((error as RangeError).message).not.toBe('');
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('a very long or very deep text is refused', () => {
    for (const text of [
      `x:${'{a:'.repeat(30_000)}`,
      `x:int${'>'.repeat(90_000)}`,
      `x:int${'>1'.repeat(40_000)}!!`,
      `x:${'('.repeat(90_000)}`,
      `x:${'int|'.repeat(20_000)}`,
      `x:int${'[]'.repeat(40_000)}`,
      `"${'\\\\'.repeat(40_000)}`,
      `x:enum(${'"a",'.repeat(20_000)})`,
    ])
      expect(() => parseField(text)).toThrow(RangeError);
  });
});

describe('fields', () => {
  it('must have different names', () => {
    expect(() => parseFields(['a:int', 'b:int', '"a":int'])).toThrow('there are two fields a');
    expect(() => parseFields(['X-A:int', 'x-a:int'], HEADER_NAME)).toThrow('there are two fields x-a');
    expect(parseFields(['a:int', 'A:int']).map(({ name }) => name)).toEqual(['a', 'A']);
  });

  it('of headers may contain "-", but not "_"', () => {
    expect(parseField('X-Tenant:string', HEADER_NAME).name).toBe('X-Tenant');
    expect(() => parseField('x_tenant:string', HEADER_NAME)).toThrow(RangeError);
    expect(() => parseField('x-tenant:string')).toThrow(RangeError);
    expect(() => parseField('"x tenant":string', HEADER_NAME)).toThrow(RangeError);
    // Members of an object follow the rules for members.
    expect(() => parseField('x-tenant:{a-b:int}', HEADER_NAME)).toThrow(RangeError);
  });
});

describe('a body or a response', () => {
  it('is an object of its fields, all of it, or nothing', () => {
    expect(parseWhole([])).toBeUndefined();
    expect(parseWhole(['a:int', '*:none'])).toEqual({
      type: of('object', { fields: [field('a', of('int'))], others: 'none' }),
      isOptional: false,
    });
    expect(parseWhole([':string[]>0'])).toEqual({ type: parseField('x:string[]>0').type, isOptional: false });
    expect(parseWhole([':{a:int}|null?'])).toEqual({ type: parseField('x:{a:int}|null').type, isOptional: true });
    expect(parseWhole(['*:string'])).toEqual({ type: parseField('x:{*:string}').type, isOptional: false });
  });

  it('has an older way to be a list', () => {
    expect(parseWhole(['[]:{id:uuid}'])).toEqual(parseWhole([':{id:uuid}[]']));
    expect(parseWhole(['[]:int>0'])).toEqual(parseWhole([':(int>0)[]']));
    expect(() => parseWhole(['[]:int?'])).toThrow('cannot be optional');
    expect(() => parseWhole(['[]:int:unique'])).toThrow('at the end is not understood');
  });

  it.each([
    [[':int', 'a:int'], /nothing can be beside it/],
    [['a:int', '[]:int'], /nothing can be beside it/],
    [['a:int', 'a:string'], /two fields a/],
    [['*:int', '*:string'], /stands twice/],
  ])('%j is refused', (texts, reason) => {
    expect(() => parseWhole(texts)).toThrow(RangeError);
    expect(() => parseWhole(texts)).toThrow(reason);
  });

  it('is checked part by part as it is given', () => {
    expect(parsePart('*:none')).toEqual({ kind: 'others', others: 'none' });
    expect(parsePart(':any?')).toEqual({ kind: 'whole', type: of('any'), isOptional: true });
    expect(typeText(parseField('x:string|{a:int,*:any}|null').type)).toBe('string|{a:int,*:any}|null');
  });
});
