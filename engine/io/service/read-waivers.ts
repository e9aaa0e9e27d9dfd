import { parseWaivers, WAIVERS_PATH, type Waivers } from '../../core/audit/waiver.ts';
import type { ServiceFolder } from './fingerprint.ts';

/** In bytes: larger than any list of waivers that a person keeps. */
const MAX_WAIVERS_BYTES = 256 * 1024;

/** The waivers of a service. The list is empty if there is no such file. A file that cannot be read is a problem. */
export async function readWaivers(folder: ServiceFolder): Promise<Waivers> {
  const bytes = folder.read(WAIVERS_PATH, MAX_WAIVERS_BYTES);
  if (bytes === 'missing') return { waivers: [], problems: [] };
  return typeof bytes === 'string'
    ? { waivers: [], problems: [{ line: 1, reason: `is ${bytes}` }] }
    : parseWaivers(bytes.toString('utf8'));
}
