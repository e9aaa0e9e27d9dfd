import { join } from 'node:path';
import { PROFILES, type Profile } from '../../contract/profile.ts';
import { printable, UserError } from '../../engine/core/errors.ts';
import { MANIFEST_PATH } from '../../engine/core/service/manifest.ts';
import { nearest } from '../../engine/core/text/nearest.ts';
import { kindOf } from '../../engine/io/disk.ts';

/** What a service is held against, and why. */
export interface ChosenProfile {
  readonly profile: Profile;
  readonly profileReason: string;
}

/**
 * What a service is held against: what was asked for, or else `house` where the folder has our manifest. A stranger never
 * promised our names, so it is held to its behaviour.
 * @param folder absolute path; `undefined` where no folder was named
 * @param mapped what a mapping file says
 * @throws {UserError} INPUT_INVALID for a profile that does not exist
 */
export function chooseProfile(asked: string | undefined, folder: string | undefined, mapped?: string): ChosenProfile {
  if (asked !== undefined) return { profile: readProfile(asked), profileReason: 'asked for with --profile' };
  if (mapped !== undefined) return { profile: readProfile(mapped), profileReason: 'the mapping file says so' };
  const isOurs = folder !== undefined && kindOf(join(folder, MANIFEST_PATH)) === 'file';
  if (isOurs) return { profile: 'house', profileReason: `the folder has ${MANIFEST_PATH}` };
  const why = folder === undefined ? 'no folder was named' : `the folder has no ${MANIFEST_PATH}`;
  return { profile: 'twelve-factor', profileReason: `${why}; --profile asks for more` };
}

function readProfile(text: string): Profile {
  const found = PROFILES.find((one) => one === text);
  if (found !== undefined) return found;
  throw new UserError(
    'INPUT_INVALID',
    `--profile ${printable(text)} is not a profile; did you mean ${nearest(text, PROFILES)?.word}?`,
    `There are ${PROFILES.join(', ')}.`,
  );
}
