import type { CommandLine } from './command-line/parse.ts';

/** How far this run is, for a signal that arrives meanwhile; and the signal, where it cannot be acted on at once. */
export const progress: {
  /** What runs. */
  line?: CommandLine;
  writing: boolean;
  applied: boolean;
  finished: boolean;
  signal?: 'SIGINT' | 'SIGTERM';
  /** Takes back what the run has started elsewhere. */
  cleanUp?: () => Promise<void>;
} = {
  writing: false,
  applied: false,
  finished: false,
};
