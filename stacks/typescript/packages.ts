import type { Needs } from '../stack.ts';

/** A package that a service shall depend on, as npm's lockfile has it. */
export interface Dependency {
  readonly name: string;
  readonly version: string;
  /** The rest of its entry in the lockfile: integrity, license, engines, peerDependencies. */
  readonly entry: Readonly<Record<string, unknown>>;
}

/** What additions need besides what every service has. */
export const PACKAGES: Readonly<Record<Needs, readonly Dependency[]>> = {
  client: [
    {
      name: 'cockatiel',
      // The last version for Node 20; 4 needs 22.
      version: '3.2.1',
      entry: {
        integrity: 'sha512-gfrHV6ZPkquExvMh9IOkKsBzNDk6sDuZ6DdBGUBkvFnTCqCxzpuq48RySgP0AnaqQkw2zynOFj9yly6T1Q2G5Q==',
        license: 'MIT',
        engines: { node: '>=16' },
      },
    },
  ],
  flag: [
    {
      name: '@openfeature/core',
      version: '1.12.0',
      entry: {
        integrity: 'sha512-7PCPzyd1OC19begz30+CRknFB0ChtyaZUhk7YWrk+Bov1fpVw0HYkTXtoxxsvPfDZB9P9WsT7uixN+Z8f9+bcA==',
        license: 'Apache-2.0',
      },
    },
    {
      name: '@openfeature/server-sdk',
      version: '1.23.0',
      entry: {
        integrity: 'sha512-JWeLvltJIV0AFgOfbw7hK9b9Rw/5wWq+RMhCIU9sJtAqarxr8hSPglG+JAGGhYdElAz3Qwe9W3ApWyPNkQEyqg==',
        license: 'Apache-2.0',
        engines: { node: '>=20' },
        peerDependencies: { '@openfeature/core': '^1.12.0' },
      },
    },
  ],
};
