import type { CommandLine } from './command-line/parse.ts';

/** What ends a run. A terminal that is closed sends SIGHUP, which ends it like SIGTERM. */
export const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
export type StopSignal = (typeof STOP_SIGNALS)[number];

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
