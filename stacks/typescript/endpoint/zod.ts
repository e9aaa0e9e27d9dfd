import type { Bound, Bounds } from '../../../engine/core/service/fields/bounds.ts';
import type { Place } from '../../../engine/core/service/fields/samples.ts';
import type { Field, Type, Whole } from '../../../engine/core/service/fields/type.ts';
import { type Code, chain, type Link, list, name, number, object, text } from '../print/code.ts';

/** Where a type stands. */
interface Spot {
  readonly place: Place;
  /** Whether other types may stand for the same value. */
  readonly isOneOfSeveral?: boolean;
}

/** Makes zod schemas, and remembers what they import. */
export class ZodPrinter {
  /** Names from the service's `values.ts`. */
  readonly imports = new Set<string>();
  /** Whether a schema names zod itself. */
  isZodUsed = false;

  /** A schema of named members: of a path, a query or headers. */
  members(fields: readonly Field[]): Code {
    return this.#z('object', [this.#shape(fields, { place: 'text' })]);
  }

  /** A body or a response. Where there is no body, `null` is what is checked. */
  whole({ type, isOptional }: Whole, place: Place): Code {
    const schema = this.#type(type, { place });
    return isOptional ? chain(schema, 'nullish', []) : schema;
  }

  nothing(): Code {
    return this.#z('null', []);
  }

  #member({ name: key, type, isOptional, isCsv }: Field, spot: Spot): readonly [string, Code] {
    if (type.kind === 'any' && !isOptional) return [key, this.#own('anything')];
    const schema = isCsv && type.kind === 'list' ? this.#texts('csv', type) : this.#type(type, spot);
    return [key, isOptional ? chain(schema, 'optional', []) : schema];
  }

  #shape(fields: readonly Field[], spot: Spot): Code {
    return object(
      fields.map((field) => this.#member(field, { place: spot.place })),
      'lines',
    );
  }

  #type(type: Type, spot: Spot): Code {
    const schema = this.#bare(type, spot);
    return type.isNullable ? chain(schema, 'nullable', []) : schema;
  }

  #bare(type: Type, spot: Spot): Code {
    const isJson = spot.place === 'json';
    switch (type.kind) {
      case 'string':
        return this.#z('string', [], ...limits(type));
      case 'int':
      case 'number':
        return isJson ? this.#z(type.kind, [], ...limits(type)) : this.#own('text', type.kind, boundsOf(type));
      case 'decimal':
        return this.#own('decimal', boundsOf(type));
      case 'boolean':
        return isJson ? this.#z('boolean', []) : this.#own('text', 'boolean', []);
      case 'date':
        return this.#z('iso', 'date', []);
      case 'datetime':
        return this.#z('iso', 'datetime', [object([['offset', number(true)]])]);
      case 'uuid':
        // JSON Schema and PostgreSQL take any version and variant; z.uuid() does not.
        return this.#z('guid', []);
      case 'email':
        return this.#own('email');
      case 'url':
        return this.#own('webUrl');
      case 'uri':
        return this.#z('url', []);
      case 'enum':
        return this.#z('enum', [list(type.values.map(text))]);
      case 'literal':
        return this.#literal(type.values, isJson);
      case 'any':
        return this.#z('unknown', []);
      case 'null':
        return this.#z('null', []);
      case 'union': {
        const inside = { place: spot.place, isOneOfSeveral: true };
        return this.#z('union', [list(type.alternatives.map((alternative) => this.#type(alternative, inside)))]);
      }
      case 'list':
        return isJson
          ? this.#z('array', [this.#type(type.item, { place: spot.place })], ...limits(type))
          : this.#texts('list', type);
      case 'object':
        return this.#object(type, spot);
    }
  }

  #literal(values: readonly (string | number | boolean)[], isJson: boolean): Code {
    const codes = values.map((value) => (typeof value === 'string' ? text(value) : number(value)));
    if (!isJson && values.some((value) => typeof value !== 'string'))
      return this.#own('text', 'literal', [list(codes)]);
    const [only] = codes;
    return this.#z('literal', [codes.length === 1 && only ? only : list(codes)]);
  }

  #object({ fields, others }: Extract<Type, { kind: 'object' }>, spot: Spot): Code {
    if (others === undefined)
      // What is dropped as one type may be what makes it another.
      return this.#z(spot.isOneOfSeveral ? 'looseObject' : 'object', [this.#shape(fields, spot)]);
    if (others === 'none') return this.#z('strictObject', [this.#shape(fields, spot)]);
    const other = this.#type(others, { place: spot.place });
    if (fields.length === 0) return this.#z('record', [this.#z('string', []), other]);
    if (others.kind === 'any') return this.#z('looseObject', [this.#shape(fields, spot)]);
    return this.#z('object', [this.#shape(fields, spot)], 'catchall', [this.#own('others', [other])]);
  }

  /** A list that arrives as text. */
  #texts(kind: 'list' | 'csv', type: Extract<Type, { kind: 'list' }>): Code {
    return this.#own('text', kind, [this.#type(type.item, { place: 'text' }), ...boundsOf(type)]);
  }

  #z(...links: readonly Link[]): Code {
    this.isZodUsed = true;
    return chain(name('z'), ...links);
  }

  /** A function of `values.ts`: a call without arguments if none are given. */
  #own(of: string, ...links: readonly Link[]): Code {
    this.imports.add(of);
    return chain(name(of), ...(links.length === 0 ? [[]] : links));
  }
}

function limits({ min, max }: Bounds): Link[] {
  const call = (bound: Bound | undefined, within: string, beyond: string): Link[] =>
    bound ? [bound.isExclusive ? beyond : within, [number(bound.value)]] : [];
  return [...call(min, 'min', 'gt'), ...call(max, 'max', 'lt')];
}

/** The bounds as an argument, if there are any. */
function boundsOf({ min, max }: Bounds): Code[] {
  const members = [
    ...(min ? [[min.isExclusive ? 'more' : 'min', number(min.value)] as const] : []),
    ...(max ? [[max.isExclusive ? 'less' : 'max', number(max.value)] as const] : []),
  ];
  return members.length === 0 ? [] : [object(members)];
}
