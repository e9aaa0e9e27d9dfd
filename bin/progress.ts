import type { CommandLine } from './command-line/parse.ts';
import type { StopSignal } from './stop-signal.ts';

/** How far this run is: the handler of signals reads it, and leaves a signal here that has to wait. */
export const progress: {
  /** The command line that runs. */
  line?: CommandLine;
  writing: boolean;
  applied: boolean;
  finished: boolean;
  signal?: StopSignal;
  /** Ends what the run has started elsewhere. */
  cleanUp?: () => Promise<void>;
  /** Ends what runs after the files are written; the run then reports as usual. */
  stop?: (signal: StopSignal) => void;
} = {
  writing: false,
  applied: false,
  finished: false,
};
