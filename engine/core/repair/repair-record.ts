import { UserError } from '../errors.ts';
import { type AdditionRecord, additionKey, recordPath } from '../record/addition-record.ts';
import { checkRecord } from '../record/parse-record.ts';
import { choices, own, settle, settleMap } from './settle.ts';
import type { Sides } from './sides.ts';

/** What could be derived of the file of an addition. */
interface RecordRepair {
  /** Not set if something is left for a person. */
  readonly record?: AdditionRecord;
  readonly notes: readonly string[];
  readonly open: readonly string[];
}

/**
 * Derives what is recorded of an addition. Its answers have to agree, or only one side may have changed one.
 * @param path its file, as it is named
 * @param hashOf the hash of a file of the service: of two hashes of a shared file the one counts that it has
 */
export function repairRecord(
  path: string,
  { sides, base, damage }: Sides,
  hashOf: (path: string) => string | undefined,
): RecordRepair {
  const before = base === undefined ? undefined : { base };
  const settled = (key: string) =>
    settle(
      sides.map((side) => own(side, key)),
      before && { base: own(before.base, key) },
    );
  const map = (key: string) =>
    settleMap(
      sides.map((side) => own(side, key)),
      before && { base: own(before.base, key) },
    );
  const [generator, name, answers, shared] = [settled('generator'), settled('name'), map('answers'), map('shared')];
  const open = Object.entries(answers.open).map(([key, values]) => `${path}: the answer ${key} is ${choices(values)}`);
  if ('open' in generator || 'open' in name) open.push(`${path} has two additions: put each into a file of its own`);
  if (open.length > 0) return { notes: [], open };
  const hashes = Object.entries(shared.open).flatMap(([file, values]) => {
    const found = values.find((value) => value === hashOf(file));
    return found === undefined ? [] : [[file, found]];
  });
  const all = { ...shared.map, ...Object.fromEntries(hashes) };
  try {
    const record = checkRecord(path, {
      generator: 'value' in generator ? generator.value : undefined,
      name: 'value' in name ? name.value : undefined,
      answers: sides.some((side) => own(side, 'answers') !== undefined) ? answers.map : undefined,
      ...(Object.keys(all).length > 0 ? { shared: all } : {}),
    });
    const wanted = recordPath(record);
    return {
      record,
      notes: [
        ...(damage === undefined ? [] : [`${path} ${damage}`]),
        ...(wanted === path ? [] : [`${path} has ${additionKey(record)}, and is ${wanted} now`]),
      ],
      open: [],
    };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { notes: [], open: [`${error.message}: restore it from git, or delete it and add it again`] };
  }
}
