import type { DocumentFiles } from '../../../engine/io/documents.ts';
import { Inexpressible } from './inexpressible.ts';
import { type Members, Place } from './place.ts';
import type { Role } from './silent.ts';

/** The documents that are read together, and what references between them lead to. */
export class Documents {
  readonly #files: DocumentFiles;
  /** OpenAPI 3.0 ignores what is beside a `$ref`; from 3.1 on it counts. */
  readonly keepsSiblings: boolean;

  constructor(files: DocumentFiles) {
    this.#files = files;
    const version = (Object(files.root) as Members).openapi;
    this.keepsSiblings = typeof version !== 'string' || !version.startsWith('3.0');
  }

  /** The root document, as nobody has read it yet. */
  root(): Place {
    return new Place(this.#files.root, 'document', { file: '', pointer: '' });
  }

  /**
   * Where a `$ref` of this place leads, to read on there.
   * @throws {Inexpressible} for what is not there
   */
  follow(place: Place, role: Role): Place {
    return place.leadTo(() => this.target(place, role));
  }

  /**
   * What a `$ref` leads to, to look at: the place itself has not followed it.
   * @throws {Inexpressible} for what is not there
   */
  target(place: Place, role: Role): Place {
    const reference = String(place.peek('$ref'));
    const [address = '', fragment = ''] = splitReference(reference);
    const { file } = place.position;
    const found = address === '' ? { name: file } : this.#files.find(file, address);
    if ('reason' in found) throw new Inexpressible(`${reference} ${found.reason}`, place.apart('$ref', place.role));
    const whole = found.name === '' ? this.#files.root : this.#files.values.get(found.name);
    const at = decode(fragment);
    if (at !== '' && !at.startsWith('/'))
      throw new Inexpressible(`${reference} is no JSON pointer`, place.apart('$ref', place.role));
    const value = at
      .split('/')
      .slice(1)
      .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
      .reduce<unknown>(
        (here, part) => (Object.hasOwn(Object(here), part) ? (here as Members)[part] : undefined),
        whole,
      );
    if (value === undefined)
      throw new Inexpressible(`${reference} is not in the document`, place.apart('$ref', place.role));
    return new Place(value, role, { file: found.name, pointer: at });
  }

  /**
   * A place, or what its `$ref` leads to. What is beside the `$ref` is not read.
   * @throws {Inexpressible} for a circle, and what is not there
   */
  resolve(place: Place): Place {
    const seen = new Set<string>();
    let here = place;
    while (typeof here.peek('$ref') === 'string') {
      if (seen.has(here.location))
        throw new Inexpressible(`${String(place.peek('$ref'))} refers to itself`, place.apart('$ref', place.role));
      seen.add(here.location);
      here = this.follow(here, place.role);
    }
    return here;
  }
}

/** `a.yaml#/b` -> `a.yaml`, `/b` */
function splitReference(reference: string): readonly [string, string] {
  const at = reference.indexOf('#');
  return at < 0 ? [reference, ''] : [reference.slice(0, at), reference.slice(at + 1)];
}

/** A `%` that begins no escape stands for itself. */
function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch (error) {
    if (error instanceof URIError) return part;
    throw error;
  }
}
