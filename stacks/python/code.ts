import type { StackCode } from '../stack.ts';
import { addDependencies } from './dependencies.ts';
import { pythonEndpoint } from './endpoint/context.ts';
import { LOCK, reasonOf } from './lock.ts';
import { pythonResource } from './resource/context.ts';

export const PYTHON_CODE: StackCode = {
  endpoint: pythonEndpoint,
  resource: pythonResource,
  dependencies: addDependencies,
  additionNames: (names) => ({ ...names }),
  flagCall: (name) => `await ${name.replaceAll('-', '_')}.is_on(app, user_id)`,
  lock: LOCK,
  nameProblem: () => undefined,
  findRoutes: () => [],
  findConcerns: () => [],
  guess: () => ({}),
  jsonWithComments: /^$/,
  unasked: [],
  startedKeys: [],
  heldBack: () => [],
  installed: (stderr) => ({ isWhole: true, reason: reasonOf(stderr), said: reasonOf(stderr) }),
  parts: {},
  unmetNeeds: () => [],
};
