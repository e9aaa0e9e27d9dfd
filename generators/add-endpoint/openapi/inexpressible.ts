import type { Place } from './place.ts';

/** What no endpoint can do, why, and where the document says it. The message follows the name of the operation. */
export class Inexpressible extends Error {
  readonly pointer: string;

  constructor(reason: string, { location }: Pick<Place, 'location'>) {
    super(reason);
    this.pointer = location;
  }
}
