import { parseServiceName } from '../../engine/core/names.ts';
import type { Question } from '../../engine/core/question.ts';

/** What `workspace` asks. */
export const WORKSPACE_QUESTIONS: readonly Question[] = [
  {
    name: 'name',
    message: 'Name of the workspace (a-z, 0-9, "-"); by default that of its folder',
    asked: true,
    schema: { type: 'string', maxLength: 63, pattern: '^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$' },
    check: parseServiceName,
  },
  {
    name: 'ci',
    message: 'CI pipelines in the root',
    asked: true,
    schema: { type: 'string', enum: ['github', 'none'] },
    about: { github: 'one for each service, which runs where it changed', none: 'no pipeline' },
    default: 'github',
  },
  {
    name: 'port',
    message: 'Port of the gateway on this machine',
    asked: false,
    schema: { type: 'integer', minimum: 1, maximum: 65535 },
    default: 8000,
  },
];

/** What a manifest records of a workspace: its answers, and that it is one. */
export const RECORDED_QUESTIONS: readonly Question[] = [
  ...WORKSPACE_QUESTIONS,
  {
    name: 'stack',
    message: 'What it is',
    asked: false,
    schema: { type: 'string', enum: ['workspace'] },
    default: 'workspace',
  },
];
