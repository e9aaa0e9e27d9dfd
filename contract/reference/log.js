const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'];
const service = { 'service.name': 'reference', 'service.version': '1.0.0' };
let threshold = LEVELS.indexOf('info');

export function setLevel(level) {
  threshold = LEVELS.indexOf(level);
}

/** One JSON object on one line of stdout. */
export function log(level, msg, fields = {}) {
  if (LEVELS.indexOf(level) < threshold) return;
  const line = { time: new Date().toISOString(), level, msg, ...service, ...fields };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
