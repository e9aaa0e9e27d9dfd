import { readFileSync } from 'node:fs';
import { readConfig, schema } from './config.js';
import { log, setLevel } from './log.js';
import { migrate } from './migrate.js';
import { web } from './web.js';
import { worker } from './worker.js';

const version = { name: 'reference', version: '1.0.0', revision: readRevision() };

process.on('uncaughtException', (error) => {
  log('fatal', `crashed: ${error.message}`, { 'exception.stacktrace': error.stack });
  process.exit(1);
});

const verbs = {
  web: (values) => web(values, version),
  worker,
  migrate,
  async healthcheck({ PORT }, [flag]) {
    const path = flag === '--ready' ? '/health/ready' : '/health/live';
    const answer = await fetch(`http://127.0.0.1:${PORT}${path}`).catch(() => undefined);
    return answer?.ok ? 0 : 1;
  },
  config: () => 0,
};

const [verb = 'web', ...rest] = process.argv.slice(2);
process.exitCode = await run();

async function run() {
  if (verb === 'version') return print(version);
  if (verb === 'config' && rest[0] === '--schema') return print(schema);
  if (!Object.hasOwn(verbs, verb)) {
    log('error', `no such verb: ${verb}`);
    return 64;
  }
  const { values, errors } = readConfig(process.env);
  if (errors.length > 0) {
    log('fatal', 'the configuration is invalid', { 'event.name': 'config.invalid', errors });
    return 78;
  }
  setLevel(values.LOG_LEVEL);
  return verbs[verb](values, rest);
}

/** The commit that was built; see build.js. */
function readRevision() {
  try {
    return readFileSync(new URL('./revision', import.meta.url), 'utf8').trim();
  } catch {
    return 'unknown';
  }
}

function print(value) {
  process.stdout.write(`${JSON.stringify(value)}\n`);
  return 0;
}
