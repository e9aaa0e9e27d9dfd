import type { Question } from '../../engine/core/question.ts';

export const DEPLOY_QUESTIONS: readonly Question[] = [
  {
    name: 'target',
    message: 'Where it shall run besides compose',
    asked: true,
    schema: { type: 'string', enum: ['kubernetes'] },
    about: { kubernetes: 'manifests for kustomize in deploy/, and the job that deploys' },
  },
];
