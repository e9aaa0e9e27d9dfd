/** The words of a name, in lower case: `orderId` and `order-id` are `order`, `id`. Python reads names in the form NFKC. */
function wordsOf(name: string): string[] {
  return name
    .normalize('NFKC')
    .replace(/([\p{Ll}\p{N}])(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
    .split(/[^\p{L}\p{N}]+/u)
    .map((word) => [...word.toLowerCase().normalize('NFKC')].filter((char) => /\p{ID_Continue}/u.test(char)).join(''))
    .filter((word) => word !== '');
}

/** What no variable can be called, or be read as, and names of types that an annotation has to find. */
const RESERVED = new Set(
  (
    'and as assert async await break class continue def del elif else except finally for from global if import in is lambda ' +
    'nonlocal not or pass raise return try while with yield match case type ' +
    'bool dict float int list str l ' +
    // What a class of pydantic has.
    'construct copy dict from_orm json parse_file parse_obj parse_raw schema schema_json update_forward_refs validate'
  ).split(' '),
);

/** A name as a variable or a member of a class: `orderId` is `order_id`, `class` is `class_`. */
export function variable(name: string): string {
  const joined = wordsOf(name).join('_');
  const begun = /^\p{ID_Start}/u.test(joined) ? joined : `x_${joined}`.replace(/_$/, '');
  if (/^model_/.test(begun)) return `the_${begun}`;
  return RESERVED.has(begun) ? `${begun}_` : begun;
}

/** A name as that of a class: `order-id` is `OrderId`. */
export function className(name: string): string {
  const joined = wordsOf(name)
    .map((word) => capital(word))
    .join('');
  return /^\p{Lu}/u.test(joined) ? joined : `X${joined}`;
}

function capital(word: string): string {
  const [first = ''] = word;
  return `${first.toUpperCase()}${word.slice(first.length)}`;
}

/** What every module finds under these names: an argument that is called so would hide it. */
const BUILTINS = new Set(
  (
    'abs aiter all anext any ascii bin breakpoint bytearray bytes callable chr classmethod compile complex copyright credits ' +
    'delattr dir divmod enumerate eval exec exit filter format frozenset getattr globals hasattr hash help hex id input ' +
    'isinstance issubclass iter len license locals map max memoryview min next object oct open ord pow print property quit ' +
    'range repr reversed round set setattr slice sorted staticmethod sum super tuple vars zip'
  ).split(' '),
);

/** A name as an argument: `id` is `id_`. */
export function argument(name: string): string {
  const found = variable(name);
  return BUILTINS.has(found) ? `${found}_` : found;
}

/** Gives each name an identifier that no other has. */
export class Identifiers {
  readonly #taken: Set<string>;

  constructor(taken: readonly string[] = []) {
    this.#taken = new Set(taken);
  }

  /** The identifier, or the same with a number after it where it is taken: `a-b` is `a_b`, and then `a_b_2`. */
  take(identifier: string): string {
    const separator = /[\p{Lu}]/u.test(identifier) ? '' : '_';
    let found = identifier;
    for (let count = 2; this.#taken.has(found); count++)
      found = `${identifier.replace(/_$/, '')}${/\d$/.test(identifier) ? '_' : separator}${count}`;
    this.#taken.add(found);
    return found;
  }
}
