import { ENDPOINT } from './add-endpoint/growth.ts';
import { MIGRATION } from './add-migration/growth.ts';
import type { Growth } from './grow.ts';

/** Every generator that grows a service: whoever packs or tests their templates reads this list. */
export const GROWTHS: readonly Growth[] = [ENDPOINT, MIGRATION];
