import type { Stack } from '../stack.ts';

/** Node.js with TypeScript: Fastify, zod, npm. */
export const TYPESCRIPT: Stack = {
  id: 'typescript',
  title: 'TypeScript',
  load: async () => (await import('./code.ts')).TYPESCRIPT_CODE,
};
