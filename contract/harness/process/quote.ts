/** Lines that tools print in any case, and that say nothing of a failure. */
const NOISE = /^\s*((\w+ )?\[?(warn|warning|notice|hint)\b|\(\w+:\d+\)|\(use `)/i;
const ERROR =
  /\b(\w*error|err!|fatal|panic|\w*exception|traceback|fail(ed|ure)?|cannot|can't|not found|denied|refused|invalid|in use)\b|\bE[A-Z]{4,}\b/i;
/** A line that says no more than that there is an error. */
const EMPTY = /^\s*(\w+ (error|ERR!))?\s*$/;

/** The lines of an output that say most of why a tool failed: errors first, warnings only where there is nothing else. */
export function errorsFirst(output: string, most = 4): string {
  const lines = telling(output);
  const errors = lines.filter((line) => ERROR.test(line));
  return [...errors, ...lines.filter((line) => !ERROR.test(line))].slice(0, most).join('\n');
}

/** The last lines of an output, in their order; warnings only where there is nothing else. */
export function lastLines(output: string, most: number): string {
  return telling(output).slice(-most).join('\n');
}

function telling(output: string): string[] {
  const lines = output.split(/\r?\n/).filter((line) => !EMPTY.test(line));
  const rest = lines.filter((line) => !NOISE.test(line));
  return rest.length > 0 ? rest : lines;
}
