import { nameForms } from '../../engine/core/names.ts';
import type { StackCode } from '../stack.ts';
import { addDependencies } from './dependencies.ts';
import { endpointContext } from './endpoint/context.ts';
import { heldBack } from './held-back.ts';
import { installed } from './installed.ts';
import { checkLockfile } from './lockfile/check.ts';
import { refreshLockfile } from './lockfile/refresh.ts';
import type { ManagerName } from './managers.ts';
import { nameProblem } from './names.ts';
import { PARTS, unmetNeeds } from './parts.ts';
import { checkPnpmLockfile } from './pnpm/check.ts';
import { installedByPnpm, refreshPnpmLockfile } from './pnpm/refresh.ts';
import { resourceContext } from './resource/context.ts';
import { findConcerns, findRoutes, guess } from './sources.ts';
import { STARTED_KEYS, UNASKED } from './unasked.ts';

const NPM_CODE: StackCode = {
  endpoint: endpointContext,
  resource: resourceContext,
  dependencies: addDependencies,
  lock: { check: checkLockfile, refresh: refreshLockfile },
  additionNames: () => ({}),
  flagCall: (name) => `${nameForms(name).camelName}(app, userId)`,
  nameProblem,
  findRoutes,
  findConcerns,
  guess,
  jsonWithComments: /(^|\/)([tj]sconfig[^/]*|biome)\.json$/,
  unasked: UNASKED,
  startedKeys: STARTED_KEYS,
  heldBack: (read) => heldBack(read),
  installed,
  parts: PARTS,
  unmetNeeds,
};

export const TYPESCRIPT_CODE: Readonly<Record<ManagerName, StackCode>> = {
  npm: NPM_CODE,
  pnpm: {
    ...NPM_CODE,
    lock: { check: checkPnpmLockfile, refresh: refreshPnpmLockfile },
    heldBack: (read) => heldBack(read, 'pnpm'),
    installed: installedByPnpm,
  },
};
