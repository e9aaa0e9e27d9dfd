import type { StackCode } from '../stack.ts';
import { nameClash } from './declared.ts';
import { addDependencies } from './dependencies.ts';
import { goEndpoint } from './endpoint/context.ts';
import { LOCK, reasonOf } from './lock.ts';
import { additionNames, exportedName } from './names.ts';
import { unmetNeeds } from './needs.ts';
import { nameProblem } from './reserved.ts';
import { goResource } from './resource/context.ts';
import { findConcerns, findRoutes, guess } from './sources.ts';
import { STARTED_KEYS, UNASKED } from './unasked.ts';

export const GO_CODE: StackCode = {
  endpoint: goEndpoint,
  resource: goResource,
  dependencies: addDependencies,
  additionNames,
  flagCall: (name) => `flags.${exportedName(name)}.IsOn(ctx, app, userID)`,
  lock: LOCK,
  nameProblem,
  nameClash,
  findRoutes,
  findConcerns,
  guess,
  jsonWithComments: /^$/,
  unasked: UNASKED,
  startedKeys: STARTED_KEYS,
  // Go runs no code of a module when it downloads it.
  heldBack: () => [],
  installed: (stderr) => ({ isWhole: true, reason: reasonOf(stderr), said: reasonOf(stderr) }),
  // A package of the platform imports others by the path of the service's own module.
  parts: {},
  unmetNeeds,
};
