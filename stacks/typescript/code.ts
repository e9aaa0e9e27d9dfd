import type { StackCode } from '../stack.ts';
import { addDependencies } from './dependencies.ts';
import { endpointContext } from './endpoint/context.ts';
import { heldBack } from './held-back.ts';
import { installed } from './installed.ts';
import { checkLockfile } from './lockfile/check.ts';
import { refreshLockfile } from './lockfile/refresh.ts';
import { nameProblem } from './names.ts';
import { PARTS, unmetNeeds } from './parts.ts';
import { resourceContext } from './resource/context.ts';
import { findConcerns, findRoutes, guess } from './sources.ts';
import { STARTED_KEYS, UNASKED } from './unasked.ts';

export const TYPESCRIPT_CODE: StackCode = {
  endpoint: endpointContext,
  resource: resourceContext,
  dependencies: addDependencies,
  lock: { check: checkLockfile, refresh: refreshLockfile },
  nameProblem,
  findRoutes,
  findConcerns,
  guess,
  jsonWithComments: /(^|\/)([tj]sconfig[^/]*|biome)\.json$/,
  unasked: UNASKED,
  startedKeys: STARTED_KEYS,
  heldBack,
  installed,
  parts: PARTS,
  unmetNeeds,
};
