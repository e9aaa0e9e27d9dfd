import type { StackCode } from '../stack.ts';

/** A workspace has no code of its own, so there is nothing to add to it and nothing to install. */
export const WORKSPACE_CODE: StackCode = {
  endpoint: () => ({}),
  resource: () => ({}),
  dependencies: async () => new Map(),
  lock: { check: async () => ({ kind: 'none' }), refresh: async () => 'it has no packages' },
  additionNames: () => ({}),
  flagCall: (name) => name,
  nameProblem: () => undefined,
  findRoutes: () => [],
  findConcerns: () => [],
  guess: () => ({}),
  jsonWithComments: /^$/,
  unasked: [],
  startedKeys: [],
  heldBack: () => [],
  installed: () => ({ isWhole: true, reason: '', said: '' }),
  parts: {},
  unmetNeeds: () => [],
};
