import type { StackCode } from '../stack.ts';
import { pythonEndpoint } from './endpoint/context.ts';

export const PYTHON_CODE: StackCode = {
  endpoint: pythonEndpoint,
  resource: () => ({}),
  dependencies: async () => new Map(),
  additionNames: (names) => ({ ...names }),
  flagCall: (name) => `await ${name.replaceAll('-', '_')}.is_on(app, user_id)`,
  lock: { check: async () => ({ kind: 'none' }), refresh: async () => 'there is nothing to go by' } as never,
  nameProblem: () => undefined,
  findRoutes: () => [],
  findConcerns: () => [],
  guess: () => ({}),
  jsonWithComments: /^$/,
  unasked: [],
  startedKeys: [],
  heldBack: () => [],
  installed: (stderr) => ({ isWhole: true, reason: stderr, said: stderr }),
  parts: {},
  unmetNeeds: () => [],
};
