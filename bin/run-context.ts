import type { Output } from './output.ts';
import type { StopSignal } from './stop-signal.ts';

/** What a command gets from the process that runs it. */
export interface RunContext {
  /** Absolute path of the working folder. */
  readonly cwd: string;
  readonly output: Output;
  /** Called when all is staged and nothing has changed: lets a signal in. */
  readonly beforeCommit: () => Promise<void>;
  /** To be told once files are changed: whatever fails then, they stay. */
  readonly onApplied: (applied: boolean) => void;
  /** Takes what a signal has to end before the program ends. */
  readonly onInterrupt: (cleanUp: () => Promise<void>) => void;
  /** Takes what a signal does once the files are written, instead of ending the program: it ends what still runs. */
  readonly onStop: (stop: (signal: StopSignal) => void) => void;
}
