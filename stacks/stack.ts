import type { Endpoint } from '../engine/core/service/endpoint.ts';
import type { Resource } from '../engine/core/service/resource.ts';
import type { RenderContext } from '../engine/core/template/template.ts';
import type { Tree } from '../engine/core/tree.ts';

/** A language that services are written in: all that this program knows of it, beside its templates. */
export interface Stack {
  /** Its folder below `templates/` and `stacks/`, and the answer `stack` of its services. */
  readonly id: string;
  /** What a person chooses: `TypeScript`. */
  readonly title: string;
  /** What only generators that grow a service need; it is loaded then. */
  readonly load: () => Promise<StackCode>;
}

/** What a generator adds packages for. */
export type Needs = 'client' | 'flag';

/** How a language writes what generators add to a service. */
export interface StackCode {
  /**
   * endpoint -> what its templates may name; their layers may depend on it too
   * @throws {RangeError} where no request can be made that its own schema accepts
   */
  readonly endpoint: (endpoint: Endpoint) => RenderContext;
  /**
   * resource -> what its templates may name
   * @throws {RangeError} for a unique field of which a test cannot make enough values
   */
  readonly resource: (resource: Resource) => RenderContext;
  /**
   * The service's manifest and lockfile with the packages that an addition needs, without a network. Every old line stays.
   * @returns nothing for a file that is not there
   * @throws {UserError} TARGET_UNUSABLE for one that cannot be read
   */
  readonly dependencies: (needs: Needs, tree: Tree) => Promise<Tree>;
}
