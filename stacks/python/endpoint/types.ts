import type { Place } from '../../../engine/core/service/fields/samples.ts';
import type { Field, Type } from '../../../engine/core/service/fields/type.ts';
import { className, Identifiers, variable } from '../print/identifiers.ts';
import { type Code, call, fits, flat, print, typeOf } from '../print/layout.ts';
import { quoted } from '../print/text.ts';
import { annotated, textsCode, typeCode } from './schema.ts';

type ObjectType = Extract<Type, { kind: 'object' }>;

/** A class that stands for an object. */
interface ObjectClass {
  readonly name: string;
  /** Its attributes, by the names of the members. */
  readonly attributes: ReadonlyMap<string, string>;
}

/** Makes the classes of a request, or of an answer, and remembers their declarations. */
export class PythonTypes {
  readonly declarations: string[] = [];
  /** Whether a member of a class may be absent. */
  hasOptional = false;
  readonly #names: Identifiers;
  readonly #base: 'Input' | 'Output';
  readonly #place: Place;
  readonly #classes = new Map<string, ObjectClass>();

  /**
   * @param names of all classes of the module
   * @param place where the values of a request come from
   */
  constructor(names: Identifiers, base: 'Input' | 'Output', place: Place = 'json') {
    this.#names = names;
    this.#base = base;
    this.#place = place;
  }

  /** The annotation of a type. Objects become classes, which are named after where they stand. */
  typeOf(type: Type, name: string): Code {
    return typeCode(type, this.#place, (object, isOneOfSeveral) => this.#object(object, name, isOneOfSeveral));
  }

  classOf(type: Type): ObjectClass | undefined {
    return this.#classes.get(keyOf(type, false)) ?? this.#classes.get(keyOf(type, true));
  }

  /** The name of a whole body or answer: that of its class, or another name for its type. */
  whole(type: Type, name: string): string {
    const isClass = type.kind === 'object' && !type.isNullable;
    const code = this.typeOf(type, isClass ? name : `${name}Item`);
    if (code === name) return name;
    const own = this.#names.take(name);
    // mypy takes "X = None" for a variable.
    const said = code === 'None' ? typeOf('Literal', ['None']) : code;
    this.declarations.push(`${own} = ${printType(said, 0, own.length + 3)}`);
    return own;
  }

  #object(type: ObjectType, name: string, isOneOfSeveral: boolean): Code {
    const { fields, others } = type;
    if (fields.length === 0 && typeof others === 'object')
      return typeOf('dict', ['str', this.typeOf(others, `${name}Other`)]);
    // What is dropped as one type may be what makes it another.
    const isLoose = isOneOfSeveral && others === undefined;
    const key = keyOf(type, isLoose);
    const known = this.#classes.get(key);
    if (known) return known.name;
    const own = this.#names.take(name);
    const identifiers = new Identifiers();
    const attributes = new Map(fields.map((field) => [field.name, identifiers.take(variable(field.name))]));
    const lines = fields.map((field) => this.#member(field, attributes.get(field.name) ?? field.name, own));
    const extra = others === 'none' ? ', extra="forbid"' : isLoose || others ? ', extra="allow"' : '';
    if (typeof others === 'object' && others.kind !== 'any') {
      const dict = typeOf('dict', ['str', this.typeOf(others, `${own}Other`)]);
      const tail = ' = Field(init=False)';
      lines.unshift(`__pydantic_extra__: ${printType(dict, 1, '__pydantic_extra__: '.length + tail.length)}${tail}`);
    }
    this.#classes.set(key, { name: own, attributes });
    const body = lines.length === 0 ? ['"""Has no members."""'] : lines;
    this.declarations.push(`class ${own}(${this.#base}${extra}):\n${body.map((line) => `    ${line}`).join('\n')}`);
    return own;
  }

  #member(field: Field, attribute: string, owner: string): string {
    const { name, type, isOptional } = field;
    const isTexts = this.#place === 'text' && type.kind === 'list';
    const bare = isTexts ? textsCode(type, false) : this.typeOf(type, `${owner}${className(name)}`);
    this.hasOptional ||= isOptional;
    const code = isOptional ? maybe(type, bare) : bare;
    const noted = attribute === name ? code : annotated(code, call('Field', [['alias', quoted(name)]]));
    const head = `${attribute}: `;
    if (!isOptional) return `${head}${printType(noted, 1, head.length)}`;
    const [tail, opened] = [' = None', ' = ('];
    // The formatter breaks the value rather than the type.
    const isClose = !fits(noted, 1, head.length + tail.length) && fits(noted, 1, head.length + opened.length);
    if (isClose && typeof noted !== 'string' && noted.kind === 'bracketed')
      return `${head}${flat(noted)}${opened}\n        None\n    )`;
    return `${head}${printType(noted, 1, head.length + tail.length)}${tail}`;
  }
}

/** The type of what may be absent. */
export function maybe(type: Type, code: Code): Code {
  return type.isNullable || type.kind === 'any' || type.kind === 'null' ? code : typeOf('Maybe', [code]);
}

/** Prints a type. One that may be null and has several lines is between brackets. */
export function printType(code: Code, indent: number, around: number): string {
  if (typeof code === 'string' || code.kind !== 'union' || fits(code, indent, around))
    return print(code, indent, around);
  const [only, ...others] = code.parts.filter((part) => part !== 'None');
  return print(others.length === 0 && only !== undefined ? typeOf('Nullable', [only]) : code, indent, around);
}

function keyOf(type: Type, isLoose: boolean): string {
  return JSON.stringify([{ ...type, isNullable: false }, isLoose]);
}
