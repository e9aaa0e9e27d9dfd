/**
 * Writes the lockfiles of a stack's template, and compares them with what the stack's own tool writes for every set of options.
 * With --prove, each set is also installed from its lockfile, checked and tested.
 *
 *   npm run lockfiles -- [--stack typescript | go | python] [--prove]
 */
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    stack: { type: 'string', default: 'typescript' },
    prove: { type: 'boolean' },
    upgrade: { type: 'boolean' },
  },
});
if (values.stack === 'go') await import('./lockfiles/go.ts');
else if (values.stack === 'python') await import('./lockfiles/python.ts');
else if (values.stack === 'typescript') await import('./lockfiles/typescript.ts');
else throw new Error(`no lockfiles are made for "${values.stack}"`);
