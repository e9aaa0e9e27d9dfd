import { CLIENT } from './add-client/growth.ts';
import { ENDPOINT } from './add-endpoint/growth.ts';
import { FLAG } from './add-flag/growth.ts';
import { MIGRATION } from './add-migration/growth.ts';
import { RESOURCE } from './add-resource/growth.ts';
import { TASK } from './add-task/growth.ts';
import { WORKER } from './add-worker/growth.ts';
import type { Growth } from './grow.ts';

/** Every generator that grows a service: whoever packs or tests their templates reads this list. */
export const GROWTHS: readonly Growth[] = [ENDPOINT, MIGRATION, TASK, WORKER, CLIENT, FLAG, RESOURCE];
