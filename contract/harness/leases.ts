/** What keeps all that was started for a lease. */
interface Owner {
  /** Whether all that it has started runs on, and was told nothing. */
  readonly isIntact: boolean;
  dispose(): Promise<void>;
}

/** Something that was made of running instances. */
interface Lease<Of extends Owner, Thing> {
  readonly owner: Of;
  readonly made: Promise<Thing>;
  isMade: boolean;
}

/**
 * Running instances that the checks of one chain pass on, by name: a start costs more than most of what is seen with it. One
 * whose check saw something wrong, or that has ended or got a signal, is not passed on.
 */
export class Leases<Of extends Owner> {
  readonly #open: () => Of;
  readonly #leases = new Map<string, Lease<Of, unknown>>();

  /** @param open makes the owner of what is started for one lease */
  constructor(open: () => Of) {
    this.#open = open;
  }

  /** What was passed on under a name, or else what `make` starts with the owner that it gets. */
  take<Thing>(name: string, make: (owner: Of) => Promise<Thing>): Lease<Of, Thing> & { readonly isNew: boolean } {
    const known = this.#leases.get(name) as Lease<Of, Thing> | undefined;
    if (known) return { ...known, isNew: false };
    const owner = this.#open();
    const lease = { owner, made: make(owner), isMade: false };
    const done = () => {
      lease.isMade = true;
    };
    lease.made.then(done, () => undefined); // Whoever waits for it gets the error.
    this.#leases.set(name, lease);
    return { ...lease, isNew: true };
  }

  /** Ends what nobody else may use: what is not as it was started, or all of `names` if a check saw something wrong. */
  async settle(names: Iterable<string>, isFine: boolean): Promise<void> {
    for (const name of [...names]) {
      const lease = this.#leases.get(name);
      if (!lease || (isFine && lease.isMade && lease.owner.isIntact)) continue;
      this.#leases.delete(name);
      await lease.owner.dispose();
    }
  }

  /** Ends everything. */
  close(): Promise<void> {
    return this.settle(this.#leases.keys(), false);
  }
}
