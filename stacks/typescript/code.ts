import type { StackCode } from '../stack.ts';
import { addDependencies } from './dependencies.ts';
import { endpointContext } from './endpoint/context.ts';
import { resourceContext } from './resource/context.ts';

export const TYPESCRIPT_CODE: StackCode = {
  endpoint: endpointContext,
  resource: resourceContext,
  dependencies: addDependencies,
};
