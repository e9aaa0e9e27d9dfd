import { describe, expect, it } from 'vitest';
import { body } from '../../support/openapi.ts';

const NULL = { type: 'null' };
const TEXT = { type: 'string' };

describe('null', () => {
  it.each<object>([
    { enum: [null] },
    { const: null },
    { type: 'null' },
    { type: ['string', 'null'], enum: [null] },
    { type: 'string', nullable: true, enum: [null] },
    { allOf: [{ type: ['string', 'null'] }, { type: ['integer', 'null'] }] },
    { allOf: [{ enum: ['a', null] }, { enum: ['b', null] }] },
  ])('is all that %j takes', (a) => {
    expect(body({ a })).toEqual(['a:null']);
  });

  it.each<[object, string]>([
    [{ anyOf: [TEXT, NULL] }, 'string|null'],
    [{ anyOf: [TEXT, { const: null }] }, 'string|null'],
    [{ anyOf: [{}, NULL] }, 'any'],
    [{ allOf: [TEXT], nullable: true }, 'string|null'],
    [{ allOf: [TEXT, { nullable: true }] }, 'string|null'],
    [{ allOf: [{ type: 'string', nullable: true }, { type: ['string', 'null'] }] }, 'string|null'],
    [
      {
        nullable: true,
        ...TEXT,
        oneOf: [
          { ...TEXT, maxLength: 1 },
          { ...TEXT, minLength: 9 },
        ],
      },
      'string<=1|string>=9|null',
    ],
  ])('is a value of %j', (a, type) => {
    expect(body({ a })).toContain(`a:${type}`);
  });

  it.each<[object, string]>([
    [{ allOf: [{ anyOf: [TEXT, NULL] }, TEXT] }, 'string'],
    [{ allOf: [TEXT, { anyOf: [TEXT, NULL] }] }, 'string'],
    [{ type: 'string', anyOf: [{ maxLength: 3 }, NULL] }, 'string<=3'],
    [{ allOf: [{ type: 'string', nullable: true }, TEXT] }, 'string'],
    [{ allOf: [{ oneOf: [TEXT, { type: 'integer' }, NULL] }, { type: ['string', 'integer'] }] }, 'string|int'],
    [{ type: ['string', 'null'], enum: ['a'] }, 'enum(a)'],
  ])('is no value of %j, of which one part refuses it', (a, type) => {
    expect(body({ a })).toEqual([`a:${type}`]);
  });

  it.each<[object, ...string[]]>([
    [{ type: 'string', const: null }, 'a:string', 'a/const'],
    [{ type: 'string', nullable: true, enum: ['b'] }, 'a:enum(b)|null', 'a/nullable'],
    [{ anyOf: [TEXT, { type: 'null', odd: 1 }] }, 'a:string|null', 'a/anyOf/1/odd'],
    [{ oneOf: [TEXT, { type: 'boolean' }, { type: 'null', odd: 1 }] }, 'a:string|boolean|null', 'a/oneOf/2/odd'],
    [{ properties: null }, 'a:any', 'a/properties'],
  ])('is named where %j says more of it than the endpoint does', (a, ...told) => {
    expect(body({ a })).toEqual(told);
  });
});
