import type { Endpoint } from '../../../engine/core/service/endpoint.ts';

/** @throws {RangeError} for a path that the router of Go does not take, and a name that no tag of a struct can have */
export function checkNames({ route, query }: Endpoint): void {
  const mixed = route.path.split('/').find((segment) => segment.includes(':') && !/^:\w+$/.test(segment));
  if (mixed !== undefined)
    throw new RangeError(
      `the segment "${mixed}" is not possible in Go: there a parameter is a whole segment of a path`,
    );
  const wrong = query.find(({ name }) => /[,`]/.test(name));
  if (wrong)
    throw new RangeError(`${wrong.name} is not possible in Go: a tag of a struct has no "," and no backtick in a name`);
}
