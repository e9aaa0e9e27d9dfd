import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The images of backing services in a folder's compose files, since the service is tested with these elsewhere. */
export function composeImages(folder: string): { postgres?: string; redis?: string } {
  const files = readdirSync(folder).filter((name) => /^(docker-)?compose.*\.ya?ml$/.test(name));
  const text = files.map((name) => readFileSync(join(folder, name), 'utf8')).join('\n');
  const find = (name: string) => new RegExp(`\\bimage:\\s*["']?((?:[\\w./-]*/)?${name}:[\\w.-]+)`).exec(text)?.[1];
  const [postgres, redis] = [find('postgres'), find('redis')];
  return { ...(postgres ? { postgres } : {}), ...(redis ? { redis } : {}) };
}
