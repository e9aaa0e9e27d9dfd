import type { AddAnswer } from '../generators/outcome.ts';

/** The merge of an upgrade, which is loaded where a generator needs it. */
export const addAnswer: AddAnswer = async (...args) => (await import('./keep.ts')).addAnswer(...args);
