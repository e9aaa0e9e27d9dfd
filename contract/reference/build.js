import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';

/** Writes down which commit this is. */
writeFileSync(new URL('./revision', import.meta.url), execFileSync('git', ['rev-parse', 'HEAD']));
