import { isSilent, type Role } from './silent.ts';

/** An object of a document. */
export type Members = Readonly<Record<string, unknown>>;

/** A member of a document that an endpoint does not have. */
export interface Loss {
  /** Where it is: `#/paths/~1a/get/security`, in another file `parts.yaml#/Money/pattern`. */
  readonly pointer: string;
  readonly role: Role;
  /** The member, e.g. `pattern`. Not set where the place as a whole is lost. */
  readonly name?: string;
  readonly reason?: string;
}

/** Where a value is. */
interface Position {
  /** The file, as a reference from the root document names it; empty for the root document itself. */
  readonly file: string;
  /** A JSON pointer, without `#`. */
  readonly pointer: string;
}

/**
 * A value of a document while it is read. It gives its members by name and remembers which: what nobody asked for is lost,
 * and `losses` lists it. So a new keyword is a loss until somebody reads it.
 */
export class Place {
  readonly value: unknown;
  readonly role: Role;
  readonly position: Position;
  readonly #children = new Map<string, Place>();
  readonly #used = new Set<string>();
  readonly #notes = new Map<string, string>();
  #target: Place | undefined;
  #cut: string | undefined;
  #remark: string | undefined;

  constructor(value: unknown, role: Role, position: Position) {
    this.value = value;
    this.role = role;
    this.position = position;
  }

  get location(): string {
    return `${this.position.file}#${this.position.pointer}`;
  }

  /** Where the value is that it is a member of. */
  get parent(): string {
    return this.location.slice(0, this.location.lastIndexOf('/'));
  }

  /** The name of the member that it is, or the number of the item. */
  get name(): string {
    const last = this.position.pointer.split('/').at(-1) ?? '';
    return last.replaceAll('~1', '/').replaceAll('~0', '~');
  }

  get #members(): Members {
    return Object(this.value) as Members;
  }

  get names(): string[] {
    return Object.keys(typeof this.value === 'object' && this.value !== null ? this.value : {});
  }

  has(name: string): boolean {
    return Object.hasOwn(this.#members, name);
  }

  /** Looks at a member, and does not use it. */
  peek(name: string): unknown {
    return this.has(name) ? this.#members[name] : undefined;
  }

  /** A member that is read on. The same one each time. */
  at(name: string, role: Role): Place | undefined {
    if (!this.has(name)) return undefined;
    const child = this.#children.get(name) ?? this.apart(name, role);
    this.#children.set(name, child);
    return child;
  }

  /** A member to look at: what is read of it counts as read by nobody. */
  apart(name: string, role: Role): Place {
    const { file, pointer } = this.position;
    return new Place(this.peek(name), role, { file, pointer: `${pointer}/${escaped(name)}` });
  }

  /** The same place, as nobody has read it yet. */
  again(): Place {
    return new Place(this.value, this.role, this.position);
  }

  /** All members, or the items of a list. */
  all(role: Role): Place[] {
    return this.names.flatMap((name) => this.at(name, role) ?? []);
  }

  /** Says that a member is used as it is. */
  use(...names: readonly string[]): void {
    for (const name of names) this.#used.add(name);
  }

  /** Uses members that are true or false; what else they may be says nothing. */
  useFlags(...names: readonly string[]): void {
    for (const name of names) if (typeof this.peek(name) === 'boolean') this.use(name);
  }

  /** Uses members that are lists; what else they may be says nothing. */
  useLists(...names: readonly string[]): void {
    for (const name of names) if (Array.isArray(this.peek(name))) this.use(name);
  }

  /** Says that a member is used, but not in all that it says. What is read below it is asked too. */
  note(name: string, reason: string): void {
    this.#notes.set(name, reason);
  }

  /** Says that this place is used, but not in all that it says. */
  remark(reason: string): void {
    this.#remark = reason;
  }

  /** Says that nothing of this place is used, and why. */
  cut(reason: string): void {
    this.#cut = reason;
  }

  /** The place that a `$ref` of this one leads to. */
  leadTo(find: () => Place): Place {
    this.#target ??= find();
    this.use('$ref');
    return this.#target;
  }

  /** What nobody used, here and below. */
  losses(): Loss[] {
    if (this.#cut !== undefined) return [{ pointer: this.location, role: this.role, reason: this.#cut }];
    // A schema that takes any value says nothing.
    if (this.role === 'schema' && this.value === true) return [];
    if (typeof this.value !== 'object' || this.value === null) return [{ pointer: this.location, role: this.role }];
    const own = this.names.flatMap((name) => [...this.#noted(name), ...this.#below(name)]);
    const said = this.#remark === undefined ? [] : [{ pointer: this.location, role: this.role, reason: this.#remark }];
    return [...said, ...own, ...(this.#target?.losses() ?? [])];
  }

  /** What nobody used of a member that somebody reads. */
  lossesOf(name: string): Loss[] {
    return this.#children.get(name)?.losses() ?? [];
  }

  #noted(name: string): Loss[] {
    const reason = this.#notes.get(name);
    return reason === undefined ? [] : [{ ...this.#lossOf(name), reason }];
  }

  #below(name: string): Loss[] {
    if (this.#used.has(name)) return [];
    const child = this.#children.get(name);
    if (child) return child.losses();
    return this.#notes.has(name) || isSilent(this.role, name) ? [] : [this.#lossOf(name)];
  }

  #lossOf(name: string): Loss {
    return { pointer: `${this.location}/${escaped(name)}`, role: this.role, name };
  }
}

function escaped(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}
