import { ADDITIONS_FOLDER, type AdditionRecord, additionKey, recordPath } from './addition-record.ts';
import { brokenRecord, parseRecord, unsafeRecord } from './parse-record.ts';

/** What has additions: a manifest, and the next one in it. */
interface Grown {
  readonly additions?: readonly AdditionRecord[];
  readonly pending?: { readonly next: object };
}

/** In bytes: larger than the file of any addition. */
export const MAX_RECORD_BYTES = 256 * 1024;
/** More additions than any service has. */
export const MAX_RECORDS = 5000;

/** Whether a name in {@link ADDITIONS_FOLDER} is meant to be the file of an addition. Tools may leave other files. */
export function isRecordName(name: string): boolean {
  return name.endsWith('.json');
}

/**
 * Reads the files of additions.
 * @param files names in the folder, with their bytes, or with what is there instead of a plain file: `a link`
 * @throws {UserError} MANIFEST_BROKEN, MANIFEST_NEWER or MANIFEST_UNSAFE, with the name of the file
 */
export function readRecords(files: Iterable<readonly [name: string, content: Uint8Array | string]>): AdditionRecord[] {
  const records: AdditionRecord[] = [];
  for (const [name, content] of files) {
    if (!isRecordName(name)) continue;
    const path = `${ADDITIONS_FOLDER}/${name}`;
    if (typeof content === 'string') throw unsafeRecord(path, `is ${content}`);
    if (records.length >= MAX_RECORDS) throw unsafeRecord(ADDITIONS_FOLDER, `has more than ${MAX_RECORDS} files`);
    records.push(parseRecord(path, Buffer.from(content).toString('utf8')));
  }
  return records;
}

/**
 * The manifest with more additions. A file and a manifest of an older version may have the same one.
 * @throws {UserError} MANIFEST_BROKEN if they have it with different answers
 */
export function withAdditions<T extends Grown>(manifest: T, records: readonly AdditionRecord[]): T {
  if (records.length === 0) return manifest;
  const known = new Map((manifest.additions ?? []).map((record) => [additionKey(record), record]));
  for (const record of records) {
    const key = additionKey(record);
    const other = known.get(key);
    if (other && JSON.stringify(sorted(other.answers)) !== JSON.stringify(sorted(record.answers)))
      throw brokenRecord(recordPath(record), `has other answers for ${key} than .twelve.json`);
    known.set(key, record);
  }
  const additions = [...known.values()].sort((a, b) => (additionKey(a) < additionKey(b) ? -1 : 1));
  const { pending } = manifest;
  return {
    ...manifest,
    additions,
    ...(pending ? { pending: { ...pending, next: { ...pending.next, additions } } } : {}),
  };
}

function sorted(answers: AdditionRecord['answers']): unknown[] {
  return Object.entries(answers).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** The addition of that generator and name, if the service has it. */
export function findAddition({ additions = [] }: Grown, generator: string, name: string): AdditionRecord | undefined {
  return additions.find((record) => record.generator === generator && record.name === name);
}

/**
 * The hashes with which additions brought the files that all of their kind share. There may be several, if versions of
 * this program wrote them.
 */
export function sharedHashes({ additions = [] }: Grown): ReadonlyMap<string, ReadonlySet<string>> {
  const hashes = new Map<string, Set<string>>();
  for (const { shared = {} } of additions)
    for (const [path, hash] of Object.entries(shared)) {
      const known = hashes.get(path);
      if (known) known.add(hash);
      else hashes.set(path, new Set([hash]));
    }
  return hashes;
}
