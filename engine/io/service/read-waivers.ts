import { parseWaivers, WAIVERS_PATH, type Waivers } from '../../core/audit/waiver.ts';
import type { ServiceFolder } from './fingerprint.ts';

/** Larger than any list of waivers that a person reads, in bytes. */
const MAX_WAIVERS_BYTES = 256 * 1024;

/** The waivers of a service; none where it has no such file. What cannot be read is a problem of the list. */
export async function readWaivers(folder: ServiceFolder): Promise<Waivers> {
  const bytes = folder.read(WAIVERS_PATH, MAX_WAIVERS_BYTES);
  if (bytes === 'missing') return { waivers: [], problems: [] };
  return typeof bytes === 'string'
    ? { waivers: [], problems: [{ line: 1, reason: `is ${bytes}` }] }
    : parseWaivers(bytes.toString('utf8'));
}
