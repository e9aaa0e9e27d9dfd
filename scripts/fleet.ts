import { existsSync, readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { makeFleet } from './fleet/make.ts';

/**
 * `npm run fleet -- DIR [--services 200] [--seed 7] [--git]`: a fleet of services to try `audit` and others on; `upgrade` wants
 * them to be git repositories.
 */
const { values, positionals } = parseArgs({
  options: {
    services: { type: 'string', default: '200' },
    seed: { type: 'string', default: '7' },
    git: { type: 'boolean', default: false },
  },
  allowPositionals: true,
});
const [dir, ...more] = positionals;
const services = Number(values.services);
const seed = Number(values.seed);
if (dir === undefined || more.length > 0 || !(services >= 1 && services <= 20_000) || !Number.isSafeInteger(seed)) {
  process.stderr.write('usage: npm run fleet -- DIR [--services 1..20000] [--seed NUMBER] [--git]\n');
  process.exit(2);
}
const folder = resolve(dir);
if (existsSync(folder) && readdirSync(folder).length > 0) {
  process.stderr.write(`${folder} is not empty: name a new folder\n`);
  process.exit(2);
}
const fleet = await makeFleet({ folder, services, seed, git: values.git });
for (const [what, count] of fleet.edits) process.stdout.write(`${String(count).padStart(5)}  ${what}\n`);
process.stdout.write(
  `${fleet.services.length} services; audit them: npx create-twelve-service audit --from ${dir}/fleet.txt\n`,
);
