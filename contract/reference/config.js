import { readFileSync } from 'node:fs';

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'];
const integer = (fallback, maximum = 600_000) => ({ type: 'integer', minimum: 0, maximum, default: fallback });

export const schema = {
  type: 'object',
  properties: {
    PORT: integer(8080, 65_535),
    HOST: { type: 'string', default: '0.0.0.0' },
    LOG_LEVEL: { type: 'string', enum: LEVELS, default: 'info' },
    SHUTDOWN_DELAY_MS: integer(0),
    SHUTDOWN_TIMEOUT_MS: integer(8000),
    HEADERS_TIMEOUT_MS: integer(10_000),
    REQUEST_TIMEOUT_MS: integer(15_000),
    TRUSTED_PROXIES: integer(0, 10),
    DATABASE_URL: { type: 'string', format: 'uri', writeOnly: true },
  },
  required: ['DATABASE_URL'],
};

/** `{ values, errors }` from an environment; errors hold a name and a reason, never a value. */
export function readConfig(env) {
  const values = {};
  const errors = [];
  for (const [name, rule] of Object.entries(schema.properties)) {
    const { text, reason } = readText(env, name);
    const problem = reason ?? (text === undefined ? missing(name) : problemOf(text, rule));
    if (problem) errors.push({ name, reason: problem });
    values[name] = text === undefined ? rule.default : rule.type === 'integer' ? Number(text) : text;
  }
  return { values, errors };
}

/** `{ text }` of a variable, or of the file that its `NAME_FILE` names, or `{ reason }` if it cannot be read. */
export function readText(env, name) {
  const file = env[`${name}_FILE`];
  if (file === undefined) return { text: env[name] };
  if (env[name] !== undefined) return { reason: `${name} and ${name}_FILE are both set` };
  try {
    return { text: readFileSync(file, 'utf8').replace(/\n$/, '') };
  } catch (error) {
    return { reason: `${name}_FILE cannot be read: ${error.code}` };
  }
}

const missing = (name) => (schema.required.includes(name) ? 'is required' : undefined);

function problemOf(text, rule) {
  if (rule.enum && !rule.enum.includes(text)) return `is none of ${rule.enum.join(', ')}`;
  if (rule.format === 'uri' && !/^postgres(ql)?:\/\/\S+$/.test(text)) return 'is no URL of a PostgreSQL';
  if (rule.type !== 'integer') return undefined;
  if (!/^\d+$/.test(text) || Number(text) > rule.maximum) return `is no integer from 0 to ${rule.maximum}`;
  return undefined;
}
