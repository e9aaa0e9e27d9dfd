import { join } from 'node:path';
import type { Template } from '../../core/template/template.ts';
import { loadPackedTemplate } from './packed.ts';

/** The built-in template of a stack, as it was compiled when this package was built. */
export function loadBuiltin(stack: string): Template {
  return loadPackedTemplate(join(import.meta.dirname, 'templates', stack));
}
