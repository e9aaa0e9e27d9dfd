import type { StackCode } from '../stack.ts';
import { addDependencies } from './dependencies.ts';
import { pythonEndpoint } from './endpoint/context.ts';
import { LOCK, reasonOf } from './lock.ts';
import { additionNames, constantName } from './names.ts';
import { unmetNeeds } from './needs.ts';
import { nameProblem } from './reserved.ts';
import { pythonResource } from './resource/context.ts';
import { findConcerns, findRoutes, guess } from './sources.ts';
import { STARTED_KEYS, UNASKED } from './unasked.ts';

export const PYTHON_CODE: StackCode = {
  endpoint: pythonEndpoint,
  resource: pythonResource,
  dependencies: addDependencies,
  lock: LOCK,
  nameProblem,
  findRoutes,
  findConcerns,
  guess,
  additionNames,
  flagCall: (name) => `${constantName(name)}.is_on(app, user_id)`,
  jsonWithComments: /^$/,
  unasked: UNASKED,
  startedKeys: STARTED_KEYS,
  // What is installed comes as wheels: no code of a package runs.
  heldBack: () => [],
  installed: (stderr) => ({ isWhole: true, reason: reasonOf(stderr), said: reasonOf(stderr) }),
  // A module of the platform imports others of it.
  parts: {},
  unmetNeeds,
};
