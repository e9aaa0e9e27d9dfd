import { EXIT_NEEDS_PERSON } from '../engine/core/errors.ts';
import { interrupted, reportError } from './failure.ts';
import { main } from './main.ts';
import { progress } from './progress.ts';
import { STOP_SIGNALS, type StopSignal } from './stop-signal.ts';

/**
 * The program: argv in, exit code out. The only file that ends the process.
 *
 * Writing is synchronous, so a signal is seen between its steps: when all is staged the run is called off, and once the
 * stage is in its place the run is done.
 */
/** The most time that cleaning up may take: what a run has started elsewhere is ended in it, or left. */
const CLEAN_UP_MS = 5000;
/** How long a run that is done may take to end by itself. */
const LINGER_MS = 1000;

function onSignal(signal: StopSignal): void {
  if (progress.finished) process.exit();
  if (process.stderr.isTTY) process.stderr.write('\u001b[?25h');
  if (progress.applied && progress.stop) {
    const { stop } = progress;
    delete progress.stop;
    stop(signal);
    return;
  }
  if (progress.applied) {
    process.stderr.write(`\nThe files are complete; what came after them was stopped by ${signal}.\n`);
    process.exit(EXIT_NEEDS_PERSON);
  }
  if (progress.writing) {
    progress.signal = signal;
    return;
  }
  const { line } = progress;
  const error = interrupted(signal === 'SIGINT' ? 'INTERRUPTED' : 'TERMINATED', line?.command.generator !== undefined);
  void cleanedUp()
    .then(() => reportError(error, { json: line?.json ?? false, debug: false }))
    .then((code) => process.exit(code));
}

/** A second signal does not wait for it. */
async function cleanedUp(): Promise<void> {
  const { cleanUp } = progress;
  delete progress.cleanUp;
  if (!cleanUp) return;
  const bound = new Promise<void>((resolve) => setTimeout(resolve, CLEAN_UP_MS));
  await Promise.race([cleanUp(), bound]).catch(() => undefined);
}

// Node takes SIGHUP even where nohup wants it ignored, so a handler makes no difference there.
for (const signal of STOP_SIGNALS) process.on(signal, onSignal);
void main(process.argv.slice(2)).then((code) => {
  progress.finished = true;
  process.exitCode = code;
  // Everything is printed by now. Something that was left open, such as a socket, must not hold the process.
  setTimeout(() => process.exit(), LINGER_MS).unref();
});

/** For the launcher, which keeps what this run compiled if it made something. */
export { progress };
