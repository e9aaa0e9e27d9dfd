const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'];
const service = { 'service.name': 'reference', 'service.version': '1.0.0' };
/** More characters than this are not kept for somebody who does not read. */
const KEPT = 1024 * 1024;
let dropped = 0;
let threshold = LEVELS.indexOf('info');

export function setLevel(level) {
  threshold = LEVELS.indexOf(level);
}

/** One JSON object on one line of stdout. */
export function log(level, msg, fields = {}) {
  if (LEVELS.indexOf(level) < threshold) return;
  if (process.stdout.writableLength > KEPT) {
    dropped += 1;
    return;
  }
  if (dropped > 0) {
    const count = dropped;
    dropped = 0;
    log('warn', `${count} lines were dropped, since nobody read the log`, { dropped: count });
  }
  const line = { time: new Date().toISOString(), level, msg, ...service, ...fields };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
