import { printable } from '../engine/core/errors.ts';
import { redactSecrets } from '../engine/core/text/redact.ts';
import { showWaitingWith } from '../engine/io/waiting.ts';

/**
 * Shows on stderr what the program waits for: a spinner on a terminal, a line elsewhere. What is quick is not shown. Libraries for
 * this end the process at a signal, before the program has said what is left to do.
 */

const FRAMES = ['|', '/', '-', '\\'];
const FRAME_MS = 120;
/** Before it is shown. A line stays, so it waits longer. */
const DELAY_MS = { spinner: 300, line: 1500 };
const CLEAR_LINE = '\r\u001b[K';

interface Wait {
  readonly what: string;
  readonly since: number;
}

const waits = new Set<Wait>();
let timer: NodeJS.Timeout | undefined;
let isDrawn = false;

/** From now on people see what is waited for. Not called where the output is for a program. */
export function showWaiting(): void {
  showWaitingWith((text) => {
    const wait = { what: printable(redactSecrets(text)), since: Date.now() };
    const isTerminal = process.getBuiltinModule('node:tty').isatty(2) && process.env.TERM !== 'dumb';
    waits.add(wait);
    const line = isTerminal ? undefined : setTimeout(() => write(`${wait.what} ...\n`), DELAY_MS.line);
    line?.unref();
    if (isTerminal) timer ??= setInterval(draw, FRAME_MS).unref();
    return () => {
      waits.delete(wait);
      clearTimeout(line);
      if (waits.size > 0) return;
      clearInterval(timer);
      timer = undefined;
      clearWaiting();
    };
  });
}

/** Takes the spinner away, so that a line can be printed; it comes back at its next turn. */
export function clearWaiting(): void {
  if (isDrawn) write(CLEAR_LINE);
  isDrawn = false;
}

/** Draws what takes longest. */
function draw(): void {
  const [wait] = waits;
  const ms = Date.now() - (wait?.since ?? 0);
  if (wait === undefined || ms < DELAY_MS.spinner) return;
  const frame = FRAMES[Math.floor(ms / FRAME_MS) % FRAMES.length];
  write(`${CLEAR_LINE}${frame} ${wait.what} (${Math.floor(ms / 1000)} s)`.slice(0, width()));
  isDrawn = true;
}

/** A line that is wrapped could not be cleared. */
function width(): number {
  return CLEAR_LINE.length + Math.max(20, (process.stderr.columns || 80) - 1);
}

function write(text: string): void {
  try {
    process.getBuiltinModule('node:fs').writeSync(2, text);
  } catch {
    // There is nobody to tell.
  }
}
