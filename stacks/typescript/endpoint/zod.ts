import type { Bound } from '../../../engine/core/service/bounds.ts';
import type { Field } from '../../../engine/core/service/field.ts';
import type { Place } from '../../../engine/core/service/samples.ts';

const WIDTH = 100;

/** Prints zod schemas as the service's formatter would, and remembers what they import. */
export class ZodPrinter {
  /** Names from the service's `values.ts`. */
  readonly imports = new Set<string>();
  /** Lists of values that are too long for their line, and the constants that stand there instead. */
  readonly enums: { readonly constant: string; readonly list: string }[] = [];
  readonly #lists = new Map<string, string>();

  /** `z.object({ ... })`, one member a line. */
  #object(fields: readonly Field[], place: Place, indent: string): string {
    const inner = `${indent}  `;
    const members = fields.map((field) => this.member(field, place, inner));
    return `z.object({\n${members.map(({ key, schema }) => `${inner}${key}: ${schema},\n`).join('')}${indent}})`;
  }

  /** A list of what one field says. */
  list(item: Field): string {
    return item.type === 'object'
      ? `z.array(\n  ${this.#object(item.fields ?? [], 'json', '  ')},\n)`
      : `z.array(${this.#expression(item, 'json', '').join('')})`;
  }

  /**
   * A member of an object. The formatter breaks a chain of calls that is too long, and one that goes on after an object.
   * @param indent of the member's line
   */
  member(field: Field, place: Place, indent = '  '): { readonly key: string; readonly schema: string } {
    const key = memberKey(field.name);
    const calls = this.#expression(field, place, indent);
    const schema = calls.join('');
    const goesOn = field.type === 'object' && calls.length > 1;
    // An argument is simple to the formatter unless it is a call with a list or an object of its own.
    const isSimple = !field.isList || !/[[{]/.test(calls[0] ?? '');
    const fits = `${indent}${key}: ${schema},`.length <= WIDTH;
    if (!goesOn && (field.type === 'object' || calls.length < 3 || (isSimple && fits))) return { key, schema };
    const [head = '', ...rest] = goesOn ? this.#expression(field, place, `${indent}  `) : calls;
    const dot = head.indexOf('.');
    const links = [head.slice(dot), ...rest].map((call) => `\n${indent}  ${call}`);
    return { key, schema: `${head.slice(0, dot)}${links.join('')}` };
  }

  /** The expression as its head and the calls that follow it: `z.string()`, `.min(1)`. */
  #expression(field: Field, place: Place, indent: string): string[] {
    const calls = field.isList ? this.#list(field, place, indent) : this.#one(field, place, indent);
    return [...calls, ...(field.isNullable ? ['.nullable()'] : []), ...(field.isOptional ? ['.optional()'] : [])];
  }

  #list(field: Field, place: Place, indent: string): string[] {
    const { min: _min, max: _max, ...item } = field;
    if (field.type === 'object') {
      const inner = this.#object(field.fields ?? [], place, `${indent}  `);
      return [`z.array(\n${indent}  ${inner},\n${indent})`, ...limits(field, 'min', 'max')];
    }
    const inner = this.#one({ ...item, isList: false }, place, indent).join('');
    if (place === 'json') return [`z.array(${inner})`, ...limits(field, 'min', 'max')];
    this.imports.add('text');
    const bounds = boundsObject(field);
    return [`text.list(${inner}${bounds === '' ? '' : `, ${bounds}`})`];
  }

  #one(field: Field, place: Place, indent: string): string[] {
    switch (field.type) {
      case 'string':
        return ['z.string()', ...limits(field, 'min', 'max')];
      case 'int':
        return place === 'json' ? ['z.int()', ...limits(field, 'min', 'max')] : [this.#text('int', field)];
      case 'number':
        return place === 'json' ? ['z.number()', ...limits(field, 'min', 'max')] : [this.#text('number', field)];
      case 'decimal':
        this.imports.add('decimal');
        return [`decimal(${boundsObject(field)})`];
      case 'boolean':
        return place === 'json' ? ['z.boolean()'] : [this.#text('boolean', field)];
      case 'date':
        return ['z.iso.date()'];
      case 'datetime':
        return ['z.iso.datetime()'];
      case 'uuid':
        return ['z.uuid()'];
      case 'email':
        return ['z.email()'];
      case 'url':
        this.imports.add('webUrl');
        return ['webUrl()'];
      case 'enum':
        return [`z.enum(${this.#values(field, indent)})`];
      case 'object':
        return [this.#object(field.fields ?? [], place, indent)];
    }
  }

  #text(type: string, field: Field): string {
    this.imports.add('text');
    return `text.${type}(${boundsObject(field)})`;
  }

  #values({ name, values = [] }: Field, indent: string): string {
    const list = `[${values.map((value) => JSON.stringify(value)).join(', ')}]`;
    // Room for `name: z.array(z.enum()).min(100000).max(100000).optional(),`
    if (indent.length + name.length + list.length + 62 <= WIDTH) return list;
    const items = values.map((value) => `  ${JSON.stringify(value)},\n`).join('');
    const known = this.#lists.get(list);
    if (known !== undefined) return known;
    const constant = `values${this.enums.length + 1}`;
    const fits = `const ${constant} = ${list} as const;`.length <= WIDTH;
    this.enums.push({ constant, list: fits ? list : `[\n${items}]` });
    this.#lists.set(list, constant);
    return constant;
  }
}

/** Quoted only where it has to be. */
function memberKey(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
}

function limits({ min, max }: Field, minCall: string, maxCall: string): string[] {
  const call = (bound: Bound | undefined, name: string, strict: string) =>
    bound ? [`.${bound.isExclusive ? strict : name}(${bound.value})`] : [];
  return [...call(min, minCall, 'gt'), ...call(max, maxCall, 'lt')];
}

function boundsObject({ min, max }: Field): string {
  const parts = [
    ...(min ? [`${min.isExclusive ? 'more' : 'min'}: ${min.value}`] : []),
    ...(max ? [`${max.isExclusive ? 'less' : 'max'}: ${max.value}`] : []),
  ];
  return parts.length === 0 ? '' : `{ ${parts.join(', ')} }`;
}
