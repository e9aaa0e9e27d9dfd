import fc from 'fast-check';

const names = fc.oneof(
  fc.constantFrom('number', 'note', 'dueOn', 'is_open', 'class', 'order', 'type', 'user', 'URL', 'x1', 'createdAt'),
  fc.stringMatching(/^[a-z][A-Za-z0-9_]{0,20}$/),
);

const types = fc.oneof(
  fc.constantFrom('string', 'int', 'number', 'decimal', 'boolean', 'date', 'datetime', 'uuid', 'email', 'url', 'uri'),
  fc.constantFrom('string!', 'string<=2', 'string>=5<=9', 'string>=300', 'int>0', 'int>=-5<=5', 'int<0', 'int>100'),
  fc.constantFrom('number>0', 'number>=0<1', 'number<=-3.5', 'decimal>0', 'decimal<0', 'decimal>=1<=2', 'enum(a)'),
  fc.constantFrom('enum(open,paid)', 'enum(a b,c/d,e)'),
);

/** The fields of a resource before validation. Some are refused, as a unique one with few values is. */
export const rawResource: fc.Arbitrary<string[]> = fc.uniqueArray(
  fc
    .tuple(names, types, fc.constantFrom('', '', '?'), fc.constantFrom('', '', '', ':unique'))
    .map(([name, type, mark, unique]) => `${name}:${type.endsWith('!') ? type : type + mark}${unique}`),
  { minLength: 1, maxLength: 8, selector: (text) => text.replace(/:.*/, '').toLowerCase() },
);
