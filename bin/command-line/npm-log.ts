import { join } from 'node:path';
import { fs } from '../../engine/io/disk.ts';

/** How much of a log is read: what npm says of its command line is at its beginning. */
const HEAD_BYTES = 16 * 1024;

/**
 * `--registry ghcr.io/acme` is no URL, so npm drops it, and starts us without a trace of it. Only its log has what was typed.
 * @param positionals ours: they tell the log of the npm that started us from that of another one
 * @returns the text that npm dropped, or nothing if it cannot be told
 */
export function droppedRegistry(env: NodeJS.ProcessEnv, positionals: readonly string[]): string | undefined {
  const folder = env.npm_config_logs_dir || (env.npm_config_cache && join(env.npm_config_cache, '_logs'));
  const log = folder ? readNewest(folder) : '';
  const [, title = ''] = /^\d+ verbose title (.*)$/m.exec(log) ?? [];
  const isOurs = /\btwelve-service(@\S+)?( |$)/.test(title) && title.endsWith(positionals.join(' '));
  if (!isOurs) return undefined;
  return /^\d+ warn invalid config registry="([^"\n]*)" set in command line options$/im.exec(log)?.[1];
}

/** The beginning of the newest log. The names of logs are times. Empty if there is none, or it cannot be read. */
function readNewest(folder: string): string {
  try {
    const name = fs
      .readdirSync(folder)
      .filter((one) => one.endsWith('-debug-0.log'))
      .sort()
      .at(-1);
    if (name === undefined) return '';
    return fs.readFileSync(join(folder, name)).subarray(0, HEAD_BYTES).toString('utf8');
  } catch {
    return '';
  }
}
