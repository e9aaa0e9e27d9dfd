import type { Field, Type, Whole } from '../../../engine/core/service/fields/type.ts';
import { exported, Identifiers } from '../print/identifiers.ts';
import { print, type StructField, structLines } from '../print/layout.ts';
import { quoted } from '../print/text.ts';
import { schemaCode } from './schema.ts';
import { isMap, isStruct, kindOf, tagsOf } from './tags.ts';

/** A struct that stands for an object. */
interface Struct {
  readonly name: string;
  /** Its fields in Go, by the names of the members. */
  readonly fields: ReadonlyMap<string, { readonly field: string; readonly type: string }>;
}

/** A field of a struct, and the schema that its tags cannot say. */
export interface Described {
  readonly field: StructField;
  readonly member: string;
  readonly schema?: string;
}

/** Makes the types of one endpoint, and remembers their declarations. */
export class GoTypes {
  readonly #names: Identifiers = new Identifiers();
  readonly #prefix: string;
  readonly #structs = new Map<string, Struct>();
  #declarations: string[] = [];

  /** @param prefix what the names of all its types begin with: one package has those of all endpoints */
  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /** A type in Go. Objects become structs, which are named after where they stand. */
  typeOf(type: Type, place: string): string {
    const bare = this.#bare(type, place);
    return type.isNullable && !/^(\[\]|map\[|any$)/.test(bare) ? `*${bare}` : bare;
  }

  structOf(type: Type): Struct | undefined {
    return this.#structs.get(keyOf(type));
  }

  /** The struct of a request or an answer. */
  declare(suffix: string, about: string, fields: readonly Described[]): string {
    const name = this.#names.take(`${this.#prefix}${suffix}`);
    this.#write(name, about, fields);
    return name;
  }

  /** The declarations since this was called last. */
  take(): string[] {
    const taken = this.#declarations;
    this.#declarations = [];
    return taken;
  }

  /** A parameter. */
  parameter(
    name: string,
    { name: key, type, isOptional, isCsv }: Field,
    place: 'path' | 'query' | 'header',
  ): Described {
    const bare = this.typeOf(type, exported(key));
    const isList = type.kind === 'list';
    const tags: StructField['tags'] = [
      [place, isList && !isCsv ? `${key},explode` : key],
      ...(place === 'path' || isOptional ? [] : [['required', 'true'] as const]),
    ];
    return this.#described(name, isOptional && !isList ? optional(bare) : bare, tags, type, key);
  }

  /** A whole body. */
  whole({ type, isOptional }: Whole, mediaType: string, place: string): Described {
    const bare = this.typeOf(type, place);
    const tags: StructField['tags'] = [
      ...(mediaType === 'application/json' ? [] : [['contentType', mediaType] as const]),
      ...(isOptional ? [['required', 'false'] as const] : []),
    ];
    return this.#described('Body', isOptional ? optional(bare) : bare, tags, type, 'Body');
  }

  #described(name: string, type: string, tags: StructField['tags'], of: Type, member: string): Described {
    const said = tagsOf(of);
    if (said !== undefined) return { field: { name, type, tags: [...tags, ...said] }, member };
    const schema = print(
      schemaCode(of, (one) => this.structOf(one)?.name),
      2,
      'return '.length,
    );
    return { field: { name, type, tags }, member, schema };
  }

  #bare(type: Type, place: string): string {
    switch (type.kind) {
      case 'int':
        return 'int';
      case 'number':
        return 'float64';
      case 'boolean':
        return 'bool';
      case 'any':
      case 'null':
      case 'union':
        return 'any';
      case 'literal': {
        const kind = kindOf(type.values);
        return kind === 'mixed' ? 'any' : kind;
      }
      case 'list':
        return `[]${this.typeOf(type.item, place)}`;
      case 'object':
        if (isMap(type)) return `map[string]${this.typeOf(type.others, place)}`;
        return isStruct(type) ? this.#struct(type, place) : 'map[string]any';
      default:
        return 'string';
    }
  }

  #struct(type: Extract<Type, { kind: 'object' }>, place: string): string {
    const key = keyOf(type);
    const known = this.#structs.get(key);
    if (known) return known.name;
    const name = this.#names.take(`${this.#prefix}${place}`);
    const identifiers = new Identifiers(['SchemaOf']);
    const described = type.fields.map((member) => {
      const field = identifiers.take(exported(member.name));
      const bare = this.typeOf(member.type, `${place}${field}`);
      return this.#member(field, member.isOptional ? optional(bare) : bare, member);
    });
    const fields = new Map(described.map(({ field, member }) => [member, { field: field.name, type: field.type }]));
    this.#structs.set(key, { name, fields });
    this.#write(name, 'is part of a request or an answer', described, type.others === 'none');
    return name;
  }

  #member(field: string, type: string, { name, type: of, isOptional }: Field): Described {
    const isPointer = type.startsWith('*');
    const tags: StructField['tags'] = [
      ['json', isOptional ? `${name},${isPointer ? 'omitempty' : 'omitzero'}` : name],
      ...(isOptional && of.isNullable && isPointer ? [['nullable', 'true'] as const] : []),
    ];
    return this.#described(field, type, tags, of, name);
  }

  #write(name: string, about: string, fields: readonly Described[], isClosed = false): void {
    const closed: StructField = { name: '_', type: 'struct{}', tags: [['additionalProperties', 'false']] };
    const all = [...(isClosed ? [closed] : []), ...fields.map(({ field }) => field)];
    const body = all.length === 0 ? 'struct{}' : `struct {\n${structLines(all)}}`;
    this.#declarations.push(`// ${name} ${about}.\ntype ${name} ${body}`);
    const own = fields.filter(({ schema }) => schema !== undefined);
    if (own.length === 0) return;
    const cases = own.map(({ member, schema }) => `\tcase ${quoted(member)}:\n\t\treturn ${schema}\n`).join('');
    this.#declarations.push(
      `// SchemaOf describes what tags cannot.\nfunc (${name}) SchemaOf(member string) *huma.Schema {\n\tswitch member {\n${cases}\t}\n\treturn nil\n}`,
    );
  }
}

/** A pointer, unless the type has a value for what is absent. */
function optional(type: string): string {
  return /^(\*|\[\]|map\[|any$)/.test(type) ? type : `*${type}`;
}

/** Types that are alike, with or without null, are one struct: so what a request says can be answered as it is. */
function keyOf(type: Type): string {
  return JSON.stringify({ ...type, isNullable: false });
}
